import type { Appointment, CallRecord } from "@clinic/sip-voice";
import type { Ring } from "../sip-stand-in/index.ts";
import type { TelephoneLine } from "../telephone/index.ts";
import type { Conversation } from "./conversation.ts";
import type { DemoExpectation } from "./demo-call.ts";

/** What a call left behind, for the verdict. */
export interface CallEvidence {
  /** What became of it. */
  readonly outcome: DemoExpectation["outcome"] | "not-answered";
  /** Why it was refused, where it was. */
  readonly refusedBy: readonly string[];
  /** What was heard and said, where it was answered. */
  readonly conversation: Conversation | undefined;
  /** The patient's line, where there was one. */
  readonly line: TelephoneLine | undefined;
  /** The call's record in the database. */
  readonly record: CallRecord | undefined;
  /** What the model said. */
  readonly modelSaid: readonly string[];
  /** Telephones that the clinic rang for it. */
  readonly rings: readonly Ring[];
  /** The patient's appointment before. */
  readonly before: Appointment | undefined;
  /** The patient's appointment as the database has it now. */
  readonly after: Appointment | undefined;
  /** Whether an appointment of the same number changed that the call was not about. */
  readonly othersChanged: boolean;
  /** Whether the slot that the patient had before can be booked by somebody else. */
  readonly oldSlotFree: boolean;
  /** Whether the call's room was removed. */
  readonly roomGone: boolean;
  /** Something that went wrong outside the conversation. */
  readonly trouble: string | undefined;
}
