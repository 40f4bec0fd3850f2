/** A column of a file of appointments or slots. */
export type DataColumn =
  | "id"
  | "clinicId"
  | "provider"
  | "start"
  | "timeZone"
  | "durationMinutes"
  | "location"
  | "status"
  | "slotId"
  | "confirmationCode"
  | "patientId"
  | "patientName"
  | "phoneNumber"
  | "dateOfBirth"
  | "place"
  | "language"
  | "patientTimeZone"
  | "walkIn"
  | "reminderChannel"
  | "reminderHoursBefore";

/** The columns of a file of slots. */
export const slotColumnNames: readonly DataColumn[] = [
  "id",
  "clinicId",
  "provider",
  "start",
  "timeZone",
  "durationMinutes",
  "location",
];

/** The columns of a file of appointments. */
export const appointmentColumnNames: readonly DataColumn[] = [
  ...slotColumnNames,
  "status",
  "slotId",
  "confirmationCode",
  "patientId",
  "patientName",
  "phoneNumber",
  "dateOfBirth",
  "place",
  "language",
  "patientTimeZone",
  "walkIn",
  "reminderChannel",
  "reminderHoursBefore",
];

/** The columns that a file must have, where no default of the import stands for them. */
export const neededSlotColumns: readonly DataColumn[] = ["id", "provider", "start"];
/** As {@link neededSlotColumns}, for appointments. */
export const neededAppointmentColumns: readonly DataColumn[] = [
  ...neededSlotColumns,
  "patientId",
  "patientName",
  "phoneNumber",
];
