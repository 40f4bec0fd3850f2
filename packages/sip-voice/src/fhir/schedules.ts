import { type Clock, systemClock } from "../clock.ts";
import { type ActorNames, locationsAmong } from "./actor-names.ts";
import type { FhirSession } from "./fhir-client.ts";
import type { FhirClinics, KnownClinic } from "./fhir-clinics.ts";
import type { Reference, Resource } from "./resources.ts";

/** Whose slots they are, and where. */
export interface KnownSchedule {
  /** The id of the Schedule. */
  readonly id: string;
  /** The clinic. */
  readonly clinic: KnownClinic;
  /** Whom patients see. */
  readonly provider: string;
  /** Where, as it is spoken. */
  readonly location: string | undefined;
  /** Those who take part in what is booked. */
  readonly actors: readonly Reference[];
}

/** The schedules of a server. They seldom change, so they are kept for a minute. */
export interface Schedules {
  /** The schedule; `undefined` for one that is nobody's whom we know. */
  byId(session: FhirSession, id: string): Promise<KnownSchedule | undefined>;
  /** All active ones of a clinic. */
  ofClinic(session: FhirSession, clinic: KnownClinic): Promise<readonly KnownSchedule[]>;
}

const goodForMs = 60_000;

/** The {@link Schedules} of a server. */
export function schedulesOf(clinics: FhirClinics, names: ActorNames, clock: Clock = systemClock): Schedules {
  const single = new Map<string, { readonly value: KnownSchedule | undefined; readonly until: number }>();
  const lists = new Map<string, { readonly value: readonly KnownSchedule[]; readonly until: number }>();

  async function known(
    session: FhirSession,
    { id, actor: actors }: Resource<"Schedule">,
  ): Promise<KnownSchedule | undefined> {
    const place = clinics.atLocations(locationsAmong(actors, session.baseUrl));
    if (!place) return undefined;
    const provider = (await names.providerAmong(session, actors)) ?? place.clinic.provider;
    if (provider === undefined) return undefined;
    return { id, clinic: place.clinic, provider, location: place.location, actors };
  }

  return {
    async byId(session, id) {
      const kept = single.get(id);
      if (kept && kept.until > clock.now()) return kept.value;
      const resource = await session.read("Schedule", id);
      const value = resource && (await known(session, resource));
      single.set(id, { value, until: clock.now() + goodForMs });
      return value;
    },
    async ofClinic(session, clinic) {
      const kept = lists.get(clinic.id);
      if (kept && kept.until > clock.now()) return kept.value;
      const places = clinic.locations?.map(({ id }) => `Location/${id}`);
      const found = await session.search("Schedule", places ? [["actor", places]] : []);
      const value: KnownSchedule[] = [];
      for (const resource of found.filter(({ active }) => active !== false)) {
        const schedule = await known(session, resource);
        const until = clock.now() + goodForMs;
        single.set(resource.id, { value: schedule, until });
        if (schedule?.clinic.id === clinic.id) value.push(schedule);
      }
      lists.set(clinic.id, { value, until: clock.now() + goodForMs });
      return value;
    },
  };
}
