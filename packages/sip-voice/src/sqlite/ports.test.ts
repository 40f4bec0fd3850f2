import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testAppointmentStore, testCallLog, testContactPreferences, testLedger } from "../testing/index.ts";
import { type ClinicDatabase, openClinicDatabase } from "./clinic-database.ts";

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
  return subject;
});
testLedger("sqlite", () => onFile(({ ledger }) => ledger));
testCallLog("sqlite", () => onFile(({ callLog }) => callLog));
testContactPreferences("sqlite", () => onFile(({ preferences }) => preferences));
