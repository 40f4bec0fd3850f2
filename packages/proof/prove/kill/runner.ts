/** A runner's process: `node runner.ts <order as JSON>`; what it notes goes to its file descriptor 3. */

import { reconcileAttempts, silentLogger, systemClock } from "@clinic/sip-voice";
import { liveKitDialer, liveKitRoomGateway } from "@clinic/sip-voice/livekit";
import { openClinicDatabase as openPostgres } from "@clinic/sip-voice/postgres";
import { type ClinicDatabase, openClinicDatabase as openSqlite } from "@clinic/sip-voice/sqlite";
import pg from "pg";
import { Mortality } from "./death.ts";
import type { RunnerOrder } from "./runner-order.ts";
import { workOff } from "./work-off.ts";

const notes = 3;

type Store = Pick<ClinicDatabase, "ledger" | "preferences" | "callLog">;

async function storeOf({ store }: RunnerOrder): Promise<Store> {
  if (store.kind === "sqlite") return openSqlite(store.where, { busyTimeoutMs: 30_000 });
  const pool = new pg.Pool({ connectionString: store.where, max: 4 });
  pool.on("error", () => {});
  return await openPostgres(pool, { migrate: false, deadlineMs: 30_000 });
}

if (import.meta.main) {
  const order = JSON.parse(process.argv[2] ?? "") as RunnerOrder;
  const { ledger, preferences, callLog } = await storeOf(order);
  const mortality = new Mortality(order.death, notes);
  const ports = {
    ledger: mortality.around("ledger", ledger),
    preferences: mortality.around("preferences", preferences),
    callLog: mortality.around("callLog", callLog),
    rooms: mortality.around("rooms", await liveKitRoomGateway(order.liveKit)),
    dialer: mortality.around("dialer", await liveKitDialer(order.liveKit)),
    clock: systemClock,
    logger: silentLogger,
  };
  await reconcileAttempts(ports);
  await workOff(ports, order);
  process.exit(0);
}
