import { chmod, copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
import { type Claim, ClaimTally } from "../../src/claim.ts";
import type { RunContext } from "../../src/run-context.ts";
import { versionAfter } from "./writer.ts";
import { startCrampedWriter, startUnprivilegedWriter } from "./writer-process.ts";
import { expectedOf, seedOf, takeStep, visibleOf } from "./written-line.ts";

const kibibytes = [400, 600, 1_000, 1_600] as const;
/** More than a writer writes before its disk is full: steps that are taken once there is space. */
const stepsAfterwards = 30;

/** A disk that is full and a file that can't be written to: both say so, and what was acknowledged is there. */
export async function fullDisk({ onEnd, quick, signal }: RunContext, folder: string): Promise<Claim[]> {
  const full = new ClaimTally(
    "SQLite: a full disk gives StoreUnavailable, loses nothing, and writing goes on once there is space",
  );
  for (const [ordinal, size] of kibibytes.slice(0, quick ? 2 : undefined).entries()) {
    signal.throwIfAborted();
    const file = join(folder, `full-${ordinal}.db`);
    const line = `line-full-${ordinal}`;
    const first = openClinicDatabase(file);
    const { slots, appointments } = seedOf(line);
    await first.addSlots(slots);
    await first.addAppointments(appointments);
    first.close();
    const writer = startCrampedWriter(file, line, size);
    onEnd(() => writer.child.kill("SIGKILL"));
    await writer.ended;
    const told = writer.acknowledged();
    const database = openClinicDatabase(file);
    const ports = { ...database, versionAfter };
    const isWhole = (await visibleOf(ports, line, told)) === (await expectedOf(line, told));
    const isSaid = writer.failure() === "store-unavailable";
    full.try(
      isSaid && told > 0 && isWhole,
      `${size} KiB: ${writer.failure()} after ${told} steps, whole: ${isWhole}`,
    );
    for (let step = told; step < told + stepsAfterwards; step++) await takeStep(ports, line, step);
    const later =
      (await visibleOf(ports, line, told + stepsAfterwards)) ===
      (await expectedOf(line, told + stepsAfterwards));
    full.try(later, `${size} KiB: it did not go on after ${told} steps`);
    full.note(`${size} KiB: full after ${told} steps`);
    database.close();
  }

  const readOnly = new ClaimTally(
    "SQLite: a file or a folder that can't be written to gives StoreUnavailable",
  );
  // Whoever is not the owner has to get to what is in it.
  await chmod(folder, 0o755);
  const seeded = join(folder, "seeded.db");
  openClinicDatabase(seeded).close();
  for (const [name, fileMode, folderMode] of [
    ["file", 0o444, 0o755],
    ["folder", 0o444, 0o555],
  ] as const) {
    const place = join(folder, `read-only-${name}`);
    const file = join(place, "clinic.db");
    await mkdir(place);
    await copyFile(seeded, file);
    await chmod(file, fileMode);
    await chmod(place, folderMode);
    const writer = startUnprivilegedWriter(file, `line-${name}`);
    onEnd(() => writer.child.kill("SIGKILL"));
    await writer.ended;
    await chmod(place, 0o755);
    const failure = writer.failure();
    readOnly.try(failure === "store-unavailable", `a read-only ${name}: ${failure ?? "no failure"}`);
  }
  return [full.result(), readOnly.result()];
}
