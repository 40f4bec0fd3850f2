import { setTimeout as sleep } from "node:timers/promises";
import { agentAttribute, type CallRecord, type CallRecordEvent, defaultAgentName } from "@clinic/sip-voice";
import {
  appointmentIdOf,
  callerUtterance,
  clinicNumbers,
  type Lab,
  patientNumbers,
  startLab,
  type TelephoneLine,
  type UtteranceKey,
} from "@clinic/sip-voice-lab";
import { AgentDispatchClient } from "livekit-server-sdk";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { levelDb } from "../../src/telephone/index.ts";
import { resample, ToneTagDetector, utterances } from "../../src/voice/index.ts";
import { Onlooker } from "./network.ts";

let lab: Lab;

beforeAll(async () => {
  lab = await startLab({ withoutWorker: true });
});

afterAll(() => lab.stop());

afterEach(async () => {
  // A test that failed must not leave its call to the next one.
  await Promise.all(lab.sip.lines().map((line) => line.hangUp()));
});

interface Call {
  readonly line: TelephoneLine;
  readonly callId: string;
}

/** Calls the clinic and waits until the opener was heard. */
async function callClinic(number: string): Promise<Call> {
  const line = await lab.telephone(number).call(clinicNumbers.inbound);
  await line.answered;
  const callId = await callIdIn(line.room);
  await until(callId, (event) => event.type === "opener-said");
  return { line, callId };
}

async function callIdIn(room: string): Promise<string> {
  return await eventually("the agent tells the call's id", async () => {
    const members = await lab.rooms.listParticipants(room).catch(() => []);
    return members.map(({ attributes }) => attributes[agentAttribute.callId]).find(Boolean);
  });
}

async function eventually<Found>(
  what: string,
  look: () => Promise<Found | undefined>,
  withinMs = 30_000,
): Promise<Found> {
  for (const deadline = performance.now() + withinMs; performance.now() < deadline; ) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error(`Not seen within ${withinMs} ms: ${what}`);
}

/** The entry of a call's record that fits, once it is there. */
async function until(callId: string, fits: (event: CallRecordEvent) => boolean) {
  return await eventually("an entry of the call's record", async () =>
    (await lab.database.callLog.read(callId))?.entries.find(({ event }) => fits(event)),
  );
}

async function recordOf(callId: string): Promise<CallRecord> {
  return await eventually("the end of the call's record", async () => {
    const record = await lab.database.callLog.read(callId);
    return record?.finalState ? record : undefined;
  });
}

const said = (prompt: string) => (event: CallRecordEvent) =>
  event.type === "prompt" && event.prompt === prompt;
const isTransfer = (event: CallRecordEvent): boolean => event.type === "transfer";

const idOf = (key: UtteranceKey): number => utterances.find((one) => one.key === key)?.id ?? -1;

async function say(line: TelephoneLine, key: UtteranceKey): Promise<void> {
  const { samples, sampleRate } = await callerUtterance(key);
  await line.play(samples, sampleRate);
}

/** The tagged utterances that a telephone heard in a stretch of time. */
function tagsHeard(line: TelephoneLine, from: number, to = performance.now()): number[] {
  const { samples } = resample({ samples: line.heardBetween(from, to), sampleRate: line.sampleRate }, 16_000);
  return new ToneTagDetector().push(samples);
}

/** One says something until the other has heard it: a busy machine loses pieces of it. */
async function hears(listener: TelephoneLine, speaker: TelephoneLine, key: UtteranceKey): Promise<void> {
  await eventually(`somebody hears "${key}"`, async () => {
    const from = performance.now();
    await say(speaker, key);
    await sleep(300);
    return tagsHeard(listener, from).includes(idOf(key)) ? true : undefined;
  });
}

/** How much of a stretch of time a telephone heard something, in milliseconds. */
function loudMs(line: TelephoneLine, from: number, to: number): number {
  const samples = line.heardBetween(from, to);
  const frame = line.sampleRate / 50;
  let loud = 0;
  for (let at = 0; at + frame <= samples.length; at += frame)
    if (levelDb(samples.subarray(at, at + frame)) > -50) loud += 20;
  return loud;
}

describe("a caller is bridged to the operator", () => {
  const operator = () => lab.telephone(clinicNumbers.operator);

  beforeAll(async () => {
    await lab.startWorker({ OPERATOR_METHOD: "bridge", OPERATOR_RINGING_SECONDS: "8" });
  });

  beforeEach(() => {
    operator().behaviour = { kind: "answers", afterMs: 300 };
  });

  it("who hears a summary that the caller does not hear, and then the two talk", async () => {
    const { line, callId } = await callClinic(patientNumbers.Grace);
    const answered = operator().nextAnsweredLine();
    await line.press("0");
    const desk = await answered;
    const { at: summaryAt } = await desk.waitForSpeechStart({ timeoutMs: 20_000, since: 0 });
    await sleep(2_500);
    const quietUntil = performance.now();
    expect(loudMs(desk, summaryAt, quietUntil)).toBeGreaterThan(1_000);
    expect(loudMs(line, summaryAt, quietUntil)).toBe(0);
    // What either says meanwhile stays with them.
    await Promise.all([say(desk, "hello"), say(line, "yes")]);
    const transfer = await until(callId, isTransfer);
    const apartUntil = performance.now() - (Date.now() - transfer.at);
    expect(tagsHeard(line, 0, apartUntil)).toEqual([]);
    expect(tagsHeard(desk, 0, apartUntil)).toEqual([]);
    const summary = await lab.gemini?.waitFor(
      (event) => event.type === "speech" && event.text.includes("a caller for you"),
    );
    expect(summary).toMatchObject({ text: expect.stringMatching(/Grace.*Tuesday.*Dr\. Lane.*a person/) });

    await hears(line, desk, "hello");
    await hears(desk, line, "when");
    // The model has left: nobody answers what the caller asked.
    const heard = lab.gemini?.events.filter(
      (event) => event.type === "utterance" && event.key === "when" && event.at > transfer.at,
    );
    expect(heard).toEqual([]);
    await desk.hangUp();
    expect(await line.ended).toEqual({ by: "room" });
    const record = await recordOf(callId);
    expect(record.finalState).toMatchObject({ transfer: "completed", endedBy: "transfer", model: "working" });
    const result = { type: "transfer", result: "reached", by: "bridge" };
    expect(record.entries.find(({ event }) => isTransfer(event))?.event).toEqual(result);
  });

  it("and the operator's call ends when the caller hangs up", async () => {
    const { line, callId } = await callClinic(patientNumbers.Ravi);
    const answered = operator().nextAnsweredLine();
    await line.press("0");
    const desk = await answered;
    await until(callId, isTransfer);
    await line.hangUp();
    expect(await desk.ended).toEqual({ by: "room" });
    expect((await recordOf(callId)).finalState?.endedBy).toBe("transfer");
  });

  it("who hangs up while being told: the caller comes back to the agent", async () => {
    const { line, callId } = await callClinic(patientNumbers.Omar);
    const answered = operator().nextAnsweredLine();
    await line.press("0");
    const desk = await answered;
    await desk.waitForSpeechStart({ timeoutMs: 20_000, since: 0 });
    await desk.hangUp();
    await until(callId, said("operator-unavailable"));
    await line.press("1");
    await until(callId, said("confirmed"));
    await line.hangUp();
    expect((await recordOf(callId)).finalState).toMatchObject({
      transfer: "failed",
      transferFailure: "refused",
      disposition: "confirmed",
    });
  });

  it("who does not answer: the ringing ends, and the caller comes back to the agent", async () => {
    operator().behaviour = { kind: "does-not-answer" };
    const { line, callId } = await callClinic(patientNumbers.Elena);
    await line.press("0");
    await until(callId, said("operator-unavailable"));
    expect(operator().calls.at(-1)?.outcome).toBe("given-up");
    await line.hangUp();
    expect((await recordOf(callId)).finalState?.transferFailure).toBe("no-answer");
  });

  it("whose telephone stops ringing when the caller hangs up", async () => {
    operator().behaviour = { kind: "does-not-answer" };
    const { line, callId } = await callClinic(patientNumbers.Peter);
    const rang = operator().calls.length;
    await line.press("0");
    await eventually("the operator's telephone rings", async () => operator().calls[rang]);
    await line.hangUp();
    await eventually(
      "it stops ringing",
      async () => (operator().calls[rang]?.outcome === "given-up" ? true : undefined),
      6_000,
    );
    expect((await recordOf(callId)).finalState).toMatchObject({ phase: "ended", endedBy: "patient" });
  });
});

describe("a caller in the browser", () => {
  beforeAll(async () => {
    if (!lab.worker) await lab.startWorker();
  });

  it("is bridged, since there is no telephone that could be handed on", async () => {
    const operator = lab.telephone(clinicNumbers.operator);
    operator.behaviour = { kind: "answers", afterMs: 300 };
    const room = "web-operator";
    const { httpUrl, apiKey, apiSecret } = lab.sip;
    const attributes = {
      [agentAttribute.appointment]: appointmentIdOf("Yusuf"),
      [agentAttribute.language]: "en-US",
    };
    const person = await Onlooker.join(lab.sip, room, { attributes });
    await person.publish();
    await new AgentDispatchClient(httpUrl, apiKey, apiSecret).createDispatch(room, defaultAgentName);
    const callId = await callIdIn(room);
    await until(callId, (event) => event.type === "opener-said");
    const answered = operator.nextAnsweredLine();
    const tap = new TextEncoder().encode(JSON.stringify({ version: 1, tap: "operator" }));
    await person.room.localParticipant?.publishData(tap, { reliable: true, topic: "clinic.tap" });
    const desk = await answered;
    await until(callId, isTransfer);
    const connectedAt = performance.now();
    await eventually("the operator hears the browser", async () => {
      await person.say(600);
      return desk.heardSpeechSince(connectedAt) ? true : undefined;
    });
    await desk.hangUp();
    await person.saw(({ event }) => event === "disconnected", 20_000);
    await person.leave();
    expect((await recordOf(callId)).finalState).toMatchObject({ transfer: "completed", endedBy: "transfer" });
  });
});

describe("a caller is referred to the operator", () => {
  const operator = () => lab.telephone(clinicNumbers.operator);

  beforeAll(async () => {
    await lab.startWorker();
  });

  it("also when LiveKit says that it timed out, and rings the operator once", async () => {
    operator().behaviour = { kind: "answers-but-response-lost", afterMs: 300 };
    const { line, callId } = await callClinic(patientNumbers.Aisha);
    const rang = operator().calls.length;
    await line.press("0");
    expect(await line.ended).toEqual({ by: "transfer" });
    expect((await recordOf(callId)).finalState).toMatchObject({ transfer: "completed", endedBy: "transfer" });
    expect(operator().calls).toHaveLength(rang + 1);
  });

  it("who is busy: the caller hears so, and key 3 has the clinic call back", async () => {
    operator().behaviour = { kind: "busy" };
    const { line, callId } = await callClinic(patientNumbers.Nadia);
    await line.press("0");
    await until(callId, said("operator-unavailable"));
    await line.press("3");
    await until(callId, said("call-back-noted"));
    await line.hangUp();
    expect((await recordOf(callId)).finalState).toMatchObject({ transferFailure: "busy", callBack: true });
  });

  it("without being asked when they speak of an emergency", async () => {
    operator().behaviour = { kind: "answers", afterMs: 300 };
    const { line, callId } = await callClinic(patientNumbers.Samuel);
    await say(line, "emergency");
    expect(await line.ended).toEqual({ by: "transfer" });
    const record = await recordOf(callId);
    const sentence = record.entries.find(({ event }) => said("emergency")(event));
    const transcript = lab.gemini?.events.findLast(
      (event) => event.type === "utterance" && event.key === "emergency",
    );
    expect(sentence?.event).toMatchObject({ source: "prepared" });
    const afterMs = (sentence?.at ?? Number.POSITIVE_INFINITY) - (transcript?.at ?? 0);
    console.info(`transcript -> emergency sentence: ${afterMs} ms`);
    expect(afterMs).toBeLessThan(2_000);
    expect(record.entries.map(({ event }) => event)).toContainEqual({ type: "emergency" });
    expect(JSON.stringify(record)).not.toMatch(/chest/);
  });
});
