/** A search parameter and its value; several values are alternatives. A name may come more than once: all must hold. */
export type SearchParameters = readonly (readonly [name: string, value: string | readonly string[]])[];

/**
 * A text as one value of a search parameter. FHIR gives `,`, `|`, `$` and `\` a meaning inside of a value
 * (https://hl7.org/fhir/R4/search.html#escaping): whatever a caller says, it stays one value.
 */
export function searchValue(text: string): string {
  return text.replaceAll(/[\\,|$]/g, "\\$&");
}

/** A token of a system: exactly this value of exactly this system. */
export function searchToken(system: string, value: string): string {
  return `${searchValue(system)}|${searchValue(value)}`;
}

/** The query of an address. Values are escaped already, by {@link searchValue} or {@link searchToken}. */
export function searchQuery(parameters: SearchParameters): string {
  const query = new URLSearchParams();
  for (const [name, value] of parameters)
    query.append(name, typeof value === "string" ? value : value.join(","));
  // A space as FHIR's own examples write it; not every server reads "+" as one.
  return query.toString().replaceAll("+", "%20");
}
