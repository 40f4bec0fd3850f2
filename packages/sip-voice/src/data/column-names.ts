/** The columns of a file of slots. */
export const slotColumnNames = [
  "id",
  "clinicId",
  "provider",
  "start",
  "timeZone",
  "durationMinutes",
  "location",
] as const;

/** The columns of a file of appointments. */
export const appointmentColumnNames = [
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
] as const;

/** A column of a file of appointments or slots. */
export type DataColumn = (typeof appointmentColumnNames)[number];

/** The columns that a file must have, where no default of the import stands for them. */
export const neededSlotColumns = ["id", "provider", "start"] as const satisfies readonly DataColumn[];
/** As {@link neededSlotColumns}, for appointments. */
export const neededAppointmentColumns = [
  ...neededSlotColumns,
  "patientId",
  "patientName",
  "phoneNumber",
] as const satisfies readonly DataColumn[];
