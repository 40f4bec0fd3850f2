import { takesSlot } from "./appointment-mapping.ts";
import type { FhirSession } from "./fhir-client.ts";
import { targetOf } from "./resources.ts";
import type { SearchParameters } from "./search-query.ts";

const slotsAtOnce = 30;

/**
 * Which of these slots an appointment takes up, whatever the slots themselves say: not every system that books keeps them up to date.
 *
 * @param except - an appointment that does not count, as it is leaving its slot
 */
export async function takenAmong(
  session: FhirSession,
  slotIds: readonly string[],
  except?: string,
): Promise<ReadonlySet<string>> {
  const taken = new Set<string>();
  for (let from = 0; from < slotIds.length; from += slotsAtOnce) {
    const piece = slotIds.slice(from, from + slotsAtOnce).map((id) => `Slot/${id}`);
    const parameters: SearchParameters = [["slot", piece]];
    for (const appointment of await session.search("Appointment", parameters)) {
      if (appointment.id === except || !takesSlot(appointment)) continue;
      for (const reference of appointment.slot ?? []) {
        const target = targetOf(reference, session.baseUrl);
        if (target?.type === "Slot") taken.add(target.id);
      }
    }
  }
  return taken;
}
