import { testAppointmentStore } from "../testing/index.ts";
import { memoryAppointmentStore } from "./memory-store.ts";

testAppointmentStore("memory", (seed) => ({ port: memoryAppointmentStore(seed) }), {
  skip: {
    "lets a patient come back to an earlier choice on the same call":
      "the memory store forgets which version a call's change was decided on",
  },
});
