import type { Appointment, Patient } from "../appointments/appointment.ts";
import { type ActorNames, locationsAmong } from "./actor-names.ts";
import { actorsOf, appointmentOf, patientIdOf } from "./appointment-mapping.ts";
import type { FhirSession } from "./fhir-client.ts";
import type { FhirClinics } from "./fhir-clinics.ts";
import { patientOf } from "./patient-mapping.ts";
import type { Resource } from "./resources.ts";

/** Reads appointments together with what they refer to. */
export interface AppointmentReader {
  /**
   * The appointment of a resource, with its patient, which is read unless given. `undefined` for one that is over, of no clinic that is
   * known, or without a patient with a name and a number.
   */
  read(
    session: FhirSession,
    resource: Resource<"Appointment">,
    patient?: Resource<"Patient">,
  ): Promise<Appointment | undefined>;
}

/** The {@link AppointmentReader} of a server. */
export function appointmentReader(
  clinics: FhirClinics,
  names: ActorNames,
  codeSystem: string,
): AppointmentReader {
  return {
    async read(session, resource, given) {
      const actors = actorsOf(resource);
      const place = clinics.atLocations(locationsAmong(actors, session.baseUrl));
      const patientId = patientIdOf(resource, session.baseUrl);
      if (!place || patientId === undefined) return undefined;
      const { clinic, location } = place;
      const person = given ?? (await session.read("Patient", patientId));
      const patient: Patient | undefined = person && patientOf(person, clinic.country ?? "US");
      const provider = (await names.providerAmong(session, actors)) ?? clinic.provider;
      if (!patient || provider === undefined) return undefined;
      const surroundings = { clinic, patient, provider, location, codeSystem };
      return appointmentOf(resource, surroundings, session.baseUrl);
    },
  };
}
