/**
 * A process that writes until it is killed, and tells of each step that was acknowledged:
 * `node writer.ts sqlite|postgres <where> <line> [unprivileged]`.
 */

import { SipVoiceError } from "@clinic/sip-voice";
import { openClinicDatabase as openPostgres } from "@clinic/sip-voice/postgres";
import { openClinicDatabase as openSqlite } from "@clinic/sip-voice/sqlite";
import pg from "pg";
import { takeStep, type WrittenPorts } from "./written-line.ts";

/** What a writer says: how many steps were acknowledged, or with what the next one failed. */
export type WriterMessage = { readonly acknowledged: number } | { readonly failure: string };

/** Both databases count the versions of an appointment from 1. */
export const versionAfter = (changes: number): string => String(changes + 1);

/** Nobody, on Linux and most others. */
const nobody = 65_534;
const mostSteps = 100_000;

async function open(kind: string, where: string): Promise<WrittenPorts> {
  if (kind === "sqlite") return { ...openSqlite(where, { busyTimeoutMs: 60_000 }), versionAfter };
  const pool = new pg.Pool({ connectionString: where, max: 2 });
  // The server may be the one that dies.
  pool.on("error", () => {});
  return { ...(await openPostgres(pool, { deadlineMs: 60_000, migrate: false })), versionAfter };
}

const [kind = "", where = "", line = "", as] = process.argv.slice(2);
if (import.meta.main) {
  const say = (message: WriterMessage) => process.send?.(message);
  process.once("disconnect", () => process.exit());
  if (as === "unprivileged" && process.getuid?.() === 0) process.seteuid?.(nobody);
  try {
    const ports = await open(kind, where);
    say({ acknowledged: 0 });
    for (let step = 0; step < mostSteps; step++) {
      await takeStep(ports, line, step);
      say({ acknowledged: step + 1 });
    }
  } catch (error) {
    const failure = SipVoiceError.is(error) ? error.code : String(error);
    process.send?.({ failure } satisfies WriterMessage, () => process.exit());
  }
}
