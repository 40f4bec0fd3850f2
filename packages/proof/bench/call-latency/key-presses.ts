import { setTimeout as sleep } from "node:timers/promises";
import { agentAttribute, type PromptName } from "@clinic/sip-voice";
import { clinicNumbers, type Lab, type TelephoneLine } from "@clinic/sip-voice-lab";
import { mustCome } from "../../src/eventually.ts";
import { momentOf } from "../../src/moment.ts";
import { hearPrompt } from "../../src/prompt-sound.ts";
import type { ProofPatient } from "../../src/proof-patients.ts";
import type { BenchWorker } from "./bench-worker.ts";

/** What was measured of key presses, in milliseconds. */
export interface KeyFigures {
  /** In the agent's process, by the call's record: from the key's arrival to the commit. */
  readonly inProcessMs: number[];
  /** From the press at the telephone to the moment at which another connection to the database reads the change. */
  readonly toCommitMs: number[];
  /** Of these, from the press at the telephone to its arrival in the agent's process, by the call's record. */
  readonly toArrivalMs: number[];
  /** From the press at the telephone to the first sound of its acknowledgement there; the line was quiet. */
  readonly toSoundMs: number[];
}

interface Key {
  readonly digit: string;
  readonly status: string;
  readonly prompt: PromptName;
}

/** In turn, so that each press changes the appointment. */
const keys: readonly [Key, Key] = [
  { digit: "1", status: "confirmed", prompt: "confirmed" },
  { digit: "2", status: "reschedule-requested", prompt: "reschedule-requested" },
];

/** Between two presses whose acknowledgement is not listened to: each interrupts that of the one before. */
const apartMs = 150;
const quietMs = 1_200;
const longestMs = 15_000;

/** One call in which a patient presses keys: so many as fast as fingers do, and so many after listening. */
export async function pressKeys(
  lab: Lab,
  worker: BenchWorker,
  patient: ProofPatient,
  counts: { readonly fast: number; readonly slow: number },
): Promise<KeyFigures> {
  await worker.nextProcess();
  const line = await lab.telephone(patient.phoneNumber).call(clinicNumbers.inbound);
  const figures: KeyFigures = { inProcessMs: [], toCommitMs: [], toArrivalMs: [], toSoundMs: [] };
  const pressedAt: number[] = [];
  try {
    await line.answered;
    await line.waitForSpeechStart({ since: line.joinedAt, timeoutMs: longestMs });
    await line.waitForSilence({ silenceMs: quietMs, timeoutMs: longestMs });
    let turn = 0;
    const next = (): Key => keys[turn++ % 2] as Key;
    for (let press = 0; press < counts.fast; press++) {
      const { at, ms } = await pressAndSee(lab, line, patient, next());
      pressedAt.push(at);
      figures.toCommitMs.push(ms);
      await sleep(apartMs);
    }
    for (let press = 0; press < counts.slow; press++) {
      await line.waitForSilence({ silenceMs: quietMs, timeoutMs: longestMs });
      figures.toSoundMs.push(await pressAndHear(lab, line, next()));
    }
    const recorded = await fromRecord(lab, line, turn);
    figures.inProcessMs.push(...recorded.map(({ pressed, stored }) => stored - pressed));
    figures.toArrivalMs.push(
      ...pressedAt.map((at, index) => momentOf(recorded[index]?.pressed ?? Number.NaN) - at),
    );
    return figures;
  } finally {
    await line.hangUp();
  }
}

async function pressAndSee(
  lab: Lab,
  line: TelephoneLine,
  { appointment }: ProofPatient,
  key: Key,
): Promise<{ readonly at: number; readonly ms: number }> {
  const { at } = await line.press(key.digit);
  const deadline = at + longestMs;
  for (;;) {
    const now = await lab.database.appointments.get(appointment.id);
    if (now?.status === key.status) return { at, ms: performance.now() - at };
    if (performance.now() > deadline) throw new Error(`Key ${key.digit} changed nothing in the store.`);
    await sleep(1);
  }
}

async function pressAndHear(lab: Lab, line: TelephoneLine, key: Key): Promise<number> {
  const { at } = await line.press(key.digit);
  const heard = await line.waitForSpeechStart({ since: at, timeoutMs: longestMs });
  await hearPrompt(lab, line, key.prompt, { since: at, timeoutMs: longestMs });
  return heard.at - at;
}

/** When a key arrived and when its change was stored, since 1970. */
interface RecordedKey {
  readonly pressed: number;
  readonly stored: number;
}

/** The keys of a call and their changes, as the call's record has them, which is complete for so many keys. */
async function fromRecord(lab: Lab, line: TelephoneLine, presses: number): Promise<RecordedKey[]> {
  const callId = [...line.leg.room.remoteParticipants.values()]
    .map(({ attributes }) => attributes[agentAttribute.callId])
    .find((id) => id !== undefined);
  let keys: RecordedKey[] = [];
  await mustCome("the call's record tells of every key", async () => {
    const record = callId === undefined ? undefined : await lab.database.callLog.read(callId);
    const pressed = record?.entries.filter(({ event }) => event.type === "digit") ?? [];
    const stored = record?.entries.filter(({ event }) => event.type === "store" && event.result === "kept");
    keys = (stored ?? []).map(({ at }, index) => ({ pressed: pressed[index]?.at ?? Number.NaN, stored: at }));
    return keys.length === presses && pressed.length === presses;
  });
  return keys;
}
