import { beforeEach, describe, expect, it } from "vitest";
import type { Appointment } from "../appointments/appointment.ts";
import { type CallRecordEntry, memoryCallLog } from "../call/call-log.ts";
import { agentAttribute } from "../call/readiness.ts";
import { initialCallState } from "../call/state.ts";
import { SipVoiceError } from "../errors.ts";
import { silentLogger } from "../log/logger.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { type CallingPolicy, defaultCallingPolicy } from "../policy/calling-policy.ts";
import { memoryContactPreferences } from "../policy/contact-preferences.ts";
import { memoryDecisionLog } from "../policy/decision-log.ts";
import { memoryStopSwitch } from "../policy/stop-switch.ts";
import { dialFailure } from "../sip/dial-outcome.ts";
import { participantKind } from "../sip/participant-kind.ts";
import { sampleAppointment } from "../testing/sample-appointment.ts";
import { type SimulatedClock, simulatedClock } from "../testing/simulated-clock.ts";
import type { CallResult } from "./call-result.ts";
import type { Dialer, DialRequest, DialResult } from "./dialer.ts";
import type { Ledger } from "./ledger.ts";
import { memoryLedger } from "./memory-ledger.ts";
import { placeCall } from "./place-call.ts";
import type { CallPorts, PlannedCall } from "./planned-call.ts";
import type { RoomGateway, RoomParticipant } from "./room-gateway.ts";

const phoneNumber = parsePhoneNumber("+15105550111");
const appointment: Appointment = sampleAppointment();
const unavailable = new SipVoiceError("livekit-unavailable", "LiveKit did not do what it was asked.");

/** What happened in the outside world, in order, and how that world behaves. */
class World {
  readonly clock: SimulatedClock = simulatedClock();
  readonly steps: string[] = [];
  readonly rooms = new Map<string, RoomParticipant[]>();
  readonly dispatches: string[] = [];
  readonly dials: DialRequest[] = [];
  readonly ledger: Ledger;
  readonly preferences = memoryContactPreferences();
  readonly decisions = memoryDecisionLog();
  readonly stopSwitch = memoryStopSwitch();
  readonly callLog = memoryCallLog();
  /** Comes as long after a dispatch as the list says, one item for each dispatch; `undefined`: does not come. */
  agentComesAfterMs: (number | undefined)[] = [300];
  agentAttributes: Record<string, string> | undefined;
  dial: (request: DialRequest) => Promise<DialResult> = async (request) => this.answer(request);
  broken: keyof RoomGateway | undefined;
  #agents = 0;

  constructor() {
    const kept = memoryLedger();
    const note = (step: string): void => void this.steps.push(step);
    this.ledger = {
      ...kept,
      reserve: async (attempt, caps) => {
        const reservation = await kept.reserve(attempt, caps);
        note(`ledger ${reservation.kind}`);
        return reservation;
      },
      startDialing: async (id, lease, at) => {
        const start = await kept.startDialing(id, lease, at);
        note(`ledger ${start.kind}`);
        return start;
      },
      settle: async (id, outcome, at) => {
        note(`ledger settle ${outcome.outcome}`);
        return await kept.settle(id, outcome, at);
      },
      release: async (id, lease, outcome, at) => {
        note(`ledger release ${outcome.outcome}`);
        return await kept.release(id, lease, outcome, at);
      },
    };
  }

  answer({ participantIdentity, roomName }: DialRequest): DialResult {
    this.rooms.get(roomName)?.push({ identity: participantIdentity, kind: participantKind.sip });
    return { outcome: "answered", participantIdentity, sipCallId: "SCL_1" };
  }

  agentJoins(roomName: string, attributes: Record<string, string>): void {
    this.#agents += 1;
    this.rooms
      .get(roomName)
      ?.push({ identity: `agent-${this.#agents}`, kind: participantKind.agent, attributes });
  }

  readonly gateway: RoomGateway = {
    createRoom: async (roomName) => {
      this.#step("createRoom", "room");
      this.rooms.set(roomName, []);
    },
    removeRoom: async (roomName) => {
      this.#step("removeRoom", "remove room");
      this.rooms.delete(roomName);
    },
    participants: async (roomName) => {
      if (this.broken === "participants") throw unavailable;
      return [...(this.rooms.get(roomName) ?? [])];
    },
    dispatchAgent: async (roomName, agentName, metadata) => {
      this.#step("dispatchAgent", `dispatch ${agentName}`);
      const brief = JSON.parse(metadata) as { attemptId: string };
      const comesAfter = this.agentComesAfterMs[this.dispatches.length];
      this.dispatches.push(metadata);
      if (comesAfter !== undefined) {
        this.clock.setTimer(() => {
          this.steps.push("agent");
          this.agentJoins(roomName, this.agentAttributes ?? { [agentAttribute.ready]: brief.attemptId });
        }, comesAfter);
      }
      return `AD_${this.dispatches.length}`;
    },
    withdrawAgent: async (_, dispatchId) => {
      this.#step("withdrawAgent", `withdraw ${dispatchId}`);
    },
    removeParticipant: async (_, identity) => {
      this.#step("removeParticipant", `remove ${identity}`);
    },
    updateSubscriptions: async () => this.#step("updateSubscriptions", "update subscriptions"),
    transfer: async () => ({ transferred: true }),
  };

  readonly dialer: Dialer = {
    dial: async (request) => {
      this.steps.push("dial");
      this.dials.push(request);
      return await this.dial(request);
    },
  };

  #step(name: keyof RoomGateway, step: string): void {
    if (this.broken === name) throw unavailable;
    this.steps.push(step);
  }

  ports(more: Partial<CallPorts> = {}): CallPorts {
    const { ledger, preferences, callLog, gateway: rooms, dialer, clock } = this;
    return { ledger, preferences, callLog, rooms, dialer, clock, logger: silentLogger, ...more };
  }

  call(more: Partial<PlannedCall> = {}): PlannedCall {
    return {
      phoneNumber,
      appointment,
      consent: { basis: "given-at-booking", recordedAt: "2026-10-01T09:00:00Z" },
      policy: defaultCallingPolicy,
      attemptId: "t-1",
      callId: "c-1",
      agentName: "clinic-agent",
      briefDetails: false,
      ringingTimeoutSeconds: 30,
      callLimitSeconds: 300,
      agentPatienceMs: 1_000,
      agentDispatches: 2,
      signal: undefined,
      ...more,
    };
  }

  /** Lets time pass in steps until the call has its result. */
  async settled<Result>(result: Promise<Result>, mostMs = 600_000): Promise<Result> {
    let done = false;
    const finished = (): void => {
      done = true;
    };
    result.then(finished, finished);
    for (let passed = 0; !done && passed <= mostMs; passed += 50) await this.clock.advance(50);
    if (!done) throw new Error(`nothing came of it within ${mostMs} ms`);
    return await result;
  }

  place(more: Partial<PlannedCall> = {}, ports: Partial<CallPorts> = {}): Promise<CallResult> {
    return this.settled(placeCall(this.ports(ports), this.call(more)));
  }

  /** Nobody was rung, and nothing is left of the attempt but its record. */
  async expectNobodyRung(): Promise<void> {
    expect(this.dials).toEqual([]);
    expect(await this.ledger.underWay()).toEqual([]);
    expect([...this.rooms.keys()]).toEqual([]);
  }
}

let world: World;
beforeEach(() => {
  world = new World();
});

describe("the order of a call's steps", () => {
  it("is policy, reservation, room, agent, ledger, dial, settlement", async () => {
    const result = await world.place();
    expect(result).toMatchObject({
      outcome: "answered",
      attemptId: "t-1",
      callId: "c-1",
      roomName: "call-c-1",
    });
    expect(world.steps).toEqual([
      "ledger reserved",
      "room",
      "dispatch clinic-agent",
      "agent",
      "ledger dialing",
      "dial",
      "ledger settle answered",
    ]);
    expect(world.dials).toEqual([
      {
        roomName: "call-c-1",
        phoneNumber,
        participantIdentity: "phone-t-1",
        ringingTimeoutSeconds: 30,
        callLimitSeconds: 300,
      },
    ]);
    expect(await world.ledger.get("t-1")).toMatchObject({ state: "settled" });
    expect([...world.rooms.keys()]).toEqual(["call-c-1"]);
  });

  it("stops at the policy: nothing is reserved and no room is made", async () => {
    const result = await world.place({ consent: undefined });
    expect(result).toMatchObject({
      outcome: "refused-by-policy",
      retry: "after-review",
      reasons: [{ rule: "consent" }],
    });
    expect(world.steps).toEqual([]);
    expect(await world.ledger.get("t-1")).toBeUndefined();
  });

  it("stops at a window that is closed, and says when it opens", async () => {
    await world.clock.advance(12 * 3_600_000);
    const result = await world.place();
    expect(result).toMatchObject({ outcome: "refused-by-policy", retry: "later" });
    expect(result).toMatchObject({ earliest: Date.parse("2026-11-24T08:00:00-08:00") });
    expect(world.steps).toEqual([]);
  });

  it("sends a brief with ids only, or with the details where they are asked for", async () => {
    await world.place();
    const brief = JSON.parse(world.dispatches[0]!) as Record<string, unknown>;
    expect(brief).toMatchObject({
      version: 1,
      callId: "c-1",
      attemptId: "t-1",
      clinicId: "main",
      appointmentId: appointment.id,
    });
    expect(world.dispatches[0]).not.toContain(appointment.patient.name);
    expect(world.dispatches[0]).not.toContain(phoneNumber);

    world = new World();
    const provable = {
      ...appointment,
      confirmationCode: "481516",
      patient: { ...appointment.patient, dateOfBirth: "1984-03-07" },
    };
    await world.place({ briefDetails: true, appointment: provable });
    expect(JSON.parse(world.dispatches[0]!)).toMatchObject({
      appointment: { patient: { name: appointment.patient.name } },
    });
    // What patients prove their identity with passes through nobody's hands.
    expect(world.dispatches[0]).not.toMatch(/481516|1984-03-07/);
    expect((await world.ledger.get("t-1"))?.appointmentId).toBe(appointment.id);
  });

  it.each<[DialResult, string]>([
    [dialFailure("busy", 486), "settled"],
    [dialFailure("no-answer"), "settled"],
    [dialFailure("invalid-number", 404), "settled"],
    [dialFailure("unknown"), "unknown"],
  ])("ends with %j in the ledger as %s, and without a room", async (dialled, state) => {
    world.dial = async () => dialled;
    expect(await world.place()).toEqual({ ...dialled, attemptId: "t-1", callId: "c-1" });
    expect(await world.ledger.get("t-1")).toMatchObject({ state, outcome: dialled });
    expect([...world.rooms.keys()]).toEqual([]);
  });

  it("makes a dialer that rejects an unknown outcome, not an error", async () => {
    world.dial = async () => {
      throw new TypeError("fetch failed");
    };
    expect(await world.place()).toMatchObject({ outcome: "unknown", retry: "after-review" });
    expect(await world.ledger.get("t-1")).toMatchObject({ state: "unknown" });
  });
});

describe("the agent gate", () => {
  it("rings nobody when the agent never comes, withdraws every dispatch and gives the cap back", async () => {
    world.agentComesAfterMs = [];
    const result = await world.place();
    expect(result).toEqual({ ...dialFailure("agent-unavailable"), attemptId: "t-1", callId: "c-1" });
    expect(world.steps).toEqual([
      "ledger reserved",
      "room",
      "dispatch clinic-agent",
      "withdraw AD_1",
      "dispatch clinic-agent",
      "withdraw AD_2",
      "ledger release agent-unavailable",
      "remove room",
    ]);
    await world.expectNobodyRung();

    world.agentComesAfterMs = [undefined, undefined, 100];
    expect(await world.place({ attemptId: "t-2", callId: "c-2" })).toMatchObject({ outcome: "answered" });
  });

  it("asks a second time, with an expiry of its own, and then rings", async () => {
    world.agentComesAfterMs = [undefined, 200];
    const start = world.clock.now();
    expect(await world.place()).toMatchObject({ outcome: "answered" });
    expect(world.steps.indexOf("withdraw AD_1")).toBeLessThan(
      world.steps.lastIndexOf("dispatch clinic-agent"),
    );
    const expiries = world.dispatches.map((brief) =>
      Date.parse((JSON.parse(brief) as { expiresAt: string }).expiresAt),
    );
    expect(expiries[0]).toBe(start + 1_000);
    expect(expiries[1]).toBeGreaterThanOrEqual(start + 2_000);
  });

  it.each<[string, Record<string, string>]>([
    ["both ready", { [agentAttribute.ready]: "t-1" }],
    ["one of them not ready", {}],
  ])("rings nobody when two agents come, %s", async (_, attributes) => {
    world.clock.setTimer(() => world.agentJoins("call-c-1", attributes), 300);
    expect(await world.place()).toMatchObject({ outcome: "agent-unavailable" });
    expect(world.steps).toContain("withdraw AD_1");
    await world.expectNobodyRung();
  });

  it("looks at every agent, whichever came first", async () => {
    world.clock.setTimer(() => world.agentJoins("call-c-1", {}), 100);
    expect(await world.place()).toMatchObject({ outcome: "agent-unavailable" });
    await world.expectNobodyRung();
  });

  it("rings nobody when the agent says that it can't take the call up, and does not wait for that", async () => {
    world.agentAttributes = { [agentAttribute.unready]: "appointment-not-found" };
    const start = world.clock.now();
    expect(await world.place()).toMatchObject({ outcome: "agent-unavailable" });
    expect(world.clock.now() - start).toBeLessThan(1_000);
    expect(world.steps).toContain("withdraw AD_1");
    await world.expectNobodyRung();
  });

  it.each<[string, Record<string, string>]>([
    ["has joined but is not ready", {}],
    ["is ready for another attempt", { [agentAttribute.ready]: "t-0" }],
  ])("rings nobody while the agent %s", async (_, attributes) => {
    world.agentAttributes = attributes;
    world.agentComesAfterMs = [100];
    expect(await world.place()).toMatchObject({ outcome: "agent-unavailable" });
    await world.expectNobodyRung();
  });

  it("takes nobody but an agent for one", async () => {
    world.agentComesAfterMs = [];
    world.clock.setTimer(() => {
      world.rooms.get("call-c-1")?.push({
        identity: "browser",
        kind: participantKind.standard,
        attributes: { [agentAttribute.ready]: "t-1" },
      });
    }, 200);
    expect(await world.place()).toMatchObject({ outcome: "agent-unavailable" });
    await world.expectNobodyRung();
  });

  it("leaves no timer behind", async () => {
    world.agentComesAfterMs = [];
    await world.place();
    expect(world.clock.pendingTimers).toBe(0);
  });
});

describe("rules that change while the agent prepares", () => {
  it("an opt-out is heeded: nobody is rung and the reservation is released", async () => {
    world.clock.setTimer(() => void world.preferences.optOut(phoneNumber, "2026-11-23T18:00:00Z"), 200);
    expect(await world.place()).toMatchObject({
      outcome: "refused-by-policy",
      reasons: [{ rule: "do-not-call" }],
      retry: "after-review",
    });
    expect(await world.ledger.get("t-1")).toMatchObject({ state: "released" });
    await world.expectNobodyRung();
  });

  it("a window that closes meanwhile is heeded", async () => {
    await world.clock.advance(11 * 3_600_000 - 500);
    world.agentComesAfterMs = [800];
    expect(await world.place()).toMatchObject({
      outcome: "refused-by-policy",
      reasons: [{ rule: "window" }],
      retry: "later",
    });
    await world.expectNobodyRung();
  });
});

describe("the policy's decisions", () => {
  const aboutAndRules = async (world: World, attemptId: string) =>
    (await world.decisions.ofAttempt(attemptId)).map(({ about, record }) => [about, ...record.rules]);

  it("are kept, one before the reservation and one before the dial", async () => {
    const { decisions } = world;
    expect(await world.place({ attemptId: "t-1" }, { decisions })).toMatchObject({ outcome: "answered" });
    expect(await aboutAndRules(world, "t-1")).toEqual([["reserve"], ["dial"]]);
  });

  it("are kept when they refuse, also for a full cap, and when the rules change", async () => {
    const { decisions, preferences } = world;
    await world.place({ attemptId: "t-1" }, { decisions });
    await world.place({ attemptId: "t-2", callId: "c-2" }, { decisions });
    expect(await aboutAndRules(world, "t-2")).toEqual([["reserve"], ["reserve", "cap"]]);
    await preferences.optOut(phoneNumber, "2026-11-23T18:00:00Z");
    await world.place({ attemptId: "t-3", callId: "c-3" }, { decisions });
    expect(await aboutAndRules(world, "t-3")).toEqual([["reserve", "do-not-call"]]);
  });

  it("have to be kept: else nobody is rung, and the reservation is given back", async () => {
    for (const kept of [0, 1]) {
      let appended = 0;
      const decisions = {
        ...world.decisions,
        append: async () => {
          if (appended++ >= kept)
            throw new SipVoiceError("store-unavailable", "The clinic database is gone.");
        },
      };
      const attemptId = `broken-${kept}`;
      const placed = world.place({ attemptId, callId: attemptId }, { decisions });
      await expect(placed).rejects.toMatchObject({ code: "store-unavailable" });
      expect((await world.ledger.get(attemptId))?.state).toBe(kept === 0 ? undefined : "released");
    }
    expect(world.dials).toEqual([]);
  });
});

describe("the stop switch", () => {
  const stoppedAt = "2026-11-23T18:00:00Z";

  it("refuses every attempt, and says that it passes", async () => {
    const { stopSwitch, decisions } = world;
    await stopSwitch.stop(stoppedAt);
    expect(await world.place({}, { stopSwitch, decisions })).toMatchObject({
      outcome: "refused-by-policy",
      retry: "later",
      reasons: [{ rule: "stopped" }],
    });
    expect(world.steps).toEqual([]);
    const [kept] = await decisions.recent({ clinicId: appointment.clinicId, limit: 1 });
    expect(kept?.record).toMatchObject({ allowed: false, stoppedAt });
    await stopSwitch.resume();
    expect(await world.place({}, { stopSwitch })).toMatchObject({ outcome: "answered" });
  });

  it("stops a call whose agent is preparing already", async () => {
    const { stopSwitch } = world;
    world.clock.setTimer(() => void stopSwitch.stop(stoppedAt), 200);
    expect(await world.place({}, { stopSwitch })).toMatchObject({ outcome: "refused-by-policy" });
    expect(world.dials).toEqual([]);
  });

  it("leaves it to a person when the rules refuse too", async () => {
    const { stopSwitch, preferences } = world;
    await stopSwitch.stop(stoppedAt);
    await preferences.optOut(phoneNumber, stoppedAt);
    expect(await world.place({}, { stopSwitch })).toMatchObject({ retry: "after-review" });
  });
});

describe("caps", () => {
  it("refuse a second attempt on a number on one day, and make no room for it", async () => {
    world.dial = async () => dialFailure("busy", 486);
    await world.place();
    const steps = world.steps.length;
    const result = await world.place({ attemptId: "t-2", callId: "c-2" });
    expect(result).toMatchObject({
      outcome: "refused-by-policy",
      retry: "later",
      reasons: [{ rule: "cap" }],
      earliest: Date.parse("2026-11-24T08:00:00-08:00"),
    });
    expect(world.steps.slice(steps)).toEqual(["ledger capped"]);
  });

  it("of concurrency count the attempts under way", async () => {
    const policy: CallingPolicy = {
      ...defaultCallingPolicy,
      caps: { ...defaultCallingPolicy.caps, concurrency: 1, perNumberPerDay: 9, perNumberPerWeek: 9 },
    };
    world.agentComesAfterMs = [300, 300];
    const first = placeCall(world.ports(), world.call({ policy }));
    const second = placeCall(world.ports(), world.call({ policy, attemptId: "t-2", callId: "c-2" }));
    const outcomes = (await world.settled(Promise.all([first, second]))).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(["answered", "refused-by-policy"]);
    expect(await second).toMatchObject({ retry: "later" });
    expect(await second).not.toHaveProperty("earliest");
    expect(world.dials).toHaveLength(1);
  });
});

describe("the same attempt id", () => {
  it("one after the other dials once and gives the stored outcome", async () => {
    world.dial = async () => dialFailure("busy", 486);
    const first = await world.place();
    const again = await world.place({ callId: "c-2" });
    expect(again).toEqual(first);
    expect(world.dials).toHaveLength(1);
  });

  it("gives the stored outcome also when the rules would refuse by now", async () => {
    const first = await world.place();
    await world.preferences.optOut(phoneNumber, "2026-11-23T18:00:00Z");
    const again = await world.place({ consent: undefined });
    expect(again).toMatchObject({ outcome: "answered", roomName: (first as { roomName: string }).roomName });
    expect(world.dials).toHaveLength(1);
  });

  it("of an attempt that was given up gives what it was given up for", async () => {
    world.agentComesAfterMs = [];
    await world.place();
    world.agentComesAfterMs = Array.from({ length: 9 }, () => 10);
    expect(await world.place()).toMatchObject({ outcome: "agent-unavailable" });
    expect(world.dials).toEqual([]);
  });

  it("at the same time dials once, and everybody gets its outcome", async () => {
    world.dial = (request) =>
      new Promise((resolve) =>
        world.clock.setTimer(() => resolve({ ...dialFailure("busy", 486), ...{ request } }), 8_000),
      );
    const calls = Array.from({ length: 5 }, (_, index) =>
      placeCall(world.ports(), world.call({ callId: `c-${index}` })),
    );
    const results = await world.settled(Promise.all(calls));
    expect(world.dials).toHaveLength(1);
    for (const result of results)
      expect(result).toMatchObject({ outcome: "busy", callId: "c-0", attemptId: "t-1" });
  });

  it("given up by one who waits leaves the dial of the other as it is", async () => {
    world.dial = (request) =>
      new Promise((resolve) => world.clock.setTimer(() => resolve(world.answer(request)), 10_000));
    const first = placeCall(world.ports(), world.call());
    await world.clock.advance(2_000);
    const patience = new AbortController();
    const waiter = placeCall(world.ports(), world.call({ signal: patience.signal }));
    await world.clock.advance(1_000);
    patience.abort();
    expect(await world.settled(waiter)).toMatchObject({ outcome: "unknown" });
    expect(await world.ledger.get("t-1")).toMatchObject({ state: "dialing" });
    expect(await world.settled(first)).toMatchObject({ outcome: "answered" });
    expect(world.steps.filter((step) => step.startsWith("ledger settle"))).toEqual([
      "ledger settle answered",
    ]);
  });
});

describe("after a crash", () => {
  const reservation = {
    attemptId: "t-1",
    callId: "c-0",
    clinicId: "main",
    phoneNumber,
    roomName: "call-c-0",
    ringingTimeoutSeconds: 30,
    callLimitSeconds: 300,
  };

  it("while dialling: never dialled again, and unknown once the dial must be over", async () => {
    const reservedAt = world.clock.now() - 3_600_000;
    await world.ledger.reserve({ ...reservation, reservedAt, leaseUntil: reservedAt + 1_000 }, []);
    await world.ledger.startDialing("t-1", 1, reservedAt);
    expect(await world.place()).toEqual({ ...dialFailure("unknown"), attemptId: "t-1", callId: "c-0" });
    expect(await world.ledger.get("t-1")).toMatchObject({ state: "unknown" });
    expect(world.dials).toEqual([]);
    expect(await world.place()).toMatchObject({ outcome: "unknown" });
    expect(world.dials).toEqual([]);
  });

  it("while dialling: a dial that may still ring is waited for", async () => {
    const reservedAt = world.clock.now();
    await world.ledger.reserve({ ...reservation, reservedAt, leaseUntil: reservedAt + 1_000 }, []);
    await world.ledger.startDialing("t-1", 1, reservedAt);
    const result = placeCall(world.ports(), world.call());
    await world.clock.advance(30_000);
    expect(world.dials).toEqual([]);
    expect(await world.settled(result)).toMatchObject({ outcome: "unknown" });
    expect(world.clock.now()).toBeGreaterThanOrEqual(reservedAt + 60_000);
    // A person has to look at it only when the call that there may be must be over.
    expect(await world.ledger.get("t-1")).toMatchObject({ state: "dialing" });
    expect(world.dials).toEqual([]);
  });

  it("while dialling: a telephone that was answered meanwhile gives the answered call", async () => {
    const reservedAt = world.clock.now() - 120_000;
    await world.ledger.reserve({ ...reservation, reservedAt, leaseUntil: reservedAt + 1_000 }, []);
    await world.ledger.startDialing("t-1", 1, reservedAt);
    const attributes = { "sip.callStatus": "active", "sip.callID": "SCL_7" };
    world.rooms.set("call-c-0", [{ identity: "phone-t-1", kind: participantKind.sip, attributes }]);
    const result = await world.place();
    expect(result).toMatchObject({ outcome: "answered", callId: "c-0", sipCallId: "SCL_7" });
    expect(await world.ledger.get("t-1")).toMatchObject({ state: "settled" });
    expect(world.dials).toEqual([]);
  });

  it("while dialling: a rival that settles it first is believed", async () => {
    const reservedAt = world.clock.now() - 3_600_000;
    await world.ledger.reserve({ ...reservation, reservedAt, leaseUntil: reservedAt + 1_000 }, []);
    await world.ledger.startDialing("t-1", 1, reservedAt);
    const settle: Ledger["settle"] = async (id, outcome, at) => {
      await world.ledger.settle(id, dialFailure("busy", 486), at);
      return await world.ledger.settle(id, outcome, at);
    };
    expect(await world.place({}, { ledger: { ...world.ledger, settle } })).toMatchObject({ outcome: "busy" });
  });

  it("while reserved: taken over when the lease has run out, and dialled once", async () => {
    const reservedAt = world.clock.now() - 60_000;
    await world.ledger.reserve({ ...reservation, reservedAt, leaseUntil: reservedAt + 10_000 }, []);
    expect(await world.place()).toMatchObject({ outcome: "answered", callId: "c-1" });
    expect(await world.ledger.get("t-1")).toMatchObject({ lease: 2, state: "settled" });
    expect(world.dials).toHaveLength(1);
  });

  it("while reserved: waited for as long as the lease lasts, then taken over", async () => {
    const reservedAt = world.clock.now();
    await world.ledger.reserve({ ...reservation, reservedAt, leaseUntil: reservedAt + 10_000 }, []);
    const result = placeCall(world.ports(), world.call());
    await world.clock.advance(9_900);
    expect(world.steps).not.toContain("room");
    expect(await world.settled(result)).toMatchObject({ outcome: "answered" });
    expect(world.clock.now()).toBeGreaterThanOrEqual(reservedAt + 10_000);
  });
});

describe("an attempt that was taken over while its holder slept", () => {
  /** Takes the attempt over, under another call id, as soon as the room was made. */
  function takenOver(): RoomGateway {
    return {
      ...world.gateway,
      createRoom: async (roomName, options) => {
        await world.gateway.createRoom(roomName, options);
        if (roomName !== "call-c-1") return;
        await world.clock.advance(0);
        const reservedAt = world.clock.now() + 3_600_000;
        await world.ledger.reserve(
          {
            attemptId: "t-1",
            callId: "c-9",
            clinicId: "main",
            phoneNumber,
            roomName: "call-c-9",
            reservedAt,
            leaseUntil: reservedAt + 1_000,
          },
          [],
        );
        await world.ledger.startDialing("t-1", 2, world.clock.now());
        await world.ledger.settle("t-1", dialFailure("busy", 486), world.clock.now());
      },
    };
  }

  it("is not dialled by the holder, who gets the other's outcome and removes its own room", async () => {
    expect(await world.place({}, { rooms: takenOver() })).toMatchObject({ outcome: "busy", callId: "c-9" });
    expect(world.dials).toEqual([]);
    expect([...world.rooms.keys()]).toEqual([]);
  });

  it("is not released by the holder whose agent did not come", async () => {
    world.agentComesAfterMs = [];
    expect(await world.place({}, { rooms: takenOver() })).toMatchObject({ outcome: "busy", callId: "c-9" });
    expect(await world.ledger.get("t-1")).toMatchObject({ state: "settled" });
    expect([...world.rooms.keys()]).toEqual([]);
  });
});

describe("a call that is given up", () => {
  it("before it began leaves no trace", async () => {
    expect(await world.place({ signal: AbortSignal.abort() })).toEqual({
      ...dialFailure("cancelled"),
      attemptId: "t-1",
      callId: "c-1",
    });
    expect(world.steps).toEqual([]);
  });

  it("while the agent prepares is released at once, and nobody is rung", async () => {
    const patience = new AbortController();
    world.agentComesAfterMs = [900];
    world.clock.setTimer(() => patience.abort(), 400);
    const start = world.clock.now();
    expect(await world.place({ signal: patience.signal })).toMatchObject({ outcome: "cancelled" });
    expect(world.clock.now() - start).toBeLessThanOrEqual(500);
    expect(world.steps).toContain("withdraw AD_1");
    expect(await world.ledger.get("t-1")).toMatchObject({ state: "released" });
    await world.expectNobodyRung();
  });

  it("in the last moment before the dial rings nobody", async () => {
    const patience = new AbortController();
    const startDialing: Ledger["startDialing"] = async (id, lease, at) => {
      const start = await world.ledger.startDialing(id, lease, at);
      patience.abort();
      return start;
    };
    const ledger = { ...world.ledger, startDialing };
    expect(await world.place({ signal: patience.signal }, { ledger })).toMatchObject({
      outcome: "cancelled",
    });
    await world.expectNobodyRung();
  });

  /** A call that is given up two seconds into its ringing. */
  function givenUp(
    dial: (request: DialRequest) => Promise<DialResult>,
    ports: Partial<CallPorts> = {},
  ): Promise<CallResult> {
    const patience = new AbortController();
    world.dial = (request) => {
      world.rooms
        .get(request.roomName)
        ?.push({ identity: request.participantIdentity, kind: participantKind.sip });
      world.clock.setTimer(() => patience.abort(), 2_000);
      return dial(request);
    };
    return world.place({ signal: patience.signal }, ports);
  }

  const never = (): Promise<DialResult> => new Promise(() => {});
  const later = (ms: number, result: DialResult) => () =>
    new Promise<DialResult>((resolve) => world.clock.setTimer(() => resolve(result), ms));

  it("while it rings is cancelled once the telephone was seen gone", async () => {
    expect(await givenUp(later(2_300, dialFailure("unknown")))).toMatchObject({ outcome: "cancelled" });
    expect(await world.ledger.get("t-1")).toMatchObject({
      state: "settled",
      outcome: { outcome: "cancelled" },
    });
    expect([...world.rooms.keys()]).toEqual([]);
  });

  it("while it rings is cancelled also when the dial itself never comes back", async () => {
    expect(await givenUp(never)).toMatchObject({ outcome: "cancelled" });
  });

  it("while it rings is unknown as long as the telephone is still there", async () => {
    const rooms: RoomGateway = { ...world.gateway, removeRoom: async () => {} };
    expect(await givenUp(later(2_300, dialFailure("unknown")), { rooms })).toMatchObject({
      outcome: "unknown",
    });
    expect(await world.ledger.get("t-1")).toMatchObject({ state: "unknown" });
  });

  it("while it rings is unknown when LiveKit cannot be asked", async () => {
    const failing = async (): Promise<never> => {
      throw unavailable;
    };
    const rooms: RoomGateway = {
      ...world.gateway,
      removeRoom: failing,
      participants: async (name) =>
        world.dials.length > 0 ? await failing() : await world.gateway.participants(name),
    };
    expect(await givenUp(never, { rooms })).toMatchObject({ outcome: "unknown" });
  });

  it.each<[DialResult, string]>([
    [dialFailure("busy", 486), "busy"],
    [dialFailure("declined", 603), "declined"],
    [dialFailure("no-answer", 487), "cancelled"],
    [dialFailure("no-answer"), "cancelled"],
    [dialFailure("trunk-refused"), "cancelled"],
  ])("while it rings, and the dial then ends with %j: %s", async (late, outcome) => {
    expect(await givenUp(later(2_200, late))).toMatchObject({ outcome });
  });

  it("after it was answered goes on: hanging up is the handle's", async () => {
    const patience = new AbortController();
    const result = await world.place({ signal: patience.signal });
    patience.abort();
    await world.clock.advance(1_000);
    expect(result.outcome).toBe("answered");
    expect([...world.rooms.keys()]).toEqual(["call-c-1"]);
  });
});

describe("a LiveKit that fails", () => {
  it.each<keyof RoomGateway>(["createRoom", "dispatchAgent", "participants"])(
    "in %s is an error, and leaves no reservation",
    async (step) => {
      world.broken = step;
      await expect(world.place()).rejects.toBe(unavailable);
      await world.expectNobodyRung();
      expect(await world.ledger.get("t-1")).toMatchObject({ state: "released" });
      world.broken = undefined;
      world.agentComesAfterMs = Array.from({ length: 9 }, () => 100);
      expect(await world.place({ attemptId: "t-2", callId: "c-2" })).toMatchObject({ outcome: "answered" });
    },
  );

  it("in withdrawAgent is an error, and leaves no reservation and no room", async () => {
    world.broken = "withdrawAgent";
    world.agentComesAfterMs = [];
    await expect(world.place()).rejects.toBe(unavailable);
    await world.expectNobodyRung();
  });

  it("in removing the room does not hide the outcome", async () => {
    world.broken = "removeRoom";
    world.dial = async () => dialFailure("busy", 486);
    expect(await world.place()).toMatchObject({ outcome: "busy" });
  });
});

describe("a ledger that fails", () => {
  it("in `reserve` is an error before anything was done", async () => {
    const failure = new SipVoiceError("store-unavailable", "no");
    const reserve: Ledger["reserve"] = async () => {
      throw failure;
    };
    await expect(world.place({}, { ledger: { ...world.ledger, reserve } })).rejects.toBe(failure);
    expect(world.steps).toEqual([]);
  });

  it("in `startDialing` is an error, and nobody is rung", async () => {
    const failure = new SipVoiceError("store-unavailable", "no");
    const startDialing: Ledger["startDialing"] = async () => {
      throw failure;
    };
    await expect(world.place({}, { ledger: { ...world.ledger, startDialing } })).rejects.toBe(failure);
    await world.expectNobodyRung();
  });

  it("in `settle` leaves the patient who answered on the line, and the attempt never to be dialled again", async () => {
    const failure = new SipVoiceError("store-unavailable", "no");
    const settle: Ledger["settle"] = async () => {
      throw failure;
    };
    await expect(world.place({}, { ledger: { ...world.ledger, settle } })).rejects.toBe(failure);
    expect([...world.rooms.keys()]).toEqual(["call-c-1"]);
    expect(await world.ledger.get("t-1")).toMatchObject({ state: "dialing" });
    expect(await world.place()).toMatchObject({ outcome: "unknown" });
    expect(world.dials).toHaveLength(1);
  });
});

describe("the lines of a trunk", () => {
  const policy: CallingPolicy = {
    ...defaultCallingPolicy,
    caps: { ...defaultCallingPolicy.caps, concurrency: 9, perNumberPerDay: 9, perNumberPerWeek: 9 },
  };
  const trunk = { id: "ST_1", channels: 1 };
  const second = { attemptId: "t-2", callId: "c-2", policy, trunk };

  it("are taken until the telephone has left, and a full trunk reserves nothing", async () => {
    world.agentComesAfterMs = [100, 100];
    const first = await world.place({ policy, trunk });
    expect(await world.place(second)).toEqual({
      ...dialFailure("trunk-capacity"),
      attemptId: "t-2",
      callId: "c-2",
    });
    expect(await world.ledger.get("t-2")).toBeUndefined();
    if (first.outcome !== "answered") throw new Error(first.outcome);
    await first.hangUp();
    await world.settled(first.ended);
    expect(await world.place(second)).toMatchObject({ outcome: "answered" });
    expect(world.dials).toHaveLength(2);
  });

  it("are free again when their process is gone and their telephone has left", async () => {
    world.agentComesAfterMs = [100, 100];
    const reservedAt = world.clock.now() - 60_000;
    const left = { attemptId: "t-0", callId: "c-0", clinicId: "east", phoneNumber, roomName: "call-c-0" };
    await world.ledger.reserve(
      { ...left, reservedAt, leaseUntil: reservedAt + 1, trunkId: "ST_1", callLimitSeconds: 300 },
      [],
    );
    await world.ledger.startDialing("t-0", 1, reservedAt);
    const answer = { outcome: "answered", participantIdentity: "phone-t-0", sipCallId: "SCL_0" } as const;
    await world.ledger.settle("t-0", answer, reservedAt);
    world.rooms.set("call-c-0", [{ identity: "phone-t-0", kind: participantKind.sip }]);
    expect(await world.place(second)).toMatchObject({ outcome: "trunk-capacity" });
    world.rooms.delete("call-c-0");
    expect(await world.place(second)).toMatchObject({ outcome: "answered" });
  });

  it("are not what is complained about when the policy refuses too", async () => {
    await world.place({ trunk });
    expect(await world.place({ ...second, policy: defaultCallingPolicy })).toMatchObject({
      outcome: "refused-by-policy",
      reasons: [{ rule: "cap", explanation: "No more than 1 attempt per number and day." }],
    });
  });
});

describe("a call that was answered", () => {
  const confirmed = {
    ...initialCallState,
    phase: "ended",
    disposition: "confirmed",
    endedBy: "patient",
  } as const;
  const entry = (event: CallRecordEntry["event"]): CallRecordEntry => ({ at: 0, event });

  async function answered(): Promise<CallResult & { outcome: "answered" }> {
    const result = await world.place();
    if (result.outcome !== "answered") throw new Error(result.outcome);
    return result;
  }

  /** Whether a promise is settled by now. */
  async function isSettled(promise: Promise<unknown>): Promise<boolean> {
    const open = Symbol("open");
    return (await Promise.race([promise, Promise.resolve(open)])) !== open;
  }

  it("has ended when the telephone has left, with the disposition of the record", async () => {
    const { ended, hangUp } = await answered();
    await world.clock.advance(30_000);
    expect(await isSettled(ended)).toBe(false);
    await world.callLog.append("c-1", [entry({ type: "ended", state: confirmed })]);
    await world.clock.advance(1_000);
    expect(await isSettled(ended)).toBe(false);
    await hangUp();
    expect(await world.settled(ended, 2_000)).toMatchObject({
      disposition: "confirmed",
      state: confirmed,
      record: { callId: "c-1" },
    });
  });

  it("waits a while for the agent's last entry", async () => {
    const { ended } = await answered();
    world.rooms.delete("call-c-1");
    await world.clock.advance(2_000);
    expect(await isSettled(ended)).toBe(false);
    await world.callLog.append("c-1", [entry({ type: "ended", state: confirmed })]);
    expect(await world.settled(ended, 1_000)).toMatchObject({ disposition: "confirmed" });
  });

  it("takes what an agent that died had last written", async () => {
    const { ended } = await answered();
    const state = { ...confirmed, phase: "active" } as const;
    await world.callLog.append("c-1", [entry({ type: "transition", event: "stored", state })]);
    world.rooms.delete("call-c-1");
    expect(await world.settled(ended, 10_000)).toMatchObject({ disposition: "confirmed", state: undefined });
  });

  it("has no disposition when nothing was written", async () => {
    const { ended } = await answered();
    world.rooms.delete("call-c-1");
    expect(await world.settled(ended, 10_000)).toEqual({
      disposition: "none",
      reached: "unknown",
      messageLeft: false,
      state: undefined,
      record: undefined,
    });
  });

  it("tells that a machine took it, and whether a message was left whole", async () => {
    const { ended } = await answered();
    await world.callLog.append("c-1", [
      entry({ type: "message", left: true }),
      entry({ type: "ended", state: { ...confirmed, disposition: "none", party: "machine" } }),
    ]);
    world.rooms.delete("call-c-1");
    expect(await world.settled(ended, 2_000)).toMatchObject({ reached: "machine", messageLeft: true });
  });

  it("never rejects: a LiveKit and a log that fail are outwaited", async () => {
    const callLog = {
      ...world.callLog,
      read: async (): Promise<never> => {
        throw new SipVoiceError("store-unavailable", "no");
      },
    };
    const result = await world.place({}, { callLog });
    if (result.outcome !== "answered") throw new Error(result.outcome);
    world.broken = "participants";
    await world.clock.advance(10_000);
    expect(await isSettled(result.ended)).toBe(false);
    world.broken = undefined;
    world.rooms.delete("call-c-1");
    expect(await world.settled(result.ended, 10_000)).toMatchObject({ disposition: "none" });
  });

  it("is over some time after its limit, even if LiveKit never says so", async () => {
    const { ended } = await answered();
    expect(await world.settled(ended, 400_000)).toMatchObject({ disposition: "none" });
  });

  it("can be handed to another number", async () => {
    const { transfer } = await answered();
    expect(await transfer(parsePhoneNumber("+15105550199"))).toEqual({ transferred: true });
  });
});
