import { beforeEach, describe, expect, it } from "vitest";
import { memoryCallLog } from "../call/call-log.ts";
import { type CallEndedBy, initialCallState } from "../call/state.ts";
import { SipVoiceError } from "../errors.ts";
import { silentLogger } from "../log/logger.ts";
import { type DialFailure, dialFailure } from "../sip/dial-outcome.ts";
import { participantKind } from "../sip/participant-kind.ts";
import { sampleAttempt } from "../testing/sample-attempt.ts";
import { type SimulatedClock, simulatedClock } from "../testing/simulated-clock.ts";
import type { AttemptOutcome } from "./attempt.ts";
import type { AttemptHint } from "./attempt-hint.ts";
import { settleReviewed } from "./attempt-review.ts";
import type { Ledger } from "./ledger.ts";
import { memoryLedger } from "./memory-ledger.ts";
import { type ReconcilePorts, reconcileAttempts } from "./reconcile.ts";
import type { RoomGateway, RoomParticipant } from "./room-gateway.ts";

const limits = { ringingTimeoutSeconds: 20, callLimitSeconds: 300 } as const;
const room = "call-call-1";
const answered: AttemptOutcome = {
  outcome: "answered",
  participantIdentity: "phone-attempt-1",
  sipCallId: "SCL_1",
};
const gone = new SipVoiceError("store-unavailable", "The database is gone.");
const noLiveKit = new SipVoiceError("livekit-unavailable", "LiveKit did not do what it was asked.");

let clock: SimulatedClock;
let ledger: Ledger;
let rooms: Map<string, RoomParticipant[]>;
let removed: string[];
let isLiveKitGone: boolean;
let callLog: ReturnType<typeof memoryCallLog>;

beforeEach(() => {
  clock = simulatedClock();
  ledger = memoryLedger();
  rooms = new Map([[room, []]]);
  removed = [];
  isLiveKitGone = false;
  callLog = memoryCallLog();
});

const gateway = {
  async participants(name: string) {
    if (isLiveKitGone) throw noLiveKit;
    return rooms.get(name) ?? [];
  },
  async removeRoom(name: string) {
    if (isLiveKitGone) throw noLiveKit;
    removed.push(name);
    rooms.delete(name);
  },
} satisfies ReconcilePorts["rooms"];

function ports(more: Partial<ReconcilePorts> = {}): ReconcilePorts {
  return { ledger, rooms: gateway, callLog, clock, logger: silentLogger, ...more };
}

/** One pass over one attempt. */
async function pass(hints: readonly AttemptHint[] = [], more: Partial<ReconcilePorts> = {}) {
  const { findings } = await reconcileAttempts(ports(more), { hints });
  expect(findings.length).toBeLessThanOrEqual(1);
  return findings[0];
}

async function reserve(): Promise<void> {
  const reservedAt = clock.now();
  await ledger.reserve(sampleAttempt({ ...limits, reservedAt, leaseUntil: reservedAt + 30_000 }), []);
}

async function dial(): Promise<void> {
  await reserve();
  await ledger.startDialing("attempt-1", 1, clock.now());
}

const state = async () => (await ledger.get("attempt-1"))?.state;

function telephone(callStatus: string): void {
  const attributes = { "sip.callStatus": callStatus, "sip.callID": "SCL_1" };
  rooms.set(room, [{ identity: "phone-attempt-1", kind: participantKind.sip, attributes }]);
}

async function agentWrote(...events: readonly ("rang" | "connected")[]): Promise<void> {
  for (const event of events) {
    const entry = { type: "transition", event, state: initialCallState } as const;
    await callLog.append("call-1", [{ at: clock.now(), event: entry }]);
  }
}

async function agentEnded(endedBy: CallEndedBy): Promise<void> {
  const ended = { type: "ended", state: { ...initialCallState, phase: "ended", endedBy } } as const;
  await callLog.append("call-1", [{ at: clock.now(), event: ended }]);
}

/** The moment from which a dial is judged from outside, and the one at which it is given up. */
const judgedAfterMs = 50_000;
const hopelessAfterMs = 380_000;

describe("an attempt that was reserved", () => {
  it("waits as long as its lease lasts", async () => {
    await reserve();
    await clock.advance(29_999);
    expect(await pass()).toMatchObject({ was: "reserved", became: "waits", lookAgainAt: clock.now() + 1 });
    expect(await state()).toBe("reserved");
    expect(removed).toEqual([]);
  });

  it("is released beyond it, then its room is removed", async () => {
    await reserve();
    await clock.advance(30_000);
    const order: string[] = [];
    const release: Ledger["release"] = async (...step) => {
      order.push("release");
      return await ledger.release(...step);
    };
    const removeRoom: RoomGateway["removeRoom"] = async (name) => void order.push(`remove ${name}`);
    const watched = { ledger: { ...ledger, release }, rooms: { ...gateway, removeRoom } };
    expect(await pass([], watched)).toEqual({
      attemptId: "attempt-1",
      was: "reserved",
      became: "released",
      outcome: dialFailure("cancelled"),
    });
    expect(order).toEqual(["release", `remove ${room}`]);
    expect((await ledger.startDialing("attempt-1", 1, clock.now())).kind).toBe("lost");
  });

  it("is released also when its room can't be removed", async () => {
    await reserve();
    await clock.advance(30_000);
    isLiveKitGone = true;
    expect(await pass()).toMatchObject({ became: "released" });
    expect(await state()).toBe("released");
  });

  it("is left to whoever began to dial, or took it over, between the look and the step", async () => {
    await reserve();
    await clock.advance(30_000);
    const quicker: Ledger = {
      ...ledger,
      async underWay() {
        const list = await ledger.underWay();
        await ledger.startDialing("attempt-1", 1, clock.now());
        return list;
      },
    };
    expect(await pass([], { ledger: quicker })).toMatchObject({ became: "taken" });
    expect(await state()).toBe("dialing");
    expect(removed).toEqual([]);
  });

  it("is released when the clock was moved back by more than a lease", async () => {
    await reserve();
    const now = () => clock.now() - 3_600_000;
    expect(await pass([], { clock: { ...clock, now } })).toMatchObject({ became: "released" });
    const little = () => clock.now() - 20_000;
    ledger = memoryLedger();
    await reserve();
    expect(await pass([], { clock: { ...clock, now: little } })).toMatchObject({ became: "waits" });
  });

  it("says nothing by a hint: nobody was rung", async () => {
    await reserve();
    expect(await pass([{ attemptId: "attempt-1", saw: "left" }])).toMatchObject({ became: "waits" });
  });
});

describe("an attempt that was being dialled", () => {
  it("is left to its own process while that may be at it, whatever is seen", async () => {
    await dial();
    telephone("active");
    const hint: AttemptHint = { attemptId: "attempt-1", saw: "left", outcome: dialFailure("declined") };
    await clock.advance(judgedAfterMs - 1);
    expect(await pass([hint])).toMatchObject({ became: "waits", lookAgainAt: clock.now() + 1 });
    expect(await state()).toBe("dialing");
  });

  it.each(["active", "automation"])("is answered when its telephone is %s", async (callStatus) => {
    await dial();
    await clock.advance(judgedAfterMs);
    telephone(callStatus);
    expect(await pass()).toMatchObject({ became: "settled", outcome: answered });
    // The two are talking: the line is taken, and nobody's room is removed.
    expect((await ledger.underWay()).map(({ attemptId }) => attemptId)).toEqual(["attempt-1"]);
    expect(removed).toEqual([]);
  });

  it.each(["dialing", "ringing", "hangup", ""])("waits while its telephone is '%s'", async (callStatus) => {
    await dial();
    await clock.advance(judgedAfterMs);
    telephone(callStatus);
    expect(await pass()).toMatchObject({ became: "waits" });
  });

  it("is not answered because somebody who is no telephone has its identity", async () => {
    await dial();
    await clock.advance(judgedAfterMs);
    telephone("active");
    rooms.set(room, [
      { ...rooms.get(room)?.[0], identity: "phone-attempt-1", kind: participantKind.standard },
    ]);
    expect(await pass()).toMatchObject({ became: "waits" });
  });

  it("is never settled by absence, and unknown once the call that there may be must be over", async () => {
    await dial();
    for (const goneRoom of [false, true]) {
      if (goneRoom) rooms.delete(room);
      await clock.advance(judgedAfterMs);
      expect(await pass()).toMatchObject({ became: "waits" });
    }
    await clock.advance(hopelessAfterMs - 2 * judgedAfterMs - 1);
    expect(await pass()).toMatchObject({ became: "waits", lookAgainAt: clock.now() + 1 });
    await clock.advance(1);
    expect(await pass()).toMatchObject({ became: "unknown", outcome: dialFailure("unknown") });
    expect(removed).toEqual([room]);
    expect(await pass()).toBeUndefined();
    expect((await ledger.awaitingReview(10)).map(({ attemptId }) => attemptId)).toEqual(["attempt-1"]);
  });

  it("is answered when its agent wrote that the two were connected, and over when the telephone has left", async () => {
    await dial();
    await agentWrote("rang", "connected");
    await clock.advance(judgedAfterMs);
    expect(await pass()).toMatchObject({ became: "settled", outcome: { outcome: "answered" } });
    expect(await ledger.underWay()).toEqual([]);
  });

  it("is not answered when its agent saw it ring and leave by itself", async () => {
    await dial();
    await agentWrote("rang");
    await agentEnded("patient");
    await clock.advance(judgedAfterMs);
    expect(await pass()).toMatchObject({ became: "settled", outcome: dialFailure("no-answer") });
  });

  it.each<CallEndedBy>(["room-closed", "worker-stopped", "error", "agent"])(
    "waits when its agent ended by %s: that says nothing about the telephone",
    async (endedBy) => {
      await dial();
      await agentWrote("rang");
      await agentEnded(endedBy);
      await clock.advance(judgedAfterMs);
      expect(await pass()).toMatchObject({ became: "waits" });
    },
  );

  it("waits when its agent saw it leave, but LiveKit can't be asked", async () => {
    await dial();
    await agentWrote("rang");
    await agentEnded("patient");
    isLiveKitGone = true;
    await clock.advance(judgedAfterMs);
    expect(await pass()).toMatchObject({ became: "waits" });
  });

  it("is unknown at last also when neither LiveKit nor the call log can be asked", async () => {
    await dial();
    isLiveKitGone = true;
    const read = async (): Promise<never> => {
      throw gone;
    };
    await clock.advance(hopelessAfterMs);
    expect(await pass([], { callLog: { ...callLog, read } })).toMatchObject({ became: "unknown" });
  });

  it("is unknown at last although its telephone still rings there, which is ended", async () => {
    await dial();
    telephone("ringing");
    await clock.advance(hopelessAfterMs);
    expect(await pass()).toMatchObject({ became: "unknown" });
    expect(removed).toEqual([room]);
  });

  it("without limits waits as long as makeCall's longest call takes", async () => {
    await ledger.reserve(sampleAttempt(), []);
    await ledger.startDialing("attempt-1", 1, clock.now());
    await clock.advance(3_739_999);
    expect(await pass()).toMatchObject({ became: "waits" });
    await clock.advance(1);
    expect(await pass()).toMatchObject({ became: "unknown" });
  });

  it.each<DialFailure>([dialFailure("declined"), dialFailure("no-answer"), dialFailure("trunk-refused")])(
    "is settled by a hint that says why nobody answered: %j",
    async (outcome) => {
      await dial();
      await clock.advance(judgedAfterMs);
      expect(await pass([{ attemptId: "attempt-1", saw: "left", outcome }])).toMatchObject({ outcome });
      expect(await state()).toBe("settled");
    },
  );

  it("takes hints in any order and twice, and believes an answer before anything else", async () => {
    await dial();
    await clock.advance(judgedAfterMs);
    const left: AttemptHint = { attemptId: "attempt-1", saw: "left", outcome: dialFailure("no-answer") };
    const up: AttemptHint = { attemptId: "attempt-1", saw: "answered", sipCallId: "SCL_1" };
    expect(await pass([left, left, up, up])).toMatchObject({ became: "settled", outcome: answered });
    expect(await ledger.underWay()).toEqual([]);
    expect(await pass([left, up])).toBeUndefined();
    expect((await ledger.get("attempt-1"))?.outcome).toEqual(answered);
  });

  it("waits when a hint says only that the telephone left", async () => {
    await dial();
    await clock.advance(judgedAfterMs);
    expect(await pass([{ attemptId: "attempt-1", saw: "left" }])).toMatchObject({ became: "waits" });
  });

  it("pays no heed to hints about attempts that are not there", async () => {
    expect(await pass([{ attemptId: "attempt-9", saw: "answered" }])).toBeUndefined();
  });
});

describe("a clock that was moved back by a day while a call was dialled", () => {
  const yesterday = () => ({ ...clock, now: () => clock.now() - 86_400_000 });

  it("leaves nothing to wait for: a person looks at it", async () => {
    await dial();
    expect(await pass([], { clock: yesterday() })).toMatchObject({ became: "unknown" });
  });

  it("does not end a telephone that may still be answered", async () => {
    await dial();
    telephone("ringing");
    expect(await pass([], { clock: yesterday() })).toMatchObject({ became: "waits" });
    telephone("active");
    expect(await pass([], { clock: yesterday() })).toMatchObject({ became: "settled", outcome: answered });
    expect(removed).toEqual([]);
  });
});

describe("an attempt that was answered", () => {
  async function talk(): Promise<void> {
    await dial();
    telephone("active");
    await ledger.settle("attempt-1", answered, clock.now());
  }

  it("takes its line until the telephone has left", async () => {
    await talk();
    expect(await pass()).toMatchObject({ was: "settled", became: "waits" });
    rooms.delete(room);
    expect(await pass()).toMatchObject({ became: "line-freed" });
    expect(await pass()).toBeUndefined();
    expect(await state()).toBe("settled");
  });

  it("takes it no longer than its limit and a minute, when LiveKit can't be asked", async () => {
    await talk();
    isLiveKitGone = true;
    await clock.advance(359_999);
    expect(await pass()).toMatchObject({ became: "waits" });
    await clock.advance(1);
    expect(await pass()).toMatchObject({ became: "line-freed" });
  });

  it("is over by a hint, or by its agent's last word where LiveKit can't be asked", async () => {
    await talk();
    expect(await pass([{ attemptId: "attempt-1", saw: "left" }])).toMatchObject({ became: "line-freed" });
    ledger = memoryLedger();
    await talk();
    isLiveKitGone = true;
    await agentEnded("agent");
    expect(await pass()).toMatchObject({ became: "line-freed" });
  });
});

describe("an attempt that is unknown", () => {
  beforeEach(async () => {
    await dial();
    await ledger.settle("attempt-1", dialFailure("unknown"), clock.now());
  });

  it("is settled by a late hint", async () => {
    const hint: AttemptHint = { attemptId: "attempt-1", saw: "answered", sipCallId: "SCL_1" };
    expect(await pass([hint])).toMatchObject({ was: "unknown", became: "settled", outcome: answered });
  });

  it("stays so after a hint that explains nothing", async () => {
    expect(await pass([{ attemptId: "attempt-1", saw: "left" }])).toMatchObject({ became: "waits" });
    expect(await state()).toBe("unknown");
  });

  it("is settled by a person, once", async () => {
    const review = await settleReviewed(ledger, clock, "attempt-1", "busy");
    expect(review).toMatchObject({ settled: true, attempt: { outcome: dialFailure("busy") } });
    expect(await settleReviewed(ledger, clock, "attempt-1", "answered")).toMatchObject({
      settled: false,
      attempt: { outcome: dialFailure("busy") },
    });
    expect(await settleReviewed(ledger, clock, "attempt-9", "busy")).toEqual({
      settled: false,
      attempt: undefined,
    });
  });

  it("takes no line once a person found that it was answered", async () => {
    expect(await settleReviewed(ledger, clock, "attempt-1", "answered")).toMatchObject({ settled: true });
    expect(await ledger.underWay()).toEqual([]);
    expect(await ledger.get("attempt-1")).toMatchObject({ outcome: { outcome: "answered", sipCallId: "" } });
  });

  it("is settled by whoever is first when two persons look at it", async () => {
    const slow: Ledger = {
      ...ledger,
      async get(id) {
        const seen = await ledger.get(id);
        await ledger.settle(id, dialFailure("busy"), clock.now()).catch(() => {});
        return seen;
      },
    };
    const review = await settleReviewed(slow, clock, "attempt-1", "no-answer");
    expect(review).toMatchObject({ settled: false, attempt: { outcome: dialFailure("busy") } });
  });
});

describe("several attempts", () => {
  it("are settled once each by two that reconcile at the same time", async () => {
    const reservedAt = clock.now();
    for (let ordinal = 0; ordinal < 20; ordinal++) {
      const ids = { attemptId: `attempt-${ordinal}`, callId: `call-${ordinal}`, roomName: `room-${ordinal}` };
      await ledger.reserve(
        sampleAttempt({ ...ids, ...limits, reservedAt, leaseUntil: reservedAt + 30_000 }),
        [],
      );
      if (ordinal % 2 === 0) await ledger.startDialing(ids.attemptId, 1, reservedAt);
    }
    await clock.advance(hopelessAfterMs);
    const reports = await Promise.all([reconcileAttempts(ports()), reconcileAttempts(ports())]);
    const done = reports.flatMap(({ findings }) => findings).filter(({ became }) => became !== "taken");
    // `unknown` may be written again as `unknown`: that changes nothing.
    expect(done.filter(({ became }) => became === "released")).toHaveLength(10);
    expect(new Set(done.map(({ attemptId }) => attemptId)).size).toBe(20);
    expect(await ledger.underWay()).toEqual([]);
    expect(await ledger.awaitingReview(99)).toHaveLength(10);
  });

  it("are looked at up to the one at which the ledger fails, and again next time", async () => {
    const reservedAt = clock.now();
    for (const ordinal of [1, 2, 3]) {
      const ids = { attemptId: `attempt-${ordinal}`, callId: `call-${ordinal}` };
      await ledger.reserve(
        sampleAttempt({ ...ids, reservedAt: reservedAt + ordinal, leaseUntil: reservedAt + 30_000 }),
        [],
      );
    }
    await clock.advance(40_000);
    const release: Ledger["release"] = async (attemptId, ...rest) => {
      if (attemptId === "attempt-2") throw gone;
      return await ledger.release(attemptId, ...rest);
    };
    const report = await reconcileAttempts(ports({ ledger: { ...ledger, release } }));
    expect(report.complete).toBe(false);
    expect(report.findings.map(({ became }) => became)).toEqual(["released", "failed"]);
    const again = await reconcileAttempts(ports());
    expect(again.complete).toBe(true);
    expect(again.findings.map(({ became }) => became)).toEqual(["released", "released"]);
  });

  it("are not known of when the ledger can't be read: that is an error", async () => {
    const underWay = async (): Promise<never> => {
      throw gone;
    };
    await expect(reconcileAttempts(ports({ ledger: { ...ledger, underWay } }))).rejects.toBe(gone);
  });

  it("are settled although the line could not be freed: the next pass does that", async () => {
    await dial();
    await agentWrote("connected");
    await clock.advance(judgedAfterMs);
    const freeLine = async (): Promise<never> => {
      throw gone;
    };
    expect(await pass([], { ledger: { ...ledger, freeLine } })).toMatchObject({ became: "failed" });
    expect(await state()).toBe("settled");
    expect(await pass()).toMatchObject({ was: "settled", became: "line-freed" });
  });
});
