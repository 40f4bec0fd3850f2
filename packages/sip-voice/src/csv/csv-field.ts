/** A spreadsheet runs a field that begins with one of these as a formula (OWASP, CSV injection). */
const armed = /^'*[=+\-@\t\r]/;

/**
 * Fields as one record of CSV (RFC 4180). What a spreadsheet would run as a formula gets an apostrophe before it, which
 * {@link plainField} takes away again.
 */
export function csvRecord(fields: readonly string[]): string {
  const quoted = fields.map((text) => `"${(armed.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`);
  return `${quoted.join(",")}\r\n`;
}

/** A field as it was before {@link csvRecord} made it harmless. */
export function plainField(field: string): string {
  return field.startsWith("'") && armed.test(field) ? field.slice(1) : field;
}
