import { parseInstant } from "../appointments/instant.ts";
import type { AppointmentStore } from "../appointments/store.ts";
import { type Clock, systemClock } from "../clock.ts";
import { actorNames } from "./actor-names.ts";
import { appointmentChanges } from "./appointment-changes.ts";
import { appointmentReader } from "./appointment-reader.ts";
import { appointmentSearch } from "./appointment-search.ts";
import { fhirCallBacks } from "./call-backs.ts";
import { type FhirClientOptions, fhirClient } from "./fhir-client.ts";
import { type FhirClinic, fhirClinics } from "./fhir-clinics.ts";
import { openSlots } from "./open-slots.ts";
import { schedulesOf } from "./schedules.ts";
import { slotClaims } from "./slot-claims.ts";
import { confirmationCodes } from "./vocabulary.ts";

/** Settings of {@link fhirAppointmentStore}. */
export interface FhirStoreOptions extends FhirClientOptions {
  /** The clinics of the server, by the id that the agent knows them by. */
  readonly clinics: Readonly<Record<string, FhirClinic>>;
  /** The identifier system of the codes that patients are given at booking (`Appointment.identifier`); the package's own unless given. */
  readonly confirmationCodeSystem?: string;
  /** By which holds run out where a question names no instant; the machine's clock unless given. */
  readonly clock?: Clock;
}

/**
 * The clinic's appointments on a FHIR R4 server (https://hl7.org/fhir/R4/): Patient, Appointment, Slot and Schedule, with Tasks for
 * call-backs. The server must keep versions and honour `If-Match`; whether it answers a conflict with 412 or 409 is all the same.
 * `docs/guides/fhir.md` says which elements and searches are used. A conflict is a value; whatever is wrong with the server throws
 * `SipVoiceError` `store-unavailable`. After one that says so, the last step may have been kept: the same change may be asked for again.
 *
 * @throws SipVoiceError `invalid-option` when the address is not `https:`, or a clinic could be mistaken for another one
 * @example
 * ```ts
 * import { fhirAppointmentStore } from "@clinic/sip-voice/fhir";
 *
 * const appointments = fhirAppointmentStore({
 *   baseUrl: "https://fhir.example/r4",
 *   clinics: {
 *     riverside: {
 *       timeZone: "America/Los_Angeles",
 *       locations: [{ id: "loc-1" }, { id: "loc-2", spokenAs: "North" }],
 *     },
 *   },
 * });
 * console.log(await appointments.get("appointment-maria"));
 * ```
 */
export function fhirAppointmentStore(options: FhirStoreOptions): AppointmentStore {
  const { clock = systemClock, confirmationCodeSystem = confirmationCodes } = options;
  const client = fhirClient(options);
  const clinics = fhirClinics(options.clinics);
  const names = actorNames(clock);
  const schedules = schedulesOf(clinics, names, clock);
  const claims = slotClaims(schedules, clock);
  const reader = appointmentReader(clinics, names, confirmationCodeSystem);
  return {
    ...appointmentSearch(client, clinics, reader, confirmationCodeSystem),
    ...appointmentChanges(client, reader, claims, clock),
    ...fhirCallBacks(client),
    openSlots: (query) =>
      client.within((session) => openSlots(session, query, { clinics, schedules, claims })),
    async holdSlot(slotId, { clinicId, callId, until, at }) {
      const { text } = parseInstant(until, "invalid-option", "until");
      return await client.within(async (session) => {
        const claim = { callId, kind: "hold", until: text } as const;
        const taken = await claims.take(session, { slotId, clinicId, callId, at }, claim);
        if (!taken) return { ok: false, conflict: "SlotTaken" };
        await claims.release(session, callId, slotId);
        return { ok: true, slot: taken.slot };
      });
    },
  };
}
