import type { Appointment, AppointmentStatus, Patient, Slot } from "../appointments/appointment.ts";
import type { AppointmentPreferences, ReminderPreference } from "../appointments/preferences.ts";
import type { KnownClinic } from "./fhir-clinics.ts";
import { type Extension, type Reference, type Resource, targetOf } from "./resources.ts";
import {
  cancellationReasons,
  extensionAt,
  partsOf,
  textIn,
  timeZoneOfInstant,
  wishes,
  withExtensions,
} from "./vocabulary.ts";

type FhirAppointment = Resource<"Appointment">;
type Participant = NonNullable<FhirAppointment["participant"]>[number];

/** What the agent's words for an appointment are in FHIR: its own status, and that of the patient's participation. */
const statuses = {
  booked: "needs-action",
  confirmed: "accepted",
  "reschedule-requested": "declined",
} as const satisfies Partial<Record<AppointmentStatus, string>>;

/** Statuses of appointments that are still to come. `pending` waits for somebody's answer. */
export const upcomingStatuses = ["booked", "pending"] as const;
/** Statuses of appointments that take up no slot (any more). */
const slotless = new Set(["cancelled", "entered-in-error", "proposed", "waitlist"]);

/** Whether an appointment takes up the slot that it names. */
export const takesSlot = ({ status }: FhirAppointment): boolean => !slotless.has(status);

const isPatient = ({ actor }: Participant, baseUrl: string): boolean =>
  actor !== undefined && targetOf(actor, baseUrl)?.type === "Patient";

/** The id of the patient who comes. */
export function patientIdOf({ participant = [] }: FhirAppointment, baseUrl: string): string | undefined {
  const patient = participant.find((one) => isPatient(one, baseUrl))?.actor;
  return patient && targetOf(patient, baseUrl)?.id;
}

/** Who and what takes part. */
export function actorsOf({ participant = [] }: FhirAppointment): Reference[] {
  return participant.map(({ actor }) => actor).filter((actor) => actor !== undefined);
}

/** Where the appointment stands; `undefined` for one that is over, or was never one. */
export function statusOf(
  { status, participant = [] }: FhirAppointment,
  baseUrl: string,
): AppointmentStatus | undefined {
  if (status === "cancelled") return "cancelled";
  if (!upcomingStatuses.some((one) => one === status)) return undefined;
  const answer = participant.find((one) => isPatient(one, baseUrl))?.status;
  if (answer === statuses.confirmed) return "confirmed";
  return answer === statuses["reschedule-requested"] ? "reschedule-requested" : "booked";
}

/** The id of the slot that the appointment names first. */
export function slotIdOf({ slot = [] }: FhirAppointment, baseUrl: string): string | undefined {
  const target = slot[0] && targetOf(slot[0], baseUrl);
  return target?.type === "Slot" ? target.id : undefined;
}

function minutesOf({ minutesDuration, start, end }: FhirAppointment): number {
  return minutesDuration ?? (Date.parse(end ?? "") - Date.parse(start ?? "")) / 60_000;
}

/** What a resource's neighbours say of an appointment. */
export interface AppointmentSurroundings {
  readonly clinic: KnownClinic;
  readonly patient: Patient;
  readonly provider: string;
  readonly location: string | undefined;
  /** The identifier system of confirmation codes. */
  readonly codeSystem: string;
}

/** The appointment of a resource; `undefined` for one that is over, or says not when it is. */
export function appointmentOf(
  resource: FhirAppointment,
  { clinic, patient, provider, location, codeSystem }: AppointmentSurroundings,
  baseUrl: string,
): Appointment | undefined {
  const status = statusOf(resource, baseUrl);
  const { start = "" } = resource;
  const durationMinutes = minutesOf(resource);
  if (status === undefined || Number.isNaN(Date.parse(start)) || Number.isNaN(durationMinutes))
    return undefined;
  const code = resource.identifier?.find(({ system }) => system === codeSystem)?.value;
  const preferences = preferencesOf(resource);
  return {
    id: resource.id,
    version: resource.meta?.versionId ?? "",
    clinicId: clinic.id,
    patient,
    provider,
    start,
    timeZone: textIn(extensionAt(resource._start, timeZoneOfInstant), "valueCode") ?? clinic.timeZone,
    durationMinutes,
    status,
    slotId: slotIdOf(resource, baseUrl),
    ...(location === undefined ? {} : { location }),
    ...(code === undefined ? {} : { confirmationCode: code }),
    ...(preferences === undefined ? {} : { preferences }),
  };
}

/** The resource at another status. */
export function withStatus(
  resource: FhirAppointment,
  status: AppointmentStatus,
  baseUrl: string,
): FhirAppointment {
  if (status === "cancelled") {
    const coding = [{ system: cancellationReasons, code: "pat", display: "Patient" }];
    return { ...resource, status, cancelationReason: { coding } };
  }
  const participant = resource.participant?.map((one) =>
    isPatient(one, baseUrl) ? { ...one, status: statuses[status] } : one,
  );
  return { ...resource, participant };
}

/** The resource at the time and place of a slot, with whom its schedule names in place of those who were to be there. */
export function movedTo(
  resource: FhirAppointment,
  slot: Slot,
  end: string,
  actors: readonly Reference[],
  baseUrl: string,
): FhirAppointment {
  const replaced = new Set(["Practitioner", "PractitionerRole", "Location", "HealthcareService"]);
  const kept = (resource.participant ?? []).filter(
    ({ actor }) => !actor || !replaced.has(targetOf(actor, baseUrl)?.type ?? ""),
  );
  const zone = { url: timeZoneOfInstant, valueCode: slot.timeZone };
  const moved = {
    ...resource,
    status: "booked",
    start: slot.start,
    _start: { ...resource._start, extension: withExtensions(resource._start, timeZoneOfInstant, [zone]) },
    end,
    minutesDuration: slot.durationMinutes,
    slot: [{ reference: `Slot/${slot.id}` }],
    participant: [...kept, ...actors.map((actor) => ({ actor, status: "accepted" }))],
  };
  return withStatus(moved, "booked", baseUrl);
}

function preferencesOf(resource: FhirAppointment): AppointmentPreferences | undefined {
  const parts = partsOf(extensionAt(resource, wishes));
  const walkIn = parts.get("walk-in")?.valueBoolean;
  const channel = textIn(parts.get("reminder-channel"), "valueCode") as
    | ReminderPreference["channel"]
    | undefined;
  const hours = parts.get("reminder-hours-before")?.valueDecimal;
  const reminder = channel && {
    channel,
    ...(typeof hours === "number" ? { hoursBefore: hours } : {}),
  };
  if (typeof walkIn !== "boolean" && !reminder) return undefined;
  return { ...(typeof walkIn === "boolean" ? { walkIn } : {}), ...(reminder ? { reminder } : {}) };
}

/** The resource with a patient's wishes; one that is left out stays as it was. */
export function withPreferences(resource: FhirAppointment, given: AppointmentPreferences): FhirAppointment {
  const { walkIn, reminder } = { ...preferencesOf(resource), ...given };
  const parts: Extension[] = [];
  if (walkIn !== undefined) parts.push({ url: "walk-in", valueBoolean: walkIn });
  if (reminder) parts.push({ url: "reminder-channel", valueCode: reminder.channel });
  if (reminder?.hoursBefore !== undefined) {
    parts.push({ url: "reminder-hours-before", valueDecimal: reminder.hoursBefore });
  }
  return { ...resource, extension: withExtensions(resource, wishes, [{ url: wishes, extension: parts }]) };
}
