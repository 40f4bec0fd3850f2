/** `pnpm clinic-data import|export|demo`: a clinic's appointments and slots from CSV into its SQLite file, and back. */
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { SipVoiceError } from "@clinic/sip-voice";
import { appointmentsCsv, demoClinic, slotsCsv } from "@clinic/sip-voice/data";
import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
import { Argument, Command, Option } from "commander";
import { type ImportFlags, importFile } from "./import-file.ts";

const what = new Argument("<what>", "which of the two").choices(["appointments", "slots"]);
const database = new Option("--database <file>", "the clinic's SQLite file").default("clinic.sqlite");

const program = new Command("pnpm clinic-data").description(
  "A clinic's appointments and slots from CSV into its SQLite file, and back.",
);

program
  .command("import")
  .description("adds what is not there yet; after Ctrl-C or a crash the same command goes on where it was")
  .addArgument(what)
  .argument("<file>", "the CSV file; rows that are wrong go into <file>.rejects.csv, to be mended")
  .addOption(database)
  .option("--clinic <id>", "the clinic of rows that name none")
  .option("--time-zone <zone>", "the clinic's IANA time zone, for times without an offset")
  .option("--minutes <number>", "the length of rows that name none", Number)
  .option("--country <code>", "the country of numbers without +, as in US")
  .action(async (kind: "appointments" | "slots", file: string, flags: ImportFlags) => {
    process.exitCode = await importFile(kind, file, flags);
  });

program
  .command("export")
  .description("writes everything that a clinic has; the file holds patients' data")
  .addArgument(what)
  .argument("<file>", "the CSV file to write")
  .requiredOption("--clinic <id>", "the clinic")
  .addOption(database)
  .action(
    async (kind: "appointments" | "slots", file: string, flags: { clinic: string; database: string }) => {
      const store = openClinicDatabase(flags.database);
      try {
        const csv =
          kind === "slots"
            ? slotsCsv(store.listSlots(flags.clinic))
            : appointmentsCsv(store.listAppointments(flags.clinic));
        await pipeline(csv, createWriteStream(file, { mode: 0o600 }));
      } finally {
        store.close();
      }
    },
  );

program
  .command("demo")
  .description("fills a file with an invented clinic: 555-01xx numbers, always the same ones")
  .addOption(database)
  .option("--clinic <id>", "the clinic's id", "demo")
  .option("--appointments <number>", "how many appointments", Number, 500)
  .option("--free-slots <number>", "how many free slots", Number, 200)
  .requiredOption("--from <instant>", "when its first day begins, as in 2026-11-30T08:00:00-08:00")
  .action(
    async (flags: {
      database: string;
      clinic: string;
      appointments: number;
      freeSlots: number;
      from: string;
    }) => {
      const clinic = demoClinic({ ...flags, clinicId: flags.clinic });
      const store = openClinicDatabase(flags.database);
      try {
        const slots = await store.addSlots(clinic.slots());
        const appointments = await store.addAppointments(clinic.appointments());
        process.stdout.write(`${appointments} appointments and ${slots} slots are new.\n`);
      } finally {
        store.close();
      }
    },
  );

try {
  await program.parseAsync();
} catch (error) {
  const { code, path } = error as NodeJS.ErrnoException;
  if (!SipVoiceError.is(error) && !path) throw error;
  process.stderr.write(path ? `${path} can't be used: ${code}\n` : `${(error as Error).message}\n`);
  process.exitCode = 1;
}
