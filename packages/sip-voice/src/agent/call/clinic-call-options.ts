import type { IdentityProof } from "../../call/event.ts";
import type { CallId } from "../../call/identifiers.ts";
import type { Language } from "../../call/prompt.ts";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log/logger.ts";
import type { PhoneNumber } from "../../phone/phone-number.ts";
import type { ContactPreferences } from "../../policy/contact-preferences.ts";
import type { AppointmentDesk } from "../desk/appointment-desk.ts";
import type { TransferResult } from "../operator/transfer-result.ts";
import type { Speech } from "../speech/speech.ts";
import type { CallRecorder } from "./call-recorder.ts";

/** What a `ClinicCall` needs. */
export interface ClinicCallOptions {
  readonly callId: CallId;
  readonly desk: AppointmentDesk;
  readonly speech: Speech;
  readonly recorder: CallRecorder;
  readonly preferences: ContactPreferences;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The patient's number, where it is known. */
  readonly phoneNumber: () => PhoneNumber | undefined;
  /** The language in which the call begins. */
  readonly language: Language;
  /** Hands the caller to the operator. */
  readonly transfer: () => Promise<TransferResult>;
  /** The caller and the operator talk in the call's room from now on, and are to be left alone. */
  readonly onBridged?: () => void;
  /** Greets the other party, with what may be told now. */
  readonly greet: () => Promise<void>;
  /** Has the model speak another language; the fixed sentences follow by themselves. */
  readonly speakLanguage: (language: Language) => Promise<void>;
  /** Checks a keyed date of birth; without it identity can't be proven by keys. */
  readonly checkIdentity?: (digits: string) => Promise<IdentityProof | undefined>;
  /** Keeps the wish to be called back; throws when it can't be kept. Without it no such wish can be kept. */
  readonly keepCallBack?: () => Promise<void>;
  /** Leaves a message on the machine that answered; without it none is left. */
  readonly leaveMessage?: () => Promise<void>;
}
