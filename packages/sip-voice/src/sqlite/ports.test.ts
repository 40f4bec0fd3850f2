import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppointmentStore } from "../appointments/store.ts";
import { claimLapsesAfterMs, type Queue } from "../campaign/queue.ts";
import {
  portInAnotherProcess,
  simulatedClock,
  testAppointmentCalendar,
  testAppointmentStore,
  testCallLog,
  testCampaignStore,
  testContactPreferences,
  testDecisionLog,
  testLedger,
  testMessageLog,
  testQueue,
  testStopSwitch,
} from "../testing/index.ts";
import { type ClinicDatabase, openClinicDatabase } from "./clinic-database.ts";
import { openDatabase } from "./database.ts";
import { sqliteQueue } from "./queue.ts";

/** A file of its own for each case, with two connections. */
function onFile<Port>(portOf: (database: ClinicDatabase) => Port) {
  const folder = mkdtempSync(join(tmpdir(), "sip-voice-sqlite-"));
  const databases: ClinicDatabase[] = [];
  const open = (): ClinicDatabase => {
    const database = openClinicDatabase(join(folder, "clinic.db"));
    databases.push(database);
    return database;
  };
  const database = open();
  return {
    path: join(folder, "clinic.db"),
    database,
    port: portOf(database),
    another: () => portOf(open()),
    dispose() {
      for (const one of databases) one.close();
      rmSync(folder, { recursive: true });
    },
  };
}

testAppointmentStore("sqlite", async (seed) => {
  const subject = onFile(({ appointments }) => appointments);
  await subject.database.addSlots(seed.slots);
  await subject.database.addAppointments(seed.appointments);
  const module = new URL("./rival-process.ts", import.meta.url);
  return { ...subject, another: () => portInAnotherProcess<AppointmentStore>(module, subject.path) };
});
testAppointmentCalendar("sqlite", async (seed) => {
  const subject = await onFile(({ appointments }) => appointments);
  await subject.database.addSlots(seed.slots);
  await subject.database.addAppointments(seed.appointments);
  return subject;
});
testDecisionLog("sqlite", () => onFile(({ decisions }) => decisions));
testStopSwitch("sqlite", () => onFile(({ stopSwitch }) => stopSwitch));
testMessageLog("sqlite", () => onFile(({ messageLog }) => messageLog));
testLedger("sqlite", () => onFile(({ ledger }) => ledger));
testCallLog("sqlite", () => onFile(({ callLog }) => callLog));
testContactPreferences("sqlite", () => onFile(({ preferences }) => preferences));
testCampaignStore("sqlite", () => onFile(({ campaigns }) => campaigns));
testQueue("sqlite", () => {
  const clock = simulatedClock(Date.now());
  const folder = mkdtempSync(join(tmpdir(), "sip-voice-queue-"));
  const databases = [1, 2].map(() => openDatabase(join(folder, "clinic.db"), 5_000));
  const [port, other] = databases.map((database) => sqliteQueue(database, clock, "recall")) as [Queue, Queue];
  return {
    port,
    another: () => other,
    lapse: () => clock.advance(claimLapsesAfterMs),
    dispose() {
      for (const database of databases) database.close();
      rmSync(folder, { recursive: true });
    },
  };
});
