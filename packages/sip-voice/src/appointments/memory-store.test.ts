import { testAppointmentCalendar, testAppointmentStore } from "../testing/index.ts";
import { memoryAppointmentStore } from "./memory-store.ts";

testAppointmentStore("memory", (seed) => ({ port: memoryAppointmentStore(seed) }));
testAppointmentCalendar("memory", (seed) => ({ port: memoryAppointmentStore(seed) }));
