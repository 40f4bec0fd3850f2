import { type AttemptId, type Consent, type PhoneNumber, tryPhoneNumber } from "@clinic/sip-voice";

/** One call of a list. */
export interface CallListRow {
  /** Where it stands in the file: `line 3`, or `item 2` of a JSON file. */
  readonly place: string;
  /** The patient's number. */
  readonly phoneNumber: PhoneNumber;
  /** What the call is about. */
  readonly appointmentId: string;
  /** The consent that the clinic has. */
  readonly consent: Consent;
  /** The idempotency key, made of the row's own content: the same row never rings twice. */
  readonly attemptId: AttemptId;
}

/** A row that can't be called as it is. Never repeats what stands in it. */
export interface RejectedRow {
  /** Where it stands in the file. */
  readonly place: string;
  /** The column that is wrong; `row` when it is the row itself. */
  readonly field: string;
  /** What is wrong and what to do about it. */
  readonly reason: string;
}

/** The columns that a list must have. */
export const requiredColumns = ["phoneNumber", "appointmentId", "consentBasis", "consentRecordedAt"] as const;
/** The columns that a list may have besides; others are left alone. */
export const optionalColumns = ["attempt"] as const;

type Column = (typeof requiredColumns)[number] | (typeof optionalColumns)[number];

const bases: readonly Consent["basis"][] = ["given-at-booking", "written", "spoken"];
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const longestId = 150;

/** Checks one row; gives every complaint, not only the first. */
export function readRow(
  place: string,
  value: (column: Column) => string,
): { readonly row: CallListRow } | { readonly rejected: readonly RejectedRow[] } {
  const rejected: RejectedRow[] = [];
  const reject = (field: Column, reason: string): void => void rejected.push({ place, field, reason });

  const phoneNumber = tryPhoneNumber(value("phoneNumber"));
  if (!phoneNumber) {
    reject("phoneNumber", "Write a number that can be dialled, with + and country code, as in +15105550111.");
  }
  const appointmentId = value("appointmentId");
  if (appointmentId === "" || appointmentId.length > longestId) {
    reject("appointmentId", `Write the appointment's id in the store, at most ${longestId} characters.`);
  }
  const basis = bases.find((one) => one === value("consentBasis"));
  if (!basis) reject("consentBasis", `Write one of ${bases.join(", ")}.`);
  const recordedAt = value("consentRecordedAt");
  if (!instant.test(recordedAt) || Number.isNaN(Date.parse(recordedAt))) {
    reject("consentRecordedAt", "Write the instant with its offset, as in 2026-10-01T09:00:00-07:00.");
  }
  const attempt = value("attempt") || "1";
  if (!/^[1-9]\d?$/.test(attempt)) reject("attempt", "Write 1, 2, 3 and so on, or leave it out.");

  if (rejected.length > 0 || !phoneNumber || !basis) return { rejected };
  const consent = { basis, recordedAt };
  return {
    row: { place, phoneNumber, appointmentId, consent, attemptId: attemptIdOf(appointmentId, attempt) },
  };
}

/**
 * Neither the moment of the run, nor the row's place, nor the appointment's time is in it: the list may be run again,
 * sorted or shortened, and the patient may have moved the appointment meanwhile, without anybody being rung again.
 */
function attemptIdOf(appointmentId: string, attempt: string): AttemptId {
  return `list/${appointmentId}/${attempt}`;
}
