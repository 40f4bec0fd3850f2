import { inject } from "vitest";
import { testCallLog, testContactPreferences, testLedger } from "../testing/index.ts";
import type { ClinicDatabase } from "./clinic-database.ts";
import { throwAwaySchema } from "./throw-away-schema.ts";

/** A schema of its own for each case, with two pools. */
async function onServer<Port>(portOf: (database: ClinicDatabase) => Port) {
  const { open, dispose } = throwAwaySchema(inject("postgresUrl"));
  return { port: portOf(await open()), another: async () => portOf(await open()), dispose };
}

testLedger("postgres", () => onServer(({ ledger }) => ledger));
testCallLog("postgres", () => onServer(({ callLog }) => callLog));
testContactPreferences("postgres", () => onServer(({ preferences }) => preferences));
