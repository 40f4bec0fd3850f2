import type { Clock } from "../clock.ts";
import { movedTo, slotIdOf } from "./appointment-mapping.ts";
import type { Change } from "./changes-made.ts";
import type { FhirSession } from "./fhir-client.ts";
import type { Resource } from "./resources.ts";
import type { SlotClaims, WantedSlot } from "./slot-claims.ts";

/**
 * Moves appointments between slots on servers without transactions that could be relied on. The order is safe at each step: the new
 * slot is claimed, the appointment written, the new slot marked as taken, the old one freed. Whoever dies in between leaves a slot that
 * nobody can book for a while, never one that two can.
 */
export interface SlotMoves {
  /** Claims the slot and tells what to write. */
  move(session: FhirSession, resource: Resource<"Appointment">, wanted: WantedSlot): Promise<Change>;
  /** Does what follows from a move that was made; doing it again does no harm. */
  finish(
    session: FhirSession,
    appointmentId: string,
    moved: { readonly slotId: string; readonly leftSlotId: string | undefined; readonly callId: string },
  ): Promise<void>;
  /** Frees the slot that an appointment has left, if there is one. */
  leave(session: FhirSession, appointmentId: string, slotId: string | undefined): Promise<void>;
}

/** How long a slot is kept for a move: longer than any request is on its way. After that the appointment tells whether it was made. */
const claimMs = 300_000;

/** The {@link SlotMoves} of a server. */
export function slotMoves(claims: SlotClaims, clock: Clock): SlotMoves {
  /** What does not change the truth of an appointment must not make its change fail: what is left over is told, and repaired later. */
  async function afterwards(session: FhirSession, slotId: string, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      session.logger.warn({ slotId, error }, "a FHIR slot could not be brought up to date");
    }
  }

  const leave: SlotMoves["leave"] = async (session, appointmentId, slotId) => {
    if (slotId === undefined) return;
    await afterwards(session, slotId, () => claims.leave(session, slotId, appointmentId));
  };

  const finish: SlotMoves["finish"] = async (session, appointmentId, { slotId, leftSlotId, callId }) => {
    await Promise.all([
      afterwards(session, slotId, () => claims.settle(session, slotId)),
      leave(session, appointmentId, leftSlotId),
      afterwards(session, slotId, () => claims.release(session, callId, slotId)),
    ]);
  };

  return {
    leave,
    finish,
    async move(session, resource, wanted) {
      const until = new Date(clock.now() + claimMs).toISOString();
      const taken = await claims.take(session, wanted, { callId: wanted.callId, kind: "booking", until });
      if (!taken) return { changed: undefined };
      const { slot, schedule } = taken;
      const leftSlotId = slotIdOf(resource, session.baseUrl);
      return {
        changed: movedTo(resource, slot, taken.resource.end, schedule.actors, session.baseUrl),
        leftSlotId,
        undo: () => afterwards(session, slot.id, () => claims.giveBack(session, taken)),
        follow: () => finish(session, resource.id, { slotId: slot.id, leftSlotId, callId: wanted.callId }),
      };
    },
  };
}
