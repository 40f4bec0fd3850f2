import { setTimeout as sleep } from "node:timers/promises";
import { type AnsweredCall, type CallResult, type MakeCallOptions, makeCall } from "@clinic/sip-voice";
import {
  appointmentIdOf,
  type Lab,
  type LabPatient,
  labCallingPolicy,
  patientNumbers,
  startLab,
  type TelephoneBehaviour,
} from "@clinic/sip-voice-lab";
import { AgentDispatchClient } from "livekit-server-sdk";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

let lab: Lab;

beforeAll(async () => {
  lab = await startLab();
});

afterAll(async () => {
  await lab.stop();
});

afterEach(async () => {
  await Promise.all(lab.sip.lines().map((line) => line.hangUp()));
});

const consent = { basis: "given-at-booking", recordedAt: "2026-10-01T09:00:00Z" } as const;
/** The tests call the same patients again and again. */
const policy = {
  ...labCallingPolicy,
  caps: { perNumberPerDay: 100, perNumberPerWeek: 100, perClinicPerDay: 1000, concurrency: 4 },
};

async function call(patient: LabPatient, options: MakeCallOptions = {}): Promise<CallResult> {
  const appointment = await lab.database.appointments.get(appointmentIdOf(patient));
  if (!appointment) throw new Error("The lab has no such appointment.");
  return await makeCall(patientNumbers[patient], appointment, {
    ...lab.callOptions,
    policy,
    consent,
    ...options,
  });
}

function answered(result: CallResult): AnsweredCall {
  if (result.outcome !== "answered") throw new Error(`The call was not answered but ${result.outcome}.`);
  return result;
}

function behave(patient: LabPatient, behaviour: TelephoneBehaviour) {
  const telephone = lab.telephone(patientNumbers[patient]);
  telephone.behaviour = behaviour;
  return telephone;
}

const ringsOf = (patient: LabPatient) =>
  lab.sip.rings().filter(({ number }) => number === patientNumbers[patient]);

async function roomsLeft(): Promise<string[]> {
  for (let tries = 0; tries < 100; tries++) {
    const rooms = await lab.rooms.listRooms();
    if (rooms.length === 0) return [];
    await sleep(100);
  }
  return (await lab.rooms.listRooms()).map(({ name }) => name);
}

describe("the clinic calls a patient", () => {
  it("greets only once the call is answered, takes key 1, and tells the caller of makeCall", async () => {
    const telephone = behave("Maria", { kind: "answers", afterMs: 1_500 });
    const picked = telephone.nextAnsweredLine();
    const result = answered(await call("Maria"));
    const line = await picked;
    const spoke = await line.waitForSpeechStart({ since: 0, timeoutMs: 10_000 });
    expect(ringsOf("Maria")).toMatchObject([{ agentsReady: 1, cause: "dial" }]);
    await lab.gemini?.waitFor((event) => event.type === "speech" && event.text.includes("Maria"));
    expect(spoke.at).toBeGreaterThan((ringsOf("Maria")[0]?.at ?? 0) + 1_500);
    await line.press("1");
    await expect
      .poll(async () => (await lab.database.appointments.get(appointmentIdOf("Maria")))?.status)
      .toBe("confirmed");
    await line.hangUp();
    const { disposition, state, record } = await result.ended;
    expect(disposition).toBe("confirmed");
    expect(state).toMatchObject({ endedBy: "patient", phase: "ended" });
    expect(record?.entries[0]?.event).toMatchObject({
      type: "started",
      direction: "outbound",
      attemptId: result.attemptId,
    });
    expect(await roomsLeft()).toEqual([]);
  });

  it.each<[string, TelephoneBehaviour, object]>([
    ["busy", { kind: "busy" }, { outcome: "busy", retry: "later", sipStatus: 486 }],
    ["declined", { kind: "declines" }, { outcome: "declined", retry: "after-review", sipStatus: 603 }],
    [
      "out of order",
      { kind: "sip-error", status: 503, reason: "Service Unavailable" },
      { outcome: "unreachable", retry: "later", sipStatus: 503 },
    ],
  ])("finds the line %s", async (_, behaviour, outcome) => {
    behave("Omar", behaviour);
    const result = await call("Omar");
    expect(result).toMatchObject(outcome);
    expect(await lab.database.ledger.get(result.attemptId)).toMatchObject({ state: "settled", outcome });
    expect(await roomsLeft()).toEqual([]);
  });

  it("does not know what became of a dial whose answer was lost, and never dials it again", async () => {
    behave("Grace", { kind: "answers-but-response-lost", afterMs: 300 });
    const attemptId = "attempt-lost";
    expect(await call("Grace", { attemptId })).toMatchObject({ outcome: "unknown", retry: "after-review" });
    behave("Grace", { kind: "answers", afterMs: 300 });
    expect(await call("Grace", { attemptId })).toMatchObject({ outcome: "unknown" });
    expect(ringsOf("Grace")).toHaveLength(1);
    expect(await lab.database.ledger.get(attemptId)).toMatchObject({ state: "unknown" });
  });

  it("rings once for one attempt id, however often and at once it is asked for", async () => {
    behave("Ravi", { kind: "busy" });
    const results = await Promise.all([1, 2, 3].map(() => call("Ravi", { attemptId: "attempt-once" })));
    expect(results.map(({ outcome }) => outcome)).toEqual(["busy", "busy", "busy"]);
    expect(ringsOf("Ravi")).toHaveLength(1);
  });

  it("gives up when it is aborted while it rings, and the telephone stops ringing", async () => {
    const telephone = behave("Elena", { kind: "does-not-answer" });
    const control = new AbortController();
    telephone.once("rung", () => setTimeout(() => control.abort(), 500));
    expect(await call("Elena", { signal: control.signal })).toMatchObject({ outcome: "cancelled" });
    expect(telephone.isInUse).toBe(false);
    expect(await roomsLeft()).toEqual([]);
  });

  it("hangs up when told to", async () => {
    const telephone = behave("Tomas", { kind: "answers", afterMs: 300 });
    const picked = telephone.nextAnsweredLine();
    const result = answered(await call("Tomas"));
    const line = await picked;
    await result.hangUp();
    expect(await line.ended).toEqual({ by: "room" });
    // The agent hears of it from its room, or from the server when its room was too busy to tell.
    const { state } = await result.ended;
    expect(state).toMatchObject({ phase: "ended" });
    expect(["room-closed", "patient"]).toContain(state?.endedBy);
  });
});

describe("nobody's telephone rings", () => {
  it("when the agent never comes", async () => {
    const result = await call("Aisha", { agentName: "no-such-agent", agentPatienceMs: 500 });
    expect(result).toMatchObject({ outcome: "agent-unavailable", retry: "later" });
    expect(ringsOf("Aisha")).toEqual([]);
    expect(await lab.database.ledger.get(result.attemptId)).toMatchObject({ state: "released" });
    expect(await roomsLeft()).toEqual([]);
  });

  it("when the model refuses the agent", async () => {
    // Every session, also those that are to replace the first one.
    lab.gemini?.failNext({ at: "setup", close: 1007, reason: "API key not valid" }, 100);
    try {
      expect(await call("Aisha", { agentPatienceMs: 30_000, agentDispatches: 1 })).toMatchObject({
        outcome: "agent-unavailable",
      });
    } finally {
      lab.gemini?.failNoMore();
    }
    expect(ringsOf("Aisha")).toEqual([]);
  });

  it("when the appointment is gone", async () => {
    const appointment = await lab.database.appointments.get(appointmentIdOf("Aisha"));
    if (!appointment) throw new Error("The lab has no such appointment.");
    const gone = { ...appointment, id: "appointment-gone" };
    const options = { ...lab.callOptions, policy, consent };
    expect(await makeCall(patientNumbers.Aisha, gone, options)).toMatchObject({
      outcome: "agent-unavailable",
    });
    expect(ringsOf("Aisha")).toEqual([]);
  });

  it("when the patient wants no calls", async () => {
    await lab.database.preferences.optOut(patientNumbers.Aisha as never, "2026-11-01T09:00:00Z");
    const result = await call("Aisha");
    expect(result).toMatchObject({ outcome: "refused-by-policy", reasons: [{ rule: "do-not-call" }] });
    expect(ringsOf("Aisha")).toEqual([]);
    await lab.database.preferences.undoOptOut(patientNumbers.Aisha as never);
  });

  it("when no consent is known", async () => {
    const appointment = await lab.database.appointments.get(appointmentIdOf("Aisha"));
    if (!appointment) throw new Error("The lab has no such appointment.");
    expect(await makeCall(patientNumbers.Aisha, appointment, { ...lab.callOptions, policy })).toMatchObject({
      outcome: "refused-by-policy",
      reasons: [{ rule: "consent" }],
    });
  });
});

describe("a dispatch that is not as it should be", () => {
  const dispatch = async (room: string, metadata: string) => {
    const client = new AgentDispatchClient(lab.sip.httpUrl, lab.sip.apiKey, lab.sip.apiSecret);
    await client.createDispatch(room, "gemini-sip-agent", { metadata });
  };
  const agentsIn = async (room: string) =>
    (await lab.rooms.listParticipants(room).catch(() => [])).filter(({ kind }) => kind === 4).length;

  it.each([
    ["is not JSON", "{"],
    ["has no version", '{"callId":"c"}'],
    ["is a megabyte", `"${"x".repeat(1_000_000)}"`],
  ])("with a brief that %s: the agent leaves by itself and the worker goes on", async (_, metadata) => {
    const room = "room-malformed";
    await lab.rooms.createRoom({ name: room, emptyTimeout: 60 });
    // LiveKit itself may refuse metadata of a megabyte.
    const dispatched = await dispatch(room, metadata).then(
      () => true,
      () => false,
    );
    if (dispatched) await expect.poll(() => agentsIn(room), { timeout: 10_000 }).toBe(1);
    await expect.poll(() => agentsIn(room), { timeout: 10_000 }).toBe(0);
    await lab.rooms.deleteRoom(room).catch(() => {});
  });

  it("with a brief that has expired: no agent ever joins", async () => {
    const room = "room-expired";
    await lab.rooms.createRoom({ name: room, emptyTimeout: 60 });
    const brief = { version: 1, callId: "c", attemptId: "t", clinicId: "riverside", appointmentId: "a" };
    await dispatch(room, JSON.stringify({ ...brief, expiresAt: "2026-01-01T00:00:00Z" }));
    for (let looks = 0; looks < 30; looks++) {
      expect(await agentsIn(room)).toBe(0);
      await sleep(100);
    }
    await lab.rooms.deleteRoom(room);
  });
});
