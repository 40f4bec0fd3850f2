import { CalleeEar, calleeFrameLength } from "./callee-ear.ts";
import { type CalleeFinding, CalleeJudge, type CalleeTiming } from "./callee-judge.ts";

/** Tells of one call who answered. */
export interface CalleeDetector {
  /** Takes what the callee sends from the answer on, without a gap: 8,000 mono samples a second. Returns what it shows. */
  push(samples: Int16Array): readonly CalleeFinding[];
}

/**
 * The port that tells a person from a machine: makes a detector for each call that is answered. {@link acousticDetection} is
 * the one that needs nothing else.
 */
export type AnsweringMachineDetection = () => CalleeDetector;

/**
 * Tells a person from a machine by the sound alone: how long the first talk is, the silence after it, and beeps. No model is
 * asked and no word is understood.
 *
 * @example
 * ```ts
 * import { acousticDetection } from "@clinic/sip-voice/agent";
 *
 * const detector = acousticDetection({ machineTalkMs: 5_000 })();
 * for (const finding of detector.push(new Int16Array(160))) console.log(finding.type);
 * ```
 */
export function acousticDetection(timing: Partial<CalleeTiming> = {}): AnsweringMachineDetection {
  return () => {
    const ear = new CalleeEar();
    const judge = new CalleeJudge(timing);
    return {
      push(samples) {
        const findings: CalleeFinding[] = [];
        // In steps of a frame, so that what a silence shows is seen when it has lasted long enough.
        for (let at = 0; at < samples.length; at += calleeFrameLength)
          findings.push(...judge.take(ear.push(samples.subarray(at, at + calleeFrameLength)), ear.heardMs));
        return findings;
      },
    };
  };
}
