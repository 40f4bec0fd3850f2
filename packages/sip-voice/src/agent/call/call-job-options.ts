import type { JobContext } from "@livekit/agents";
import type { CallBrief } from "../../call/brief.ts";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log/logger.ts";
import type { PromptAudio } from "../../prompts/prompt-audio.ts";
import type { ClinicAgentOptions } from "../clinic-agent-options.ts";
import type { ClinicBackend } from "../clinic-backend.ts";
import type { CallLine } from "./call-line.ts";

/** What a call's job is made of: the framework's part, the clinic's part, and the line between them. */
export interface CallJobOptions {
  readonly ctx: JobContext;
  readonly options: ClinicAgentOptions;
  readonly backend: ClinicBackend;
  readonly brief: CallBrief | undefined;
  /** Speaks the sentences that were not prepared. */
  readonly spokenPrompts: PromptAudio | undefined;
  /** Whether words speak of an emergency. */
  readonly isEmergency: (words: string) => boolean;
  readonly line: CallLine;
  readonly clock: Clock;
  readonly logger: Logger;
}
