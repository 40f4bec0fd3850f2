/** The keys of a telephone, in the order of their codes (RFC 4733, section 3.2): 0 to 9, then *, #, A to D. */
const KEYS = "0123456789*#ABCD";

/** The event code of a key: 0 to 9 for the digits, 10 for `*`, 11 for `#`, 12 to 15 for A to D. */
export function dtmfCode(digit: string): number {
  const code = digit.length === 1 ? KEYS.indexOf(digit) : -1;
  if (code < 0) throw new RangeError("A telephone has the keys 0-9, *, #, and A-D.");
  return code;
}
