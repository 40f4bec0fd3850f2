import type { AppointmentStore } from "../appointments/store.ts";
import type { CallLog } from "../call/call-log.ts";
import type { Dialer } from "../outbound/dialer.ts";
import type { Ledger } from "../outbound/ledger.ts";
import type { RoomGateway } from "../outbound/room-gateway.ts";
import type { ContactPreferences } from "../policy/contact-preferences.ts";
import type { PromptAudio } from "../prompts/prompt-audio.ts";

/** The clinic's systems, as an agent reaches them. */
export interface ClinicBackend {
  /** Appointments. */
  readonly appointments: AppointmentStore;
  /** Opt-outs are written here. */
  readonly preferences: ContactPreferences;
  /** The call's record is written here. */
  readonly callLog: CallLog;
  /** Attempts of `makeCall` are looked up here, so that a patient who calls back goes on with what they missed. */
  readonly ledger?: Pick<Ledger, "lastAttempt">;
  /** Rooms are ended and telephones transferred here. */
  readonly rooms: RoomGateway;
  /** Rings an operator who is to be bridged; without it callers are handed over by REFER only. */
  readonly dialer?: Dialer;
  /** The sound of the fixed sentences. */
  readonly promptAudio: PromptAudio;
}
