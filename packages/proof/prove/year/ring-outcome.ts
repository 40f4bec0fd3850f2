import { type AttemptOutcome, dialFailure } from "@clinic/sip-voice";

/** What becomes of one dial. */
export interface Ring {
  readonly outcome: AttemptOutcome;
  /** Whether a telephone rang. */
  readonly isRung: boolean;
  /** How long the line is taken. */
  readonly lastsMs: number;
  /** Whether the patient pressed the key that stops all calls. */
  readonly isOptOut: boolean;
}

/** Draws an outcome, with shares as a clinic might see them. */
export function ringOutcome(random: () => number): Ring {
  const chance = random();
  const unanswered = (outcome: AttemptOutcome, isRung = true): Ring => ({
    outcome,
    isRung,
    lastsMs: isRung ? 30_000 : 0,
    isOptOut: false,
  });
  if (chance < 0.03) return unanswered(dialFailure("trunk-capacity"), false);
  if (chance < 0.25) return unanswered(dialFailure("no-answer"));
  if (chance < 0.33) return unanswered(dialFailure("busy"));
  if (chance < 0.35) return unanswered(dialFailure("unknown"));
  return {
    outcome: { outcome: "answered", participantIdentity: "phone", sipCallId: "SCL_1" },
    isRung: true,
    lastsMs: 30_000 + Math.floor(random() * 90_000),
    isOptOut: chance > 0.98,
  };
}
