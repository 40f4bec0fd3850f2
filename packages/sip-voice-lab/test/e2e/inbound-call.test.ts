import { setTimeout as sleep } from "node:timers/promises";
import type { CallRecord, CallRecordEvent } from "@clinic/sip-voice";
import {
  appointmentIdOf,
  callerUtterance,
  clinicNumbers,
  type Lab,
  type LabPatient,
  patientNumbers,
  startLab,
  type TelephoneLine,
} from "@clinic/sip-voice-lab";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

let lab: Lab;

beforeAll(async () => {
  lab = await startLab();
});

afterAll(async () => {
  await lab.stop();
});

afterEach(async () => {
  // A test that failed must not leave its call to the next one.
  await Promise.all(lab.sip.lines().map((line) => line.hangUp()));
});

/** Calls the clinic and waits until somebody takes the call. */
async function callClinic(number: string, hideNumber?: boolean | "anonymous"): Promise<TelephoneLine> {
  const line = await lab
    .telephone(number)
    .call(clinicNumbers.inbound, hideNumber === undefined ? {} : { hideNumber });
  await line.answered;
  return line;
}

/** The call record of a line's call, by what the agent says of itself in the room. */
async function recordOf(callId: string): Promise<CallRecord> {
  for (let tries = 0; tries < 100; tries++) {
    const record = await lab.database.callLog.read(callId);
    if (record?.finalState) return record;
    await sleep(100);
  }
  throw new Error("The call's record has no end.");
}

async function callIdOf(line: TelephoneLine): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const members = await lab.rooms.listParticipants(line.room);
    const callId = members.map(({ attributes }) => attributes["clinic.callId"]).find(Boolean);
    if (callId) return callId;
    await sleep(50);
  }
  throw new Error("The agent told no call id.");
}

/** Waits until the record of a call that goes on holds an event. */
async function until(callId: string, fits: (event: CallRecordEvent) => boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const record = await lab.database.callLog.read(callId);
    if (record?.entries.some(({ event }) => fits(event))) return;
    await sleep(50);
  }
  throw new Error("It did not happen in the call.");
}

const statusOf = async (patient: LabPatient) =>
  (await lab.database.appointments.get(appointmentIdOf(patient)))?.status;
const said = (prompt: string) => (event: CallRecordEvent) =>
  event.type === "prompt" && event.prompt === prompt;
const openerSaid = (event: CallRecordEvent): boolean => event.type === "opener-said";

async function leftNothing(line: TelephoneLine): Promise<void> {
  await line.ended;
  for (let tries = 0; tries < 100; tries++) {
    const rooms = await lab.rooms.listRooms([line.room]);
    if (rooms.length === 0) return;
    await sleep(50);
  }
  throw new Error("The room is still there.");
}

describe("a patient calls the clinic", () => {
  it("is greeted by name and confirms with key 1", async () => {
    const line = await callClinic(patientNumbers.Maria);
    const callId = await callIdOf(line);
    await line.waitForSpeechStart({ timeoutMs: 10_000, since: 0 });
    await until(callId, openerSaid);
    const greeting = await lab.gemini?.waitFor(
      (event) => event.type === "speech" && event.text.includes("Maria"),
    );
    expect(greeting).toMatchObject({ text: expect.stringContaining("Tuesday") });
    const pressed = await line.press("1");
    await until(callId, said("confirmed"));
    expect(await statusOf("Maria")).toBe("confirmed");
    await line.waitForSpeechStart({ since: pressed.at, timeoutMs: 5_000 });
    await line.hangUp();
    const record = await recordOf(callId);
    expect(record.finalState).toMatchObject({ phase: "ended", disposition: "confirmed", endedBy: "patient" });
    expect(record.entries.map(({ event }) => event)).toContainEqual({
      type: "prompt",
      prompt: "confirmed",
      source: "prepared",
    });
    await leftNothing(line);
  });

  it("asks for another time with key 2, and the model goes on", async () => {
    const line = await callClinic(patientNumbers.Omar);
    const callId = await callIdOf(line);
    await line.press("2");
    await until(callId, said("reschedule-requested"));
    expect(await statusOf("Omar")).toBe("reschedule-requested");
    await lab.gemini?.waitFor(
      (event) => event.type === "instruction" && event.text.includes("another time with a key"),
    );
    await line.hangUp();
    expect((await recordOf(callId)).finalState?.disposition).toBe("reschedule-requested");
  });

  it("is handed to the operator with key 0", async () => {
    const operator = lab.telephone(clinicNumbers.operator);
    operator.behaviour = { kind: "answers", afterMs: 300 };
    const line = await callClinic(patientNumbers.Grace);
    const callId = await callIdOf(line);
    await line.press("0");
    expect(await line.ended).toEqual({ by: "transfer" });
    expect(operator.calls.at(-1)).toMatchObject({
      transferredFrom: patientNumbers.Grace,
      outcome: "answered",
    });
    expect((await recordOf(callId)).finalState).toMatchObject({ transfer: "completed", endedBy: "transfer" });
    await leftNothing(line);
  });

  it("comes back to the caller when the operator is busy", async () => {
    lab.telephone(clinicNumbers.operator).behaviour = { kind: "busy" };
    const line = await callClinic(patientNumbers.Grace);
    const callId = await callIdOf(line);
    await line.press("0");
    await until(callId, said("operator-unavailable"));
    await line.press("1");
    await until(callId, said("confirmed"));
    expect(await statusOf("Grace")).toBe("confirmed");
    await line.hangUp();
    expect((await recordOf(callId)).finalState).toMatchObject({
      transfer: "failed",
      disposition: "confirmed",
    });
  });

  it("acknowledges a key without a meaning and changes nothing", async () => {
    const line = await callClinic(patientNumbers.Ravi);
    const callId = await callIdOf(line);
    await line.press("7");
    await until(callId, said("unmapped-digit"));
    await line.hangUp();
    expect((await recordOf(callId)).finalState?.disposition).toBe("none");
    expect(await statusOf("Ravi")).toBe("booked");
  });

  it("moves the appointment by voice: the slot comes from the store, by way of the model's tools", async () => {
    const before = await lab.database.appointments.get(appointmentIdOf("Elena"));
    const line = await callClinic(patientNumbers.Elena);
    const callId = await callIdOf(line);
    await until(callId, openerSaid);
    const { samples, sampleRate } = await callerUtterance("want-friday");
    await line.play(samples, sampleRate);
    await until(callId, (event) => event.type === "tool" && event.name === "proposeSlot");
    expect(await lab.database.appointments.get(appointmentIdOf("Elena"))).toEqual(before);
    // The patient hears the time read back before they answer.
    await line.waitForSpeechStart({ timeoutMs: 15_000 });
    await line.waitForSilence({ silenceMs: 1_000, timeoutMs: 15_000 });
    const yes = await callerUtterance("yes");
    await line.play(yes.samples, yes.sampleRate);
    await until(
      callId,
      (event) => event.type === "store" && event.change === "reschedule" && event.result === "kept",
    );
    const moved = await lab.database.appointments.get(appointmentIdOf("Elena"));
    expect(moved?.slotId).not.toBe(before?.slotId);
    expect(new Date(moved?.start ?? 0).getUTCDay()).toBe(5);
    await line.hangUp();
    const record = await recordOf(callId);
    expect(record.finalState?.disposition).toBe("rescheduled");
    expect(record.entries.map(({ event }) => event)).toContainEqual({
      type: "tool",
      name: "findOpenSlots",
      result: "done",
    });
  });

  it("asks for a person by voice", async () => {
    lab.telephone(clinicNumbers.operator).behaviour = { kind: "answers", afterMs: 300 };
    const line = await callClinic(patientNumbers.Peter);
    const callId = await callIdOf(line);
    await until(callId, openerSaid);
    const { samples, sampleRate } = await callerUtterance("operator");
    await line.play(samples, sampleRate);
    expect(await line.ended).toEqual({ by: "transfer" });
    expect((await recordOf(callId)).finalState).toMatchObject({ transfer: "completed", endedBy: "transfer" });
  });

  it("says goodbye by voice, and the agent ends the call", async () => {
    const line = await callClinic(patientNumbers.Peter);
    const callId = await callIdOf(line);
    await until(callId, openerSaid);
    const { samples, sampleRate } = await callerUtterance("goodbye");
    await line.play(samples, sampleRate);
    expect(await line.ended).toEqual({ by: "room" });
    expect((await recordOf(callId)).finalState?.endedBy).toBe("agent");
    await leftNothing(line);
  });

  it.each([
    ["an unknown number", "+15105550150", undefined],
    ["a number that the rule hides", patientNumbers.Tomas, true],
    ["a caller who withholds the number", patientNumbers.Tomas, "anonymous"],
  ] as const)("tells %s nothing, and the keys change nothing", async (_, number, hideNumber) => {
    const seen = lab.gemini?.events.length ?? 0;
    const line = await callClinic(number, hideNumber);
    const callId = await callIdOf(line);
    await until(callId, openerSaid);
    await line.press("1");
    await until(callId, said("no-appointment"));
    await line.hangUp();
    const record = await recordOf(callId);
    expect(record.finalState).toMatchObject({ disposition: "none" });
    expect(record.finalState?.appointmentId).toBeUndefined();
    expect(JSON.stringify(lab.gemini?.events.slice(seen))).not.toMatch(/Tomas|Tuesday/);
    expect(await statusOf("Tomas")).toBe("booked");
  });
});

describe("the worker's log", () => {
  it("shows what happened at level debug, without a number, a name or a word that was said", () => {
    const lines = lab.worker?.lastLines().map(({ text }) => text) ?? [];
    expect(lines.join("\n")).toContain("call state changed");
    const telling = lines.filter((line) => /5105550\d{3}|Maria|Omar|Grace|Ravi|Elena|Peter|Tomas/.test(line));
    expect(telling).toEqual([]);
  });
});

describe("the model's connection", () => {
  it.each([1000, 1005, 1011])(
    "closes with %d: the caller hears a sentence and the keys work",
    async (code) => {
      const line = await callClinic(patientNumbers.Aisha);
      const callId = await callIdOf(line);
      await until(callId, openerSaid);
      await lab.gemini?.waitFor((event) => event.type === "speech" && event.text.includes("Aisha"));
      const lostAt = performance.now();
      lab.gemini?.closeSessions(code);
      await until(callId, said("apology"));
      await line.waitForSpeechStart({ since: lostAt, timeoutMs: 3_000 });
      const key = code === 1005 ? "2" : "1";
      await line.press(key);
      await until(callId, (event) => event.type === "store" && event.result === "kept");
      expect(await statusOf("Aisha")).toBe(key === "1" ? "confirmed" : "reschedule-requested");
      await line.hangUp();
      expect((await recordOf(callId)).finalState).toMatchObject({ model: "lost", endedBy: "patient" });
      await leftNothing(line);
    },
  );

  it("is refused from the start: the caller hears a sentence and the keys work", async () => {
    lab.gemini?.failNext({ at: "setup", close: 1007, reason: "API key not valid" }, 2);
    const line = await callClinic(patientNumbers.Aisha);
    const callId = await callIdOf(line);
    await until(callId, said("apology"));
    await line.press("1");
    await until(callId, said("confirmed"));
    await line.hangUp();
    expect((await recordOf(callId)).finalState?.model).toBe("lost");
  });
});
