import type { Clock } from "../clock.ts";
import type { PromptVoice } from "../prompts/prompt-voice.ts";
import type { OutboundManners } from "./callee/outbound-manners.ts";
import type { ClinicBackend } from "./clinic-backend.ts";
import type { ClinicProfile } from "./clinic-profile.ts";
import type { ClinicIdentity } from "./desk/identity.ts";
import type { VoiceModel } from "./model/voice-model.ts";
import type { OperatorOptions } from "./operator/operator-options.ts";

/** What a clinic's agent is made of. */
export interface ClinicAgentOptions {
  /** The clinic's own texts. */
  readonly clinic: ClinicProfile;
  /** The model that talks. */
  readonly model: VoiceModel;
  /** Opens the clinic's systems; called once in each call's process, before its call comes. */
  readonly backend: () => Promise<ClinicBackend>;
  /** Speaks fixed sentences that were not prepared, and the summary for a bridged operator; without it they are the model's to say. */
  readonly promptVoice?: PromptVoice | undefined;
  /** The person whom callers are handed to; without one a caller who asks for a person hears that nobody is there. */
  readonly operator?: OperatorOptions | undefined;
  /** How calls that the clinic places begin, and what becomes of those that a machine answers. */
  readonly outbound?: OutboundManners;
  /** How callers show that they are the patient; by their number unless given. */
  readonly identity?: ClinicIdentity;
  /** Whether the call's record keeps the text of what was said; `false` unless given, since it is about patients' health. */
  readonly keepTranscript?: boolean;
  /** After how many seconds a call is ended; 600 unless given. */
  readonly callLimitSeconds?: number;
  /** After how many seconds a caller who says nothing is asked whether they are there; twice, then the call ends. 10 unless given. */
  readonly callerSilenceSeconds?: number;
  /** Where time comes from; the machine's clock unless given. */
  readonly clock?: Clock;
}
