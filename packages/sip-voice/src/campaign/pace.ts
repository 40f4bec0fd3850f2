import { SipVoiceError } from "../errors.ts";

/** How fast a campaign calls, counted over all processes that work on it. */
export interface CampaignPace {
  /** How many calls there may be at one time; a call counts from its first step until its conversation has ended. */
  readonly concurrency: number;
  /** From the end of a call to the next one on the same line, in milliseconds; calls for which nobody was rung don't count. */
  readonly pauseMs: number;
  /** The most calls that may begin in one second; less than 1 for one in several seconds. */
  readonly callsPerSecond: number;
}

/** One call at a time, and 30 seconds between the end of one and the start of the next. */
export const defaultPace: CampaignPace = { concurrency: 1, pauseMs: 30_000, callsPerSecond: 1 };

/** What a store knows of a campaign's lines. */
export interface LinesSeen {
  /** How many calls there are. */
  readonly calling: number;
  /** When the calls ended that did so within the last {@link CampaignPace.pauseMs}; in any order. */
  readonly endedAt: readonly number[];
  /** When the last call began. */
  readonly lastBeganAt: number | undefined;
}

/** How long to wait where it is not known when a line falls free. */
const lookAgainMs = 1_000;

/** Since when calls that have ended keep a line: what a store has to give as {@link LinesSeen.endedAt}. */
export const lineKeptSince = ({ pauseMs }: CampaignPace, at: number): number => at - pauseMs;

/**
 * Until when the next call has to wait; `undefined` when it may begin. Instants of the future do not hold a call up: a clock that was
 * moved back would stall the campaign until it has caught up.
 */
export function waitForLine(pace: CampaignPace, seen: LinesSeen, at: number): number | undefined {
  const gapMs = 1000 / pace.callsPerSecond;
  const { calling, lastBeganAt } = seen;
  const gapEnds = lastBeganAt !== undefined && lastBeganAt <= at ? lastBeganAt + gapMs : at;
  const kept = seen.endedAt
    .filter((endedAt) => endedAt <= at && endedAt > lineKeptSince(pace, at))
    .sort((a, b) => a - b);
  const tooMany = calling + kept.length - pace.concurrency;
  const freed = tooMany < 0 ? at : kept[tooMany];
  const lineFree = tooMany < 0 ? at : freed === undefined ? at + lookAgainMs : freed + pace.pauseMs;
  const until = Math.ceil(Math.max(gapEnds, lineFree));
  return until > at ? until : undefined;
}

/** Refuses a pace that would never call, or without a bound. */
export function checkPace({ concurrency, pauseMs, callsPerSecond }: CampaignPace): void {
  const fail = (field: string, remedy: string): never => {
    throw new SipVoiceError("invalid-option", `The campaign's ${field} is out of range.`, {
      field: `pace.${field}`,
      remedy,
    });
  };
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 1_000)
    fail("concurrency", "Give a whole number from 1 to 1000.");
  if (!(pauseMs >= 0 && pauseMs <= 86_400_000)) fail("pauseMs", "Give milliseconds, up to a day.");
  if (!(callsPerSecond >= 0.001 && callsPerSecond <= 100)) fail("callsPerSecond", "Give 0.001 to 100.");
}
