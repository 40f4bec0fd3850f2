import type { Slot } from "../appointments/appointment.ts";
import { parseInstant } from "../appointments/instant.ts";
import { parseLimit } from "../appointments/limit.ts";
import type { SlotQuery } from "../appointments/store.ts";
import type { FhirSession } from "./fhir-client.ts";
import type { FhirClinics } from "./fhir-clinics.ts";
import { type Resource, targetOf } from "./resources.ts";
import type { KnownSchedule, Schedules } from "./schedules.ts";
import type { SearchParameters } from "./search-query.ts";
import type { SlotClaims } from "./slot-claims.ts";
import { claimOf, slotOf } from "./slot-mapping.ts";
import { takenAmong } from "./slot-takers.ts";

const schedulesAtOnce = 30;

/** The order of slots: by instant, then by id. */
export function earliestFirst(a: Pick<Slot, "id" | "start">, b: Pick<Slot, "id" | "start">): number {
  return Date.parse(a.start) - Date.parse(b.start) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** What a search is for, read and checked. */
interface Wanted {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly isWanted: (slot: Slot) => boolean;
}

function read({ from, to, after, durationMinutes = 0, limit = 10 }: SlotQuery): Wanted {
  const span = {
    from: parseInstant(from, "invalid-option", "from").ms,
    to: parseInstant(to, "invalid-option", "to").ms,
    limit: parseLimit(limit),
  };
  const afterMs = after && parseInstant(after.start, "invalid-option", "after").ms;
  return {
    ...span,
    from: Math.max(span.from, afterMs ?? span.from),
    isWanted: (slot) => {
      const start = Date.parse(slot.start);
      const isInRange = start >= span.from && start < span.to && slot.durationMinutes >= durationMinutes;
      return isInRange && (after === undefined || earliestFirst(slot, after) > 0);
    },
  };
}

/** Free slots, the earliest first. */
export async function openSlots(
  session: FhirSession,
  query: SlotQuery,
  ports: { readonly clinics: FhirClinics; readonly schedules: Schedules; readonly claims: SlotClaims },
): Promise<readonly Slot[]> {
  const wanted = read(query);
  const clinic = ports.clinics.byId(query.clinicId);
  if (!clinic || wanted.limit === 0 || wanted.from >= wanted.to) return [];
  const schedules = (await ports.schedules.ofClinic(session, clinic)).filter(
    ({ provider, location }) =>
      (query.provider === undefined || provider === query.provider) &&
      (query.location === undefined || location === query.location),
  );
  const found: Slot[] = [];
  for (let at = 0; at < schedules.length; at += schedulesAtOnce) {
    const piece = schedules.slice(at, at + schedulesAtOnce);
    found.push(...(await freeOf(session, piece, wanted, query, ports.claims)));
  }
  return found.sort(earliestFirst).slice(0, wanted.limit);
}

/** The first free slots of some schedules. */
async function freeOf(
  session: FhirSession,
  schedules: readonly KnownSchedule[],
  wanted: Wanted,
  { callId, at }: SlotQuery,
  claims: SlotClaims,
): Promise<Slot[]> {
  const byId = new Map(schedules.map((schedule) => [schedule.id, schedule]));
  const parameters: SearchParameters = [
    ["schedule", schedules.map(({ id }) => `Schedule/${id}`)],
    ["status", ["free", "busy-tentative"]],
    ["start", `ge${new Date(wanted.from).toISOString()}`],
    ["start", `lt${new Date(wanted.to).toISOString()}`],
    ["_sort", "start"],
  ];
  const free: Slot[] = [];
  let last = Number.NEGATIVE_INFINITY;
  let isSorted = true;
  for await (const page of session.pages("Slot", parameters)) {
    const open: { readonly resource: Resource<"Slot">; readonly slot: Slot }[] = [];
    for (const resource of page) {
      const start = Date.parse(resource.start);
      isSorted &&= start >= last;
      last = start;
      const schedule = byId.get(targetOf(resource.schedule, session.baseUrl)?.id ?? "");
      const slot = schedule && slotOf(resource, schedule);
      if (slot && wanted.isWanted(slot) && claims.isOpen(resource, callId, at)) open.push({ resource, slot });
    }
    // A booking that never ended: only the appointment tells whether it was made.
    const doubtful = open
      .filter(({ resource }) => claimOf(resource)?.kind === "booking")
      .map(({ slot }) => slot.id);
    const taken = await takenAmong(session, doubtful);
    free.push(...open.map(({ slot }) => slot).filter(({ id }) => !taken.has(id)));
    // The rest comes later, if the server sorts by instant (not every one does). Those of one instant are ordered by id: have them all.
    const enough = free[wanted.limit - 1];
    if (isSorted && enough && last > Date.parse(enough.start)) break;
  }
  return free;
}
