/**
 * Appointments and slots from CSV and to CSV, and invented clinics for demos and benchmarks.
 *
 * @module @clinic/sip-voice/data
 */
export type { DataColumn } from "./column-names.ts";
export type { DataFault, DataFaultCode, RejectedDataRow } from "./data-fault.ts";
export { type DemoClinic, type DemoClinicOptions, demoClinic } from "./demo-clinic.ts";
export { appointmentsCsv, slotsCsv } from "./export-data.ts";
export {
  type ImportOptions,
  type ImportProgress,
  type ImportResult,
  importAppointments,
  importSlots,
} from "./import-data.ts";
export { rejectedRowCsv, rejectsHeaderCsv } from "./rejects.ts";
export type { DataDefaults } from "./row-reading.ts";
