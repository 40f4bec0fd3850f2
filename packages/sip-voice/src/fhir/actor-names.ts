import { type Clock, systemClock } from "../clock.ts";
import type { FhirSession } from "./fhir-client.ts";
import { spokenName } from "./patient-mapping.ts";
import { type Reference, targetOf } from "./resources.ts";

/** How those are called whom patients come to see. */
export interface ActorNames {
  /** The first of these actors who sees patients, as spoken; `undefined` when there is none. */
  providerAmong(session: FhirSession, actors: readonly Reference[]): Promise<string | undefined>;
}

/** How long a name that was read is good: doctors seldom change theirs. */
const goodForMs = 300_000;
const providers = ["Practitioner", "PractitionerRole", "HealthcareService"];

/** The {@link ActorNames} of a server; what a reference does not display is read, and kept for some minutes. */
export function actorNames(clock: Clock = systemClock): ActorNames {
  const kept = new Map<string, { readonly name: string | undefined; readonly until: number }>();

  async function readName(session: FhirSession, type: string, id: string): Promise<string | undefined> {
    if (type === "Practitioner") return spokenName((await session.read(type, id))?.name);
    if (type === "HealthcareService") return (await session.read(type, id))?.name;
    const role = await session.read("PractitionerRole", id);
    const { display } = role?.practitioner ?? {};
    if (display) return display;
    const person = role?.practitioner && targetOf(role.practitioner, session.baseUrl);
    return person?.type === "Practitioner" ? await nameOf(session, person) : undefined;
  }

  async function nameOf(session: FhirSession, { type, id }: { type: string; id: string }) {
    const key = `${type}/${id}`;
    const known = kept.get(key);
    if (known && known.until > clock.now()) return known.name;
    const name = await readName(session, type, id);
    kept.set(key, { name, until: clock.now() + goodForMs });
    return name;
  }

  return {
    async providerAmong(session, actors) {
      const found = actors
        .map((actor) => ({ actor, target: targetOf(actor, session.baseUrl) }))
        .filter(({ target }) => target && providers.includes(target.type))
        .sort((a, b) => providers.indexOf(a.target?.type ?? "") - providers.indexOf(b.target?.type ?? ""))[0];
      if (!found?.target) return undefined;
      return found.actor.display || (await nameOf(session, found.target));
    },
  };
}

/** The ids of the Locations among actors. */
export function locationsAmong(actors: readonly Reference[], baseUrl: string): string[] {
  return actors
    .map((actor) => targetOf(actor, baseUrl))
    .filter((target) => target?.type === "Location")
    .map((target) => target?.id ?? "");
}
