import {
  type Appointment,
  attemptOfTelephone,
  type CallingPolicy,
  type CallLog,
  type CampaignStore,
  defaultRetryPlan,
  type Ledger,
  type ReconcileReport,
  type RetryPlan,
  reconcileAttempts,
  silentLogger,
  systemClock,
} from "@clinic/sip-voice";
import { liveKitRoomGateway } from "@clinic/sip-voice/livekit";
import { type Lab, labCallingPolicy } from "@clinic/sip-voice-lab";
import { eventually } from "../../src/eventually.ts";
import { calleeOf, plugIn } from "./callees.ts";
import type { RunnerOrder } from "./runner-order.ts";

/** What a stage is set up with. */
export interface RunnerStageOptions {
  readonly lab: Lab;
  /** Whose callees are called: 0, 1 or 2. */
  readonly part: number;
  /** Names the campaign, and so begins every attempt id. */
  readonly campaignId: string;
  readonly store: RunnerOrder["store"];
  readonly database: {
    readonly ledger: Ledger;
    readonly callLog: CallLog;
    readonly campaigns: CampaignStore;
    addAppointments(appointments: Iterable<Omit<Appointment, "version">>): Promise<number>;
  };
  /** How many calls begin in a second, over all runners. */
  readonly callsPerSecond: number;
  readonly agentName: string;
  readonly agentPatienceMs: number;
}

/** Longer than ringing, call limit and grace of every attempt here. */
const laterMs = 600_000;

/** The usual rules, but caps that are never what keeps a telephone from ringing twice. */
const policy: CallingPolicy = {
  ...labCallingPolicy,
  caps: { perNumberPerDay: 99, perNumberPerWeek: 99, perClinicPerDay: 99_999, concurrency: 9_999 },
};

const at = (afterMs: number) => ({ again: true, afterMs, burnsNone: true }) as const;
const over = { again: false } as const;
/** Who was not rung is called again at once. */
const retries: RetryPlan = {
  ...defaultRetryPlan,
  mostUnrung: 1_000,
  rules: {
    ...defaultRetryPlan.rules,
    busy: over,
    unreachable: over,
    "no-answer": over,
    "agent-unavailable": at(500),
    broken: at(500),
    cancelled: at(0),
    "trunk-capacity": at(500),
  },
};

/** Where runners work on one campaign, and where it is seen what they did. */
export class RunnerStage {
  readonly #o: RunnerStageOptions;
  readonly #pickedUp = new Set<string>();
  #callees = 0;

  /** Makes the stage; {@link open} makes the campaign. */
  constructor(options: RunnerStageOptions) {
    this.#o = options;
  }

  /** The record of attempts. */
  get ledger(): Ledger {
    return this.#o.database.ledger;
  }

  /** The identities of the telephones that were picked up. */
  get pickedUp(): ReadonlySet<string> {
    return this.#pickedUp;
  }

  /** Makes the campaign. */
  async open(): Promise<void> {
    const { database, campaignId, callsPerSecond } = this.#o;
    const pace = { concurrency: 1_000, pauseMs: 0, callsPerSecond };
    await database.campaigns.create({
      id: campaignId,
      clinicId: "riverside",
      pace,
      retries,
      createdAt: Date.now(),
    });
    await database.campaigns.setState(campaignId, "running");
  }

  /** Puts so many more callees on the list, with their telephones. */
  async addCallees(count: number): Promise<void> {
    const { lab, part, database, campaignId } = this.#o;
    const callees = Array.from({ length: count }, () => calleeOf(part, this.#callees++));
    for (const [index, callee] of callees.entries()) {
      plugIn(lab, callee, this.#callees - count + index, this.#pickedUp);
    }
    await database.addAppointments(callees.map(({ appointment }) => appointment));
    await database.campaigns.addContacts(
      campaignId,
      callees.map(({ contact }) => contact),
    );
  }

  /** What a runner is told. */
  get order(): RunnerOrder {
    const { lab, store, campaignId, agentName, agentPatienceMs } = this.#o;
    const { url, apiKey, apiSecret } = lab.sip;
    const liveKit = { url, apiKey, apiSecret, trunkId: lab.outboundTrunkId };
    return { store, liveKit, campaignId, policy, agentName, agentPatienceMs };
  }

  /** How far the campaign is. */
  async progress() {
    const progress = await this.#o.database.campaigns.progress(this.#o.campaignId);
    if (!progress) throw new Error("The campaign is gone.");
    return progress;
  }

  /** Whether an attempt is the campaign's. */
  #isOurs(attemptId: string | undefined): boolean {
    return attemptId?.startsWith(`${this.#o.campaignId}:`) ?? false;
  }

  /** When each attempt rang a telephone, as the stand-in saw it. */
  rings(): ReadonlyMap<string, readonly number[]> {
    const rings = new Map<string, number[]>();
    for (const ring of this.#o.lab.sip.rings()) {
      const attemptId = attemptOfTelephone(ring.identity);
      if (attemptId === undefined || !this.#isOurs(attemptId)) continue;
      rings.set(attemptId, [...(rings.get(attemptId) ?? []), ring.at]);
    }
    return rings;
  }

  /** A dial goes on without its runner: waits until no telephone rings and nobody talks. */
  async callsAreOver(): Promise<void> {
    // A dial may be on its way to the telephone.
    await eventually(() => false, 1_000);
    const isOver = () =>
      !this.#o.lab.sip.lines().some(({ identity }) => this.#isOurs(attemptOfTelephone(identity)));
    if (!(await eventually(isOver, 60_000)).came) throw new Error("Calls go on after their limit.");
  }

  /** What a runner does on its start, ten minutes later: nobody waits for limits that were meant for telephones. */
  async reconcileLater(): Promise<ReconcileReport> {
    const { url, apiKey, apiSecret } = this.#o.lab.sip;
    const rooms = await liveKitRoomGateway({ url, apiKey, apiSecret });
    const clock = { ...systemClock, now: () => Date.now() + laterMs };
    const { ledger, callLog } = this.#o.database;
    return await reconcileAttempts({ ledger, callLog, rooms, clock, logger: silentLogger });
  }
}
