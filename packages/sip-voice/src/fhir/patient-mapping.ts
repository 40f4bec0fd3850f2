import type { Patient } from "../appointments/appointment.ts";
import { isDate } from "../appointments/instant.ts";
import { type PhoneNumber, tryPhoneNumber } from "../phone/phone-number.ts";
import type { HumanName, Resource } from "./resources.ts";
import { extensionAt, textIn, timeZoneOfInstant, timeZoneOfPerson } from "./vocabulary.ts";

/** How a name is spoken: as its text has it, or given name and family name. */
export function spokenName(names: readonly HumanName[] | undefined): string | undefined {
  const usable = (names ?? []).filter(({ use }) => use !== "old" && use !== "maiden");
  const name =
    usable.find(({ use }) => use === "usual") ?? usable.find(({ use }) => use === "official") ?? usable[0];
  if (!name) return undefined;
  const parts = [...(name.prefix ?? []), ...(name.given ?? []), name.family].filter((part) => part);
  return name.text || parts.join(" ") || undefined;
}

const byPreference = ["mobile", "home", "work", undefined];

/** The numbers of a patient, the preferred one first: by `rank`, then mobile before home before work. Old ones are left out. */
export function numbersOf({ telecom = [] }: Resource<"Patient">, country: string): PhoneNumber[] {
  const order = (use: string | undefined) =>
    byPreference.findIndex((one) => one === use || one === undefined);
  return telecom
    .filter(({ system, use }) => (system === "phone" || system === "sms") && use !== "old")
    .sort((a, b) => (a.rank ?? 1000) - (b.rank ?? 1000) || order(a.use) - order(b.use))
    .map(({ value }) => tryPhoneNumber(value?.replace(/^tel:/i, ""), { defaultCountry: country }))
    .filter((number) => number !== undefined);
}

/** Where a patient lives, as ISO 3166, where the address says it in codes. */
function placeOf({ address = [] }: Resource<"Patient">): string | undefined {
  const current = address.filter(({ use }) => use !== "old" && use !== "billing");
  const { country = "", state = "" } = current.find(({ use }) => use === "home") ?? current[0] ?? {};
  const code = country === "USA" ? "US" : country;
  if (!/^[A-Z]{2}$/.test(code)) return undefined;
  if (code !== "US") return code;
  return /^[A-Z]{2}$/.test(state) ? `US-${state}` : undefined;
}

function languageOf({ communication = [] }: Resource<"Patient">): string | undefined {
  const { language } = communication.find(({ preferred }) => preferred) ?? communication[0] ?? {};
  return language?.coding?.find(({ code }) => code)?.code;
}

/** The patient of a resource; `undefined` for one without a name or a number, whom nobody could greet or call. */
export function patientOf(resource: Resource<"Patient">, country: string): Patient | undefined {
  const name = spokenName(resource.name);
  const [phoneNumber] = numbersOf(resource, country);
  if (name === undefined || phoneNumber === undefined) return undefined;
  const zone = extensionAt(resource, timeZoneOfPerson) ?? extensionAt(resource, timeZoneOfInstant);
  const timeZone = textIn(zone, "valueCode", "valueString");
  const place = placeOf(resource);
  const language = languageOf(resource);
  return {
    id: resource.id,
    name,
    phoneNumber,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(isDate(resource.birthDate) ? { dateOfBirth: resource.birthDate as string } : {}),
    ...(place === undefined ? {} : { place }),
    ...(language === undefined ? {} : { language }),
  };
}
