import type { CallResult, DialOutcomeName, Disposition, Retry } from "@clinic/sip-voice";
import type { CallListRow } from "./call-list-row.ts";

/** What became of one row. */
export interface RowReport {
  readonly row: CallListRow;
  /** What became of the attempt; `skipped` when there was nothing to call about. */
  readonly outcome: DialOutcomeName | "skipped";
  /** What the patient decided, once the call was answered. */
  readonly disposition?: Disposition;
  /** Whether calling again may make sense. */
  readonly retry?: Retry;
  /** The attempt was made in an earlier run; this is what became of it then. */
  readonly earlier?: boolean;
  /** Whether this run went as far as the agent, so that the next row waits for its pause. */
  readonly rang: boolean;
  /** Why the row was refused or skipped. */
  readonly reasons: readonly string[];
  /** The earliest moment at which the calling hours allow it, RFC 3339. */
  readonly earliest?: string;
}

/** The report of a row that was called. */
export function reportOfResult(row: CallListRow, result: CallResult, earlier: boolean): RowReport {
  const { outcome, retry } = result;
  const refused = result.outcome === "refused-by-policy";
  return {
    row,
    outcome,
    retry,
    earlier,
    rang: !earlier && !refused,
    reasons: refused ? result.reasons.map(({ explanation }) => explanation) : [],
    ...(refused && result.earliest !== undefined
      ? { earliest: new Date(result.earliest).toISOString() }
      : {}),
  };
}
