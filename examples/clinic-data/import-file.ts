import { createReadStream } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import {
  type ImportOptions,
  type ImportProgress,
  importAppointments,
  importSlots,
  type RejectedDataRow,
  rejectedRowCsv,
  rejectsHeaderCsv,
} from "@clinic/sip-voice/data";
import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
import { ImportMark } from "./import-mark.ts";

/** What `import` is told on the command line. */
export interface ImportFlags {
  readonly database: string;
  readonly clinic?: string;
  readonly timeZone?: string;
  readonly minutes?: number;
  readonly country?: string;
}

/** What a shell gives for Ctrl-C. */
const interrupted = 130;

/** How many faults are told; all of them are in the rejects file. */
const mostTold = 20;

function defaultsOf({ clinic, timeZone, minutes, country }: ImportFlags): ImportOptions {
  return {
    ...(clinic === undefined ? {} : { clinicId: clinic }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(minutes === undefined ? {} : { durationMinutes: minutes }),
    ...(country === undefined ? {} : { defaultCountry: country }),
  };
}

/** Imports a file, and goes on where it was ended before; gives the exit code. */
export async function importFile(
  kind: "appointments" | "slots",
  file: string,
  flags: ImportFlags,
): Promise<number> {
  const mark = new ImportMark(`${file}.progress`, await stat(file), [kind, flags.database]);
  const { line: afterLine, rejectsBytes } = await mark.read();
  if (afterLine > 0) process.stderr.write(`going on after line ${afterLine}\n`);
  const rejects = await open(`${file}.rejects.csv`, "a", 0o600);
  await rejects.truncate(rejectsBytes);
  let written = rejectsBytes;
  let rejected = 0;
  async function onReject(reject: RejectedDataRow, header: readonly string[]): Promise<void> {
    const text = `${written === 0 ? rejectsHeaderCsv(header) : ""}${rejectedRowCsv(reject)}`;
    await rejects.write(text);
    written += Buffer.byteLength(text);
    rejected += 1;
    if (rejected > mostTold) return;
    for (const { column, shape, remedy } of reject.faults) {
      process.stderr.write(`line ${reject.line}, ${column} (${shape}): ${remedy}\n`);
    }
  }
  async function onProgress({ line, added, known }: ImportProgress): Promise<void> {
    await mark.write({ line, rejectsBytes: written });
    process.stderr.write(`line ${line}: ${added} new, ${known} known, ${rejected} rejected\n`);
  }

  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  const store = openClinicDatabase(flags.database);
  try {
    const options = { ...defaultsOf(flags), afterLine, onReject, onProgress, signal: stop.signal };
    const source = createReadStream(file);
    const result = await (kind === "slots" ? importSlots : importAppointments)(source, store, options);
    if (!result.isComplete) {
      process.stderr.write("ended; the same command goes on from here\n");
      return interrupted;
    }
    await mark.remove();
    process.stdout.write(`${result.added} new, ${result.known} known, ${result.rejected} rejected\n`);
    return result.rejected > 0 ? 1 : 0;
  } finally {
    store.close();
    await rejects.close();
    if (written === 0) await rm(`${file}.rejects.csv`);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, onSignal);
  }
}
