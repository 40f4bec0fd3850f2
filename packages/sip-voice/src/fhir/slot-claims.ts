import type { Slot } from "../appointments/appointment.ts";
import { parseInstant } from "../appointments/instant.ts";
import type { Clock } from "../clock.ts";
import type { FhirSession } from "./fhir-client.ts";
import type { Resource } from "./resources.ts";
import type { KnownSchedule, Schedules } from "./schedules.ts";
import { searchToken } from "./search-query.ts";
import { booked, claimed, claimOf, freed, type SlotClaim, slotOf } from "./slot-mapping.ts";
import { takenAmong } from "./slot-takers.ts";
import { callSystem } from "./vocabulary.ts";

/** A slot that a call wants. */
export interface WantedSlot {
  readonly slotId: string;
  readonly clinicId: string;
  readonly callId: string;
  /** The instant of asking, RFC 3339, by which holds run out. */
  readonly at: string | undefined;
}

/** A slot that is kept for a call now. */
export interface TakenSlot {
  readonly slot: Slot;
  readonly schedule: KnownSchedule;
  /** The resource as it was before. */
  readonly before: Resource<"Slot">;
  /** The resource with the claim. */
  readonly resource: Resource<"Slot">;
}

/** Keeps slots for calls, by writing only what nobody has changed meanwhile. */
export interface SlotClaims {
  /** Whether a slot may be had by a call, as far as the slot itself says: still to come, and free, held by the call, or held until now. */
  isOpen(resource: Resource<"Slot">, callId: string | undefined, at: string | undefined): boolean;
  /** Keeps a slot for a call; `undefined` when it is not to be had. */
  take(session: FhirSession, wanted: WantedSlot, claim: SlotClaim): Promise<TakenSlot | undefined>;
  /** Gives a slot back as it was before it was taken. */
  giveBack(session: FhirSession, taken: TakenSlot): Promise<void>;
  /** Marks a slot as taken up by an appointment. */
  settle(session: FhirSession, slotId: string): Promise<void>;
  /** Frees a slot that an appointment has left. */
  leave(session: FhirSession, slotId: string, appointmentId: string): Promise<void>;
  /** Frees what a call holds, but for one slot. */
  release(session: FhirSession, callId: string, except: string): Promise<void>;
}

/** How often a slot is looked at again because somebody else wrote to it. */
const mostTries = 5;

/** The {@link SlotClaims} of a server. */
export function slotClaims(schedules: Schedules, clock: Clock): SlotClaims {
  const instantOf = (at: string | undefined): number =>
    at === undefined ? clock.now() : parseInstant(at, "invalid-option", "at").ms;

  function isOpen(resource: Resource<"Slot">, callId: string | undefined, at: string | undefined): boolean {
    // Nobody can come to what has begun.
    if (!(Date.parse(resource.start) > instantOf(at))) return false;
    if (resource.status === "free") return true;
    const claim = claimOf(resource);
    if (resource.status !== "busy-tentative" || !claim) return false;
    // A booking that never ended runs out by our own clock, whatever instant the caller asks for.
    const now = claim.kind === "hold" ? instantOf(at) : clock.now();
    return claim.callId === callId || Date.parse(claim.until) <= now;
  }

  /** Writes a slot for as long as it is as `isWanted` says; gives what was written, or `undefined`. */
  async function write(
    session: FhirSession,
    slotId: string,
    change: (resource: Resource<"Slot">) => Promise<Resource<"Slot"> | undefined>,
  ): Promise<{ before: Resource<"Slot">; after: Resource<"Slot"> } | undefined> {
    for (let tries = 1; tries <= mostTries; tries++) {
      const before = await session.read("Slot", slotId);
      const wanted = before && (await change(before));
      if (!wanted) return undefined;
      const after = await session.update("Slot", wanted);
      if (after) return { before, after };
    }
    return undefined;
  }

  async function scheduleOf(session: FhirSession, resource: Resource<"Slot">) {
    const id = /^Schedule\/([A-Za-z0-9.-]{1,64})$/.exec(
      (resource.schedule.reference ?? "").replace(`${session.baseUrl}/`, ""),
    )?.[1];
    return id === undefined ? undefined : await schedules.byId(session, id);
  }

  return {
    isOpen,
    async take(session, { slotId, clinicId, callId, at }, claim) {
      let schedule: KnownSchedule | undefined;
      const written = await write(session, slotId, async (resource) => {
        if (!isOpen(resource, callId, at)) return undefined;
        schedule = await scheduleOf(session, resource);
        if (schedule?.clinic.id !== clinicId) return undefined;
        if ((await takenAmong(session, [slotId])).has(slotId)) return undefined;
        return claimed(resource, claim);
      });
      const slot = written && schedule && slotOf(written.after, schedule);
      return slot && schedule
        ? { slot, schedule, before: written.before, resource: written.after }
        : undefined;
    },
    async giveBack(session, { before, resource }) {
      await session.update("Slot", { ...before, meta: resource.meta });
    },
    async settle(session, slotId) {
      await write(session, slotId, async (resource) =>
        resource.status === "busy" ? undefined : booked(resource),
      );
    },
    async leave(session, slotId, appointmentId) {
      if ((await takenAmong(session, [slotId], appointmentId)).has(slotId)) return;
      await write(session, slotId, async (resource) =>
        resource.status === "busy" || claimOf(resource)?.kind === "booking" ? freed(resource) : undefined,
      );
    },
    async release(session, callId, except) {
      const held = await session.search("Slot", [["identifier", searchToken(callSystem, callId)]]);
      for (const { id } of held.filter((one) => one.id !== except)) {
        await write(session, id, async (resource) => {
          const claim = claimOf(resource);
          return claim?.callId === callId && claim.kind === "hold" ? freed(resource) : undefined;
        });
      }
    },
  };
}
