import type { Appointment } from "../appointments/appointment.ts";
import { parseInstant } from "../appointments/instant.ts";
import { parseLimit } from "../appointments/limit.ts";
import type { AppointmentStore } from "../appointments/store.ts";
import { patientIdOf, upcomingStatuses } from "./appointment-mapping.ts";
import type { AppointmentReader } from "./appointment-reader.ts";
import type { FhirClient, FhirSession } from "./fhir-client.ts";
import type { FhirClinics, KnownClinic } from "./fhir-clinics.ts";
import { numberSpellings } from "./number-spellings.ts";
import { earliestFirst } from "./open-slots.ts";
import { numbersOf } from "./patient-mapping.ts";
import type { Resource } from "./resources.ts";
import { type SearchParameters, searchToken, searchValue } from "./search-query.ts";

const patientsAtOnce = 30;

/** Finding a caller's appointments on a FHIR server. Whatever the server finds is compared again before it counts. */
export function appointmentSearch(
  client: FhirClient,
  clinics: FhirClinics,
  reader: AppointmentReader,
  codeSystem: string,
): Pick<AppointmentStore, "findUpcoming" | "findByIdentity"> {
  function upcoming({ locations }: KnownClinic, fromMs: number): SearchParameters {
    return [
      ["status", upcomingStatuses],
      ["date", `ge${new Date(fromMs).toISOString()}`],
      ...(locations ? [["location", locations.map(({ id }) => `Location/${id}`)] as const] : []),
      ["_sort", "date"],
    ];
  }

  async function read(
    session: FhirSession,
    resources: readonly Resource<"Appointment">[],
    patients: ReadonlyMap<string, Resource<"Patient">>,
    isWanted: (one: Appointment) => boolean,
  ): Promise<Appointment[]> {
    const found = await Promise.all(
      resources.map((one) =>
        reader.read(session, one, patients.get(patientIdOf(one, session.baseUrl) ?? "")),
      ),
    );
    return found.filter((one) => one !== undefined).filter(isWanted);
  }

  /** The first few, each once: a server whose data changes between two pages may send one twice. */
  function first(found: readonly Appointment[], limit: number): Appointment[] {
    return [...new Map(found.map((one) => [one.id, one])).values()].sort(earliestFirst).slice(0, limit);
  }

  return {
    async findUpcoming(phoneNumber, { clinicId, from, limit = 10 }) {
      const { ms } = parseInstant(from, "invalid-option", "from");
      const most = parseLimit(limit);
      const clinic = clinics.byId(clinicId);
      if (!clinic) return [];
      return await client.within(async (session) => {
        const spellings = numberSpellings(phoneNumber).map(searchValue);
        const country = clinic.country ?? "US";
        const people = (await session.search("Patient", [["phone", spellings]])).filter(
          (one) => one.active !== false && numbersOf(one, country).includes(phoneNumber),
        );
        const patients = new Map(people.map((one) => [one.id, one]));
        const ids = [...patients.keys()];
        const found: Appointment[] = [];
        for (let at = 0; at < ids.length; at += patientsAtOnce) {
          const references = ids.slice(at, at + patientsAtOnce).map((id) => `Patient/${id}`);
          const parameters = [["patient", references] as const, ...upcoming(clinic, ms)];
          const resources = (await session.search("Appointment", parameters)).filter((one) =>
            patients.has(patientIdOf(one, session.baseUrl) ?? ""),
          );
          found.push(...(await read(session, resources, patients, (one) => isUpcoming(one, clinicId, ms))));
        }
        return first(found, most);
      });
    },
    async findByIdentity({ clinicId, confirmationCode, dateOfBirth, from, limit = 10 }) {
      const { ms } = parseInstant(from, "invalid-option", "from");
      const most = parseLimit(limit);
      const clinic = clinics.byId(clinicId);
      if (!clinic || confirmationCode === "" || dateOfBirth === "") return [];
      return await client.within(async (session) => {
        const token = searchToken(codeSystem, confirmationCode);
        const resources = await session.search("Appointment", [
          ["identifier", token],
          ...upcoming(clinic, ms),
        ]);
        const isTheirs = (one: Appointment) =>
          isUpcoming(one, clinicId, ms) &&
          one.confirmationCode === confirmationCode &&
          one.patient.dateOfBirth === dateOfBirth;
        return first(await read(session, resources, new Map(), isTheirs), most);
      });
    },
  };
}

function isUpcoming({ clinicId, status, start }: Appointment, wanted: string, fromMs: number): boolean {
  return clinicId === wanted && status !== "cancelled" && Date.parse(start) >= fromMs;
}
