import type { JobContext } from "@livekit/agents";
import type { CallState } from "../../call/state.ts";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log/logger.ts";
import type { AudioClip } from "../../prompts/prompt-audio.ts";
import type { CallLine } from "../call/call-line.ts";
import type { ClinicAgentOptions } from "../clinic-agent-options.ts";
import type { ClinicBackend } from "../clinic-backend.ts";
import type { AppointmentDesk } from "../desk/appointment-desk.ts";
import { readAloud } from "../model/model-reader.ts";
import type { Speech } from "../speech/speech.ts";
import { Operator } from "./operator.ts";
import { operatorPlan } from "./operator-options.ts";
import { operatorSummary } from "./operator-summary.ts";

/** The parts of a call that its operator has to do with. */
export interface CallOperatorOptions {
  readonly ctx: JobContext;
  readonly options: ClinicAgentOptions;
  readonly backend: ClinicBackend;
  readonly line: CallLine;
  readonly speech: Speech;
  readonly desk: AppointmentDesk;
  /** The call's state at the moment. */
  readonly state: () => CallState;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The clinic's operator, for one call. */
export function callOperator(parts: CallOperatorOptions): Operator {
  const { ctx, options, backend, line, speech, desk, state, clock, logger } = parts;
  const plan = options.operator && operatorPlan(options.operator);
  return new Operator({
    plan,
    room: ctx.room,
    line,
    rooms: backend.rooms,
    dialer: backend.dialer,
    clock,
    logger,
    agent: {
      async hold() {
        await speech.finished();
        if (!line.over.aborted) await speech.say("hold");
      },
      summary(signal) {
        const language = plan?.language ?? "en-US";
        const text = operatorSummary(language, state(), desk.appointment);
        if (options.promptVoice) return spoken(options.promptVoice.speak(text, language, signal));
        return readAloud({ model: options.model, text, language, clock, signal });
      },
      silence() {
        speech.interrupt();
        speech.muteModel(true);
      },
    },
  });
}

function spoken(clip: Promise<AudioClip>): AsyncGenerator<AudioClip, void> {
  // Met when its turn comes; until then it must not count as unhandled.
  clip.catch(() => {});
  return (async function* () {
    yield await clip;
  })();
}
