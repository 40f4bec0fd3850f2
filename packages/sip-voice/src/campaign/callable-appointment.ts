import type { Appointment } from "../appointments/appointment.ts";
import type { AppointmentStore } from "../appointments/store.ts";
import type { CampaignContact } from "./contact.ts";
import type { SkipReason } from "./try-result.ts";

/** What a contact can be called about. */
export type CallableAppointment = { readonly appointment: Appointment } | { readonly reason: SkipReason };

function reasonNot(
  { phoneNumber }: CampaignContact,
  { patient, status, start }: Appointment,
  isLaterTry: boolean,
  now: number,
): SkipReason | undefined {
  if (patient.phoneNumber !== phoneNumber) return "other-number";
  if (status === "cancelled") return "cancelled";
  if (!(Date.parse(start) > now)) return "begun";
  // Who called back after a first try, or decided on the web, is not bothered again.
  return isLaterTry && status !== "booked" ? "decided" : undefined;
}

/** What the list knows of the patient, where the store does not. */
function completed(appointment: Appointment, { timeZone, place, language }: CampaignContact): Appointment {
  const patient = {
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(place === undefined ? {} : { place }),
    ...(language === undefined ? {} : { language }),
    ...appointment.patient,
  };
  return { ...appointment, patient };
}

/** The appointment that an attempt was made for, whatever has become of it since. */
export async function appointmentOfAttempt(
  contact: CampaignContact,
  appointments: Pick<AppointmentStore, "get">,
  appointmentId: string | undefined,
): Promise<Appointment | undefined> {
  const own = contact.appointments.find(({ id }) => id === appointmentId) ?? contact.appointments[0];
  if (!own) return undefined;
  return (await appointments.get(own.id)) ?? own.details;
}

/** The first of a contact's appointments, by their start, that the contact can be called about; else why there is none. */
export async function callableAppointment(
  contact: CampaignContact,
  appointments: Pick<AppointmentStore, "get">,
  isLaterTry: boolean,
  now: number,
): Promise<CallableAppointment> {
  const found: Appointment[] = [];
  for (const { id, details } of contact.appointments) {
    const appointment = (await appointments.get(id)) ?? details;
    if (appointment) found.push(appointment);
  }
  found.sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
  let reason: SkipReason = "no-appointment";
  for (const appointment of found) {
    const not = reasonNot(contact, appointment, isLaterTry, now);
    if (!not) return { appointment: completed(appointment, contact) };
    reason = not;
  }
  return { reason };
}
