import { clinic } from "@clinic/gemini-sip-agent/clinic";
import { type AnsweredCall, makeCall, type PromptName } from "@clinic/sip-voice";
import {
  appointmentIdOf,
  defaultClinicScript,
  type Lab,
  type LabPatient,
  labCallingPolicy,
  type Pcm,
  patientNumbers,
  plugInAnsweringMachine,
  plugInCallScreener,
  SpeechGate,
  seatPerson,
  speak,
  startLab,
  type TelephoneLine,
  waitToHear,
} from "@clinic/sip-voice-lab";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

// A call of half a minute takes several on a machine that does other things.
vi.setConfig({ testTimeout: 300_000 });

let lab: Lab;
const patience = 60_000;
/** What a model says to a voice that it does not know, here: the worst that it could tell a machine. */
const telltale = "Hello Omar, your appointment with Doctor Lane is on Tuesday at ten in the morning.";

beforeAll(async () => {
  lab = await startLab({
    script: { ...defaultClinicScript, unrecognised: { say: telltale } },
    withoutWorker: true,
  });
});

afterAll(async () => {
  await lab.stop();
});

afterEach(async () => {
  await Promise.all(lab.sip.lines().map((line) => line.hangUp()));
});

/** Calls a patient; resolves when the call is up. */
async function call(patient: LabPatient): Promise<{ result: AnsweredCall; line: TelephoneLine }> {
  const appointment = await lab.database.appointments.get(appointmentIdOf(patient));
  if (!appointment) throw new Error("The lab has no such appointment.");
  const telephone = lab.telephone(patientNumbers[patient]);
  const picked = telephone.nextAnsweredLine();
  const result = await makeCall(patientNumbers[patient], appointment, {
    ...lab.callOptions,
    policy: { ...labCallingPolicy, caps: { ...labCallingPolicy.caps, perNumberPerDay: 100 } },
    consent: { basis: "given-at-booking", recordedAt: "2026-10-01T09:00:00Z" },
  });
  if (result.outcome !== "answered") throw new Error(`The call was not answered but ${result.outcome}.`);
  return { result, line: await picked };
}

const soundOf = (prompt: PromptName): Promise<Pcm> => speak(clinic.prompts["en-US"][prompt]);
const lengthMs = ({ samples, sampleRate }: Pcm) => (samples.length * 1000) / sampleRate;

/** The end of a sentence, to hear that it was said whole. */
const lastWordsOf = ({ samples, sampleRate }: Pcm): Pcm => ({
  samples: samples.slice(-2.5 * sampleRate),
  sampleRate,
});

/** How long somebody spoke in a recording. */
function spokenMs(samples: Int16Array, sampleRate: number): number {
  const gate = new SpeechGate();
  const frame = sampleRate / 50;
  let total = 0;
  let startedAt = 0;
  for (let at = 0; at + frame <= samples.length; at += frame) {
    const edge = gate.push(samples.subarray(at, at + frame), (at * 1000) / sampleRate, 20);
    if (edge?.edge === "start") startedAt = edge.at;
    if (edge?.edge === "end") total += edge.at - startedAt;
  }
  return total + (gate.speaking ? (samples.length * 1000) / sampleRate - startedAt : 0);
}

const promptsOf = ({ record }: Awaited<AnsweredCall["ended"]>) =>
  record?.entries.flatMap(({ event }) => (event.type === "prompt" ? [event.prompt] : []));
const partiesOf = ({ record }: Awaited<AnsweredCall["ended"]>) =>
  record?.entries.flatMap(({ event }) => (event.type === "party" ? [event.party] : []));

describe("a clinic that leaves messages, and waits for the hello", () => {
  beforeAll(async () => {
    await lab.startWorker({ SIP_VOICE_VOICEMAIL: "leave-message", SIP_VOICE_OPENER: "after-greeting" });
  });

  it("leaves its message whole after the beep, and nothing else", async () => {
    const machine = await plugInAnsweringMachine(lab.telephone(patientNumbers.Omar), { pauseMs: 1_200 });
    const recorded = machine.nextMessage();
    const { result, line } = await call("Omar");
    const sentence = await soundOf("voicemail");
    const message = await recorded;
    const from = await waitToHear(line, { sentence, since: message.startedAt, timeoutMs: patience });
    await waitToHear(line, { sentence: lastWordsOf(sentence), since: from, timeoutMs: patience });
    // The model, which talks to whatever it hears, was heard neither before the beep nor after it. A machine on a busy
    // computer greets late: then the opener has begun, and is cut short.
    const before = line.heardBetween(undefined, message.startedAt);
    expect(spokenMs(before, line.sampleRate)).toBeLessThan(lengthMs(await soundOf("opener")) + 500);
    expect(spokenMs(message.samples, message.sampleRate)).toBeLessThan(lengthMs(sentence) + 1_000);

    const ended = await result.ended;
    expect(ended).toMatchObject({ reached: "machine", messageLeft: true, disposition: "none" });
    expect(ended.state).toMatchObject({ endedBy: "agent", party: "machine" });
    expect(promptsOf(ended)?.filter((prompt) => prompt !== "opener")).toEqual(["voicemail"]);
    expect((await lab.database.appointments.get(appointmentIdOf("Omar")))?.status).toBe("booked");
  });

  it("tells a screener who is calling, and greets the person whom it brings", async () => {
    const screener = await plugInCallScreener(lab.telephone(patientNumbers.Grace));
    const connected = screener.nextConnected();
    const { result, line } = await call("Grace");
    const { at } = await connected;
    const introduced = await soundOf("screening");
    const introducedAt = await waitToHear(line, { sentence: introduced, since: 0, timeoutMs: patience });
    expect(introducedAt).toBeLessThan(at);
    expect(spokenMs(screener.introductions[0]?.samples ?? new Int16Array(), 16_000)).toBeLessThan(
      lengthMs(introduced) + 1_000,
    );
    await waitToHear(line, { sentence: await soundOf("opener"), since: at, timeoutMs: patience });
    await lab.gemini?.waitFor((event) => event.type === "speech" && event.text.includes("Grace"), patience);
    await line.press("1");
    await expect
      .poll(async () => (await lab.database.appointments.get(appointmentIdOf("Grace")))?.status, {
        timeout: patience,
      })
      .toBe("confirmed");
    await line.hangUp();
    const ended = await result.ended;
    expect(partiesOf(ended)?.slice(-2)).toEqual(["screener", "person"]);
    expect(ended).toMatchObject({ reached: "person", messageLeft: false, disposition: "confirmed" });
  });

  it("says its opener to a person after their hello", async () => {
    const person = await seatPerson(lab.telephone(patientNumbers.Ravi), { afterMs: 200 });
    const hello = person.nextHello();
    const { result, line } = await call("Ravi");
    const { endedAt } = await hello;
    const opener = await waitToHear(line, {
      sentence: await soundOf("opener"),
      since: 0,
      timeoutMs: patience,
    });
    expect(opener).toBeGreaterThan(endedAt);
    await lab.gemini?.waitFor((event) => event.type === "speech" && event.text.includes("Ravi"), patience);
    await line.hangUp();
    const ended = await result.ended;
    expect(partiesOf(ended)).toEqual(["person"]);
    expect(ended).toMatchObject({ reached: "person", messageLeft: false });
  });
});

describe("a clinic that hangs up on machines, and speaks at once", () => {
  beforeAll(async () => {
    await lab.startWorker({ SIP_VOICE_VOICEMAIL: "hang-up", SIP_VOICE_OPENER: "on-answer" });
  });

  it("hangs up on a machine without a word after its greeting", async () => {
    const machine = await plugInAnsweringMachine(lab.telephone(patientNumbers.Elena));
    const { result, line } = await call("Elena");
    expect(await line.ended).toEqual({ by: "room" });
    const ended = await result.ended;
    expect(ended).toMatchObject({ reached: "machine", messageLeft: false, disposition: "none" });
    expect(promptsOf(ended)).toEqual(["opener"]);
    expect(machine.calls).toBe(1);
    const [left] = machine.messages;
    if (left) expect(spokenMs(left.samples, left.sampleRate)).toBeLessThan(300);
  });

  it("says its opener at once, whatever the person says", async () => {
    const person = await seatPerson(lab.telephone(patientNumbers.Tomas), { afterMs: 1_500 });
    const hello = person.nextHello();
    const { result, line } = await call("Tomas");
    const opener = await waitToHear(line, {
      sentence: await soundOf("opener"),
      since: 0,
      timeoutMs: patience,
    });
    expect(opener).toBeLessThan((await hello).startedAt);
    await lab.gemini?.waitFor((event) => event.type === "speech" && event.text.includes("Tomas"), patience);
    await line.hangUp();
    expect(await result.ended).toMatchObject({ reached: "person" });
  });
});
