import type { CampaignPorts } from "@clinic/sip-voice";
import { openClinicDatabase as openPostgres, openQueue } from "@clinic/sip-voice/postgres";
import { openClinicDatabase as openSqlite } from "@clinic/sip-voice/sqlite";
import pg from "pg";
import type { RunnerOrder } from "./runner-order.ts";

/** The storage ports of a campaign. */
type RunnerStore = Pick<
  CampaignPorts,
  "ledger" | "preferences" | "callLog" | "campaigns" | "queue" | "appointments"
>;

/** Longer than a busy machine lets a process wait. */
const patienceMs = 30_000;

/** Opens what a runner works on. */
export async function openRunnerStore({ kind, where }: RunnerOrder["store"]): Promise<RunnerStore> {
  if (kind === "sqlite") return openSqlite(where, { busyTimeoutMs: patienceMs });
  const pool = new pg.Pool({ connectionString: where, max: 6 });
  // What is lost when the server ends is told by whatever is asked next.
  pool.on("error", () => {});
  const database = await openPostgres(pool, { migrate: false, deadlineMs: patienceMs });
  return { ...database, queue: await openQueue(pool) };
}
