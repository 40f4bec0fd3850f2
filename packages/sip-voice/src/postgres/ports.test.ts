import { inject } from "vitest";
import type { AppointmentStore } from "../appointments/store.ts";
import {
  portInAnotherProcess,
  testAppointmentCalendar,
  testAppointmentStore,
  testCallLog,
  testCampaignStore,
  testContactPreferences,
  testDecisionLog,
  testLedger,
  testMessageLog,
  testStopSwitch,
} from "../testing/index.ts";
import type { ClinicDatabase } from "./clinic-database.ts";
import { throwAwaySchema } from "./throw-away-schema.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The address of the PostgreSQL server of the run, which all test files share; each case makes a schema of its own. */
    postgresUrl: string;
  }
}

/** A schema of its own for each case, with two pools. */
async function onServer<Port>(portOf: (database: ClinicDatabase) => Port) {
  const { open, dispose, schema } = throwAwaySchema(inject("postgresUrl"));
  const database = await open();
  return { schema, database, port: portOf(database), another: async () => portOf(await open()), dispose };
}

testAppointmentStore("postgres", async (seed) => {
  const subject = await onServer(({ appointments }) => appointments);
  await subject.database.addSlots(seed.slots);
  await subject.database.addAppointments(seed.appointments);
  const module = new URL("./rival-process.ts", import.meta.url);
  const place = `${inject("postgresUrl")} ${subject.schema}`;
  return { ...subject, another: () => portInAnotherProcess<AppointmentStore>(module, place) };
});

testAppointmentCalendar("postgres", async (seed) => {
  const subject = await onServer(({ appointments }) => appointments);
  await subject.database.addSlots(seed.slots);
  await subject.database.addAppointments(seed.appointments);
  return subject;
});
testDecisionLog("postgres", () => onServer(({ decisions }) => decisions));
testStopSwitch("postgres", () => onServer(({ stopSwitch }) => stopSwitch));
testMessageLog("postgres", () => onServer(({ messageLog }) => messageLog));
testLedger("postgres", () => onServer(({ ledger }) => ledger));
testCallLog("postgres", () => onServer(({ callLog }) => callLog));
testCampaignStore("postgres", () => onServer(({ campaigns }) => campaigns));
testContactPreferences("postgres", () => onServer(({ preferences }) => preferences));
