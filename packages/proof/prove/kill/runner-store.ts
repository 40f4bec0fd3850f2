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
export async function openRunnerStore({ store, campaignId }: RunnerOrder): Promise<RunnerStore> {
  const { kind, where } = store;
  if (kind === "sqlite") {
    const database = openSqlite(where, { busyTimeoutMs: patienceMs });
    return { ...database, queue: database.queueOf(campaignId) };
  }
  const pool = new pg.Pool({ connectionString: where, max: 6 });
  // What is lost when the server ends is told by whatever is asked next.
  pool.on("error", () => {});
  const database = await openPostgres(pool, { migrate: false, deadlineMs: patienceMs });
  return { ...database, queue: await openQueue(pool, { name: campaignId, deadlineMs: patienceMs }) };
}
