/** A number as LiveKit compares it: without spaces, dashes and brackets, with a plus. What is no number stays as it is. */
export function normalizedNumber(text: string): string {
  if (!/^\+?[\d\- ()]+$/.test(text)) return text;
  const digits = text.replaceAll(/[ \-()]/g, "");
  return digits.startsWith("+") ? digits : `+${digits}`;
}
