import { SipVoiceError } from "../errors.ts";

/** Reads how many rows are wanted at the most. */
export function parseLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 0) return limit;
  throw new SipVoiceError("invalid-option", "The limit is not a whole number of rows.", { field: "limit" });
}
