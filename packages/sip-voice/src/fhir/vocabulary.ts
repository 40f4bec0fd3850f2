import type { Extension } from "./resources.ts";

/** FHIR's own extension for the time zone beside an instant (R4, "tz-code"). */
export const timeZoneOfInstant = "http://hl7.org/fhir/StructureDefinition/tz-code";
/** FHIR's own extension for the time zone of somebody (HL7's extensions pack, "timezone"). */
export const timeZoneOfPerson = "http://hl7.org/fhir/StructureDefinition/timezone";
/** HL7's code system of why an appointment was cancelled. */
export const cancellationReasons = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason";

// FHIR has no element for these; an address that is the package's own keeps them apart from everybody else's.
const own = "https://www.npmjs.com/package/@clinic/sip-voice/fhir";
/** The extension that names a change which was made to an appointment, so that it is made once. */
export const changeMade = `${own}/change-made`;
/** The extension with a patient's wishes for an appointment. */
export const wishes = `${own}/preferences`;
/** The extension that says for which call a slot is kept. */
export const slotClaim = `${own}/slot-claim`;
/** The identifier system of calls, on the slots that they hold and the call-backs that they asked for. */
export const callSystem = `${own}/call-id`;
/** The identifier system of clinics, on call-backs. */
export const clinicSystem = `${own}/clinic-id`;
/** The code system of what is to be done. */
export const taskCodes = `${own}/task`;
/** The identifier system of confirmation codes, unless the user names another one. */
export const confirmationCodes = `${own}/confirmation-code`;

type Extended = { readonly extension?: readonly Extension[] | undefined } | null | undefined;

/** The extension at an address, if there is one. */
export function extensionAt(element: Extended, url: string): Extension | undefined {
  return element?.extension?.find((one) => one.url === url);
}

/** The nested extensions of an extension, by their name. */
export function partsOf(extension: Extension | undefined): ReadonlyMap<string, Extension> {
  const parts = (extension?.extension ?? []) as readonly Extension[];
  return new Map(parts.map((one) => [one.url, one]));
}

/** A text that an extension holds. */
export function textIn(extension: Extension | undefined, ...names: readonly string[]): string | undefined {
  const value = names.map((name) => extension?.[name]).find((one) => one !== undefined);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The extensions without those at an address, and with others in their place; `undefined` (no element) when none is left. */
export function withExtensions(
  element: Extended,
  url: string,
  replacements: readonly Extension[],
): Extension[] | undefined {
  const kept = (element?.extension ?? []).filter((one) => one.url !== url);
  const all = [...kept, ...replacements];
  return all.length > 0 ? all : undefined;
}
