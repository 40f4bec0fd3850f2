import type { Telephone } from "../telephone/telephone.ts";
import type { TelephoneLine } from "../telephone/telephone-line.ts";

const takers = new WeakMap<Telephone, (line: TelephoneLine) => void>();

/** Has somebody, or something, take part in every call on which the telephone is picked up. A call that ends in the middle is over for it, too. Who did so before no longer does. */
export function whenPickedUp(telephone: Telephone, takePart: (line: TelephoneLine) => Promise<void>): void {
  const before = takers.get(telephone);
  if (before) telephone.off("line", before);
  const onLine = (line: TelephoneLine): void => {
    void line.answered
      .then(() => takePart(line))
      .catch((error: unknown) => {
        if (!line.isOver) throw error;
      });
  };
  takers.set(telephone, onLine);
  telephone.on("line", onLine);
}

/** What was heard on a line in a stretch of time. */
export interface HeardSound {
  /** The line. */
  readonly line: TelephoneLine;
  /** When it began; `performance.now()` axis. */
  readonly startedAt: number;
  /** When it ended. */
  readonly endedAt: number;
  /** The sound, mono. */
  readonly samples: Int16Array;
  /** Samples a second. */
  readonly sampleRate: number;
}

/** What a line heard from one moment up to now. */
export function heardSince(line: TelephoneLine, startedAt: number): HeardSound {
  const endedAt = performance.now();
  const samples = line.heardBetween(startedAt, endedAt);
  return { line, startedAt, endedAt, samples, sampleRate: line.sampleRate };
}

/** Resolves when the line has ended, or was silent for `silenceMs` after a moment, or `longestMs` have passed. */
export async function untilQuiet(
  line: TelephoneLine,
  { since, silenceMs, longestMs }: { since: number; silenceMs: number; longestMs: number },
): Promise<void> {
  const until = since + longestMs;
  while (!line.isOver && performance.now() < until) {
    const last = line.speechHeard.at(-1);
    const talks = last !== undefined && last.endedAt === undefined;
    if (!talks && performance.now() - Math.max(since, last?.endedAt ?? 0) >= silenceMs) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
