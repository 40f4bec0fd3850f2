import { SipVoiceError } from "../errors.ts";
import { isResourceId } from "./resources.ts";

/** A place of a clinic: one of its FHIR Locations. */
export interface FhirPlace {
  /** The id of the Location. */
  readonly id: string;
  /** The place as it is spoken, where the clinic has several: `North`. */
  readonly spokenAs?: string;
}

/** What of a FHIR server is one clinic. */
export interface FhirClinic {
  /** IANA time zone of the clinic. A resource that names another one in `tz-code` keeps that. */
  readonly timeZone: string;
  /**
   * The clinic's Locations: an appointment belongs to the clinic if it takes place at one of them, a slot if its Schedule does.
   * Without them, everything on the server is this clinic's, which then must be the only one.
   */
  readonly locations?: readonly FhirPlace[];
  /**
   * Whom a patient comes to see, as it is spoken, where a resource names nobody: `our nurses`. Without it, such appointments and
   * slots are left out.
   */
  readonly provider?: string;
  /** ISO 3166-1 country of numbers that are written without `+`; `US` unless given. */
  readonly country?: string;
}

/** A clinic with its id. */
export interface KnownClinic extends FhirClinic {
  /** The id by which the agent knows it. */
  readonly id: string;
}

/** The clinics of a server. */
export interface FhirClinics {
  /** The clinic, or `undefined` for one that is not on this server. */
  byId(clinicId: string): KnownClinic | undefined;
  /** The clinic that has one of these Locations, and the place as it is spoken. */
  atLocations(
    ids: readonly string[],
  ): { readonly clinic: KnownClinic; readonly location?: string } | undefined;
}

function invalid(message: string, field: string, remedy: string): SipVoiceError {
  return new SipVoiceError("invalid-option", message, { field, remedy });
}

/** Reads which clinics there are, and refuses those that could be mistaken for each other. */
export function fhirClinics(given: Readonly<Record<string, FhirClinic>>): FhirClinics {
  const clinics = Object.entries(given).map(([id, clinic]): KnownClinic => ({ ...clinic, id }));
  const remedy = "Name each clinic with its time zone and, where there are several, its Locations.";
  if (clinics.length === 0) throw invalid("There is no clinic.", "clinics", remedy);
  const everywhere = clinics.find(({ locations }) => locations === undefined);
  if (everywhere && clinics.length > 1) {
    throw invalid("A clinic without locations stands beside others.", "locations", remedy);
  }
  const places = new Map<string, { clinic: KnownClinic; location?: string }>();
  for (const clinic of clinics) {
    for (const { id, spokenAs } of clinic.locations ?? []) {
      if (!isResourceId(id))
        throw invalid("A location's id is not that of a FHIR resource.", "locations", remedy);
      if (places.has(id)) throw invalid("Two clinics have the same location.", "locations", remedy);
      places.set(id, { clinic, ...(spokenAs === undefined ? {} : { location: spokenAs }) });
    }
  }
  const known = new Map(clinics.map((clinic) => [clinic.id, clinic]));
  return {
    byId: (clinicId) => known.get(clinicId),
    atLocations(ids) {
      if (everywhere) return { clinic: everywhere };
      return ids.map((id) => places.get(id)).find((place) => place !== undefined);
    },
  };
}
