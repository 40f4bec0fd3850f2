import type { Appointment } from "../appointments/appointment.ts";
import { preferencesChange } from "../appointments/preferences.ts";
import type {
  AppointmentChange,
  AppointmentConflict,
  AppointmentResult,
  AppointmentStore,
  AppointmentWrite,
} from "../appointments/store.ts";
import type { Clock } from "../clock.ts";
import { slotIdOf, withPreferences, withStatus } from "./appointment-mapping.ts";
import type { AppointmentReader } from "./appointment-reader.ts";
import { type Change, type ChangeMade, changeKey, findChange, withChange } from "./changes-made.ts";
import type { FhirClient, FhirSession } from "./fhir-client.ts";
import type { Resource } from "./resources.ts";
import type { SlotClaims } from "./slot-claims.ts";
import { type SlotMoves, slotMoves } from "./slot-moves.ts";

type FhirAppointment = Resource<"Appointment">;

/** Reads an appointment and its resource, and changes them: on the version that was decided on, and once a call. */
export function appointmentChanges(
  client: FhirClient,
  reader: AppointmentReader,
  claims: SlotClaims,
  clock: Clock,
): Pick<
  AppointmentStore,
  "get" | "confirm" | "cancel" | "requestReschedule" | "reschedule" | "setPreferences"
> {
  const moves: SlotMoves = slotMoves(claims, clock);

  async function current(session: FhirSession, id: string) {
    const resource = await session.read("Appointment", id);
    const appointment = resource && (await reader.read(session, resource));
    return appointment && { resource, appointment };
  }

  const conflict = (kind: AppointmentConflict, appointment: Appointment | undefined): AppointmentResult => ({
    ok: false,
    conflict: kind,
    appointment,
  });

  function change(
    id: string,
    name: string,
    { version, callId }: AppointmentWrite,
    make: (session: FhirSession, resource: FhirAppointment, appointment: Appointment) => Promise<Change>,
    again: (session: FhirSession, made: ChangeMade) => Promise<void> = async () => {},
  ): Promise<AppointmentResult> {
    const key = changeKey(callId, name, version);
    return client.within(async (session) => {
      /** Why the change can't be made of what is there now; `undefined` when it can. */
      async function verdict(
        found: Awaited<ReturnType<typeof current>>,
      ): Promise<AppointmentResult | undefined> {
        if (!found) return conflict("AppointmentNotFound", undefined);
        const { resource, appointment } = found;
        const made = findChange(resource, key, session.baseUrl);
        if (made) {
          await again(session, made);
          return { ok: true, appointment };
        }
        if (appointment.status === "cancelled") return conflict("AppointmentCancelled", appointment);
        return appointment.version === version ? undefined : conflict("VersionConflict", appointment);
      }

      const found = await current(session, id);
      const early = await verdict(found);
      if (early || !found) return early ?? conflict("AppointmentNotFound", undefined);
      const { changed, leftSlotId, undo, follow } = await make(session, found.resource, found.appointment);
      if (!changed) return conflict("SlotTaken", found.appointment);
      const written = await session.update("Appointment", withChange(changed, { key, leftSlotId }));
      if (!written) {
        await undo?.();
        const now = await current(session, id);
        return (await verdict(now)) ?? conflict("VersionConflict", now?.appointment);
      }
      await follow?.();
      const appointment = await reader.read(session, written);
      return appointment ? { ok: true, appointment } : conflict("AppointmentNotFound", undefined);
    });
  }

  function changeStatus(name: AppointmentChange, status: "confirmed" | "reschedule-requested") {
    return (id: string, given: AppointmentWrite) =>
      change(id, name, given, async (session, resource) => ({
        changed: withStatus(resource, status, session.baseUrl),
      }));
  }

  return {
    get: (id) => client.within(async (session) => (await current(session, id))?.appointment),
    confirm: changeStatus("confirm", "confirmed"),
    requestReschedule: changeStatus("request-reschedule", "reschedule-requested"),
    cancel: (id, given) =>
      change(
        id,
        "cancel",
        given,
        async (session, resource) => {
          const leftSlotId = slotIdOf(resource, session.baseUrl);
          return {
            changed: withStatus(resource, "cancelled", session.baseUrl),
            leftSlotId,
            follow: () => moves.leave(session, id, leftSlotId),
          };
        },
        (session, { leftSlotId }) => moves.leave(session, id, leftSlotId),
      ),
    reschedule: (id, { slotId, at, ...given }) =>
      change(
        id,
        `reschedule ${slotId}`,
        given,
        (session, resource, { clinicId }) =>
          moves.move(session, resource, { slotId, clinicId, callId: given.callId, at }),
        (session, { leftSlotId }) => moves.finish(session, id, { slotId, leftSlotId, callId: given.callId }),
      ),
    setPreferences: (id, { preferences, ...given }) =>
      change(id, preferencesChange(preferences), given, async (_session, resource) => ({
        changed: withPreferences(resource, preferences),
      })),
  };
}
