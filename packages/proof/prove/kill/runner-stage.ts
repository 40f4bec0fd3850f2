import {
  attemptOfTelephone,
  type CallingPolicy,
  type CallLog,
  type Ledger,
  type ReconcileReport,
  reconcileAttempts,
  silentLogger,
  systemClock,
} from "@clinic/sip-voice";
import { liveKitRoomGateway } from "@clinic/sip-voice/livekit";
import { type Lab, labCallingPolicy } from "@clinic/sip-voice-lab";
import { eventually } from "../../src/eventually.ts";
import type { RunnerOrder } from "./runner-order.ts";

/** Where runners work, and where it is seen what they did. */
export interface RunnerStage {
  readonly lab: Lab;
  /** Whose callees they call. */
  readonly part: number;
  /** Begins every attempt id. */
  readonly prefix: string;
  readonly store: RunnerOrder["store"];
  readonly ledger: Ledger;
  readonly callLog: CallLog;
}

/** Longer than ringing, call limit and grace of every attempt here. */
const laterMs = 600_000;

/** The usual rules, but caps that are never what keeps a telephone from ringing twice. */
const policy: CallingPolicy = {
  ...labCallingPolicy,
  caps: { perNumberPerDay: 99, perNumberPerWeek: 99, perClinicPerDay: 99_999, concurrency: 9_999 },
};

/** What every runner of a stage is told. */
export function orderOf({ lab, part, prefix, store }: RunnerStage) {
  const { url, apiKey, apiSecret } = lab.sip;
  const liveKit = { url, apiKey, apiSecret, trunkId: lab.outboundTrunkId };
  return { store, liveKit, policy, part, prefix, from: 0 } as const;
}

/** How often each attempt of a stage rang, as the stand-in saw it. */
export function attemptsRung({ lab, prefix }: RunnerStage): ReadonlyMap<string, number> {
  const rings = new Map<string, number>();
  for (const { identity } of lab.sip.rings()) {
    const attemptId = attemptOfTelephone(identity);
    if (attemptId?.startsWith(`${prefix}:`)) rings.set(attemptId, (rings.get(attemptId) ?? 0) + 1);
  }
  return rings;
}

/** A dial goes on without its runner: waits until no telephone rings and nobody talks. */
export async function callsAreOver({ lab, prefix }: RunnerStage): Promise<void> {
  const isOurs = (identity: string): boolean =>
    attemptOfTelephone(identity)?.startsWith(`${prefix}:`) ?? false;
  // A dial may be on its way to the telephone.
  await eventually(() => false, 1_000);
  const { came } = await eventually(() => !lab.sip.lines().some(({ identity }) => isOurs(identity)), 60_000);
  if (!came) throw new Error("Calls go on after their limit.");
}

/** What a runner does on its start, ten minutes later: nobody waits for limits that were meant for telephones. */
export async function reconcileLater({ lab, ledger, callLog }: RunnerStage): Promise<ReconcileReport> {
  const { url, apiKey, apiSecret } = lab.sip;
  const rooms = await liveKitRoomGateway({ url, apiKey, apiSecret });
  const clock = { ...systemClock, now: () => Date.now() + laterMs };
  return await reconcileAttempts({ ledger, callLog, rooms, clock, logger: silentLogger });
}
