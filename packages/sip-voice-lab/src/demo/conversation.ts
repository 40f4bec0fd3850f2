import { setTimeout as sleep } from "node:timers/promises";
import type { PromptName } from "@clinic/sip-voice";
import type { TelephoneLine } from "../telephone/index.ts";
import { callerUtterance, utterance, utterances } from "../voice/index.ts";
import { CallTrouble, type CallWatch } from "./call-watch.ts";
import type { DemoCall, FailStep, HearStep, KeysStep, PressStep, SayStep } from "./demo-call.ts";
import { lengthMs, modelSound, PatientEar, promptSound } from "./patient-ear.ts";

// Generous: these say when something is broken, not how fast it should be.
const openerWithinMs = 12_000;
const modelWithinMs = 12_000;
const acknowledgedWithinMs = 5_000;
const endWithinMs = 12_000;
const unaskedWithinMs = 45_000;
const betweenKeysMs = 120;
/** Who gets no answer says it again, this often. */
const mostRepeats = 2;
/** Nobody speaks into the agent's sentence. */
const politePauseMs = 600;

/** What the patient heard in a call, by its sound. */
export interface Conversation {
  /** From the answer to the first sound of the opener, in milliseconds. */
  openerAfterMs?: number;
  /** Whether the model's greeting came out of the telephone. */
  greetingHeard?: boolean;
  /** From each key press to the first sound of the sentence that answers it, in milliseconds. */
  readonly acknowledged: { readonly key: string; readonly prompt: PromptName; readonly afterMs: number }[];
  /** Fixed sentences that were heard without being asked for, in order. */
  readonly unasked: PromptName[];
  /** How often the patient said something again, because no answer came. */
  repeated: number;
  /** Sentences that were heard, but torn by a machine that does too much at a time. */
  readonly torn: readonly string[];
  /** Why it did not go as planned. */
  trouble?: string;
}

/** What a conversation needs. */
export interface ConversationOptions {
  readonly call: DemoCall;
  readonly line: TelephoneLine;
  readonly answeredAt: number;
  readonly watch: CallWatch;
  /** Closes the model's connections, as its far end would. */
  readonly closeModel: (code: number) => void;
  /** Whether the model's words are known beforehand: they are with the stand-in. */
  readonly scripted: boolean;
}

/** Leads a call on the patient's side: listens, presses keys, speaks, and hangs up unless the clinic is to. */
export async function converse(options: ConversationOptions): Promise<Conversation> {
  const { line, watch, call } = options;
  const ear = new PatientEar(line);
  const conversation: Conversation = { acknowledged: [], unasked: [], repeated: 0, torn: ear.torn };
  try {
    // A machine is not greeted; what it hears is told by steps.
    if (call.direction === "inbound" || call.pickedUpBy === undefined)
      await listenToGreeting(options, ear, conversation);
    for (const [index, step] of call.steps.entries()) {
      if ("press" in step) await press(options, ear, conversation, step, index === call.steps.length - 1);
      else if ("keys" in step) await pressSeveral(options, ear, conversation, step);
      else if ("say" in step) await say(options, ear, conversation, step);
      else await hear(options, ear, conversation, step);
    }
    if (call.expect.transfer === "completed") await isHandedOver(line, watch);
    if (call.expect.endedBy !== "patient" && !isBridged(watch)) await ending(line);
  } catch (error) {
    conversation.trouble = (error as Error).message;
  }
  if (!line.isOver) {
    watch.patient("hangs up");
    await line.hangUp();
  }
  await line.ended;
  return conversation;
}

async function listenToGreeting(
  { call, line, answeredAt, watch, scripted }: ConversationOptions,
  ear: PatientEar,
  conversation: Conversation,
): Promise<void> {
  const sentence = await promptSound("opener");
  const heardAt = await ear.hear({
    what: "opener",
    sentence,
    since: answeredAt - 200,
    timeoutMs: openerWithinMs,
    sentAt: () => watch.promptAt("opener", answeredAt - 200),
  });
  conversation.openerAfterMs = Math.round(Math.max(0, heardAt - answeredAt));
  if (call.impatient) return;
  if (!scripted) {
    await line.waitForSilence({ silenceMs: politePauseMs, timeoutMs: modelWithinMs });
    return;
  }
  await hearModel(watch, ear, 0, /./, heardAt + lengthMs(sentence) / 2);
  conversation.greetingHeard = true;
}

async function press(
  { line, watch, scripted }: ConversationOptions,
  ear: PatientEar,
  conversation: Conversation,
  step: PressStep,
  isLast: boolean,
): Promise<void> {
  const sentence = await promptSound(step.hears);
  watch.patient(`presses ${step.press}`);
  const { at } = await line.press(step.press);
  const startedAt = await ear.hear({
    what: step.hears,
    sentence,
    since: at,
    timeoutMs: acknowledgedWithinMs,
    sentAt: () => watch.promptAt(step.hears, at),
  });
  conversation.acknowledged.push({
    key: step.press,
    prompt: step.hears,
    // Sound that began before the key is never found, but its beginning is known only to some milliseconds.
    afterMs: Math.max(0, Math.round(startedAt - at)),
  });
  if (!isLast) return;
  // The patient listens to the end.
  await sleep(Math.max(0, startedAt + lengthMs(sentence) - performance.now()));
  if (step.model && scripted) await hearModel(watch, ear, 0, step.model);
}

/** Presses keys one after the other, as somebody does who knows the number by heart. */
async function pressSeveral(
  { line, watch, scripted }: ConversationOptions,
  ear: PatientEar,
  conversation: Conversation,
  step: KeysStep,
): Promise<void> {
  const since = performance.now();
  const said = watch.modelSaid.length;
  watch.patient(`presses ${step.keys.length} keys`);
  for (const key of step.keys) {
    await line.press(key);
    await sleep(betweenKeysMs);
  }
  if (typeof step.answer === "object" && "hears" in step.answer)
    return await hearPrompt(step.answer.hears, since, watch, ear, conversation);
  if (scripted) await hearModel(watch, ear, said, step.answer);
}

/** Waits for a sentence that the patient did not ask for, after closing the model's connection where the step says so. */
async function hear(
  { watch, closeModel }: ConversationOptions,
  ear: PatientEar,
  conversation: Conversation,
  step: HearStep | FailStep,
): Promise<void> {
  const since = performance.now();
  if ("closeModel" in step) {
    watch.event(`the model's connection is closed with ${step.closeModel}`);
    closeModel(step.closeModel);
  }
  await hearPrompt(step.hears, since, watch, ear, conversation);
}

async function hearPrompt(
  prompt: PromptName,
  since: number,
  watch: CallWatch,
  ear: PatientEar,
  conversation: Conversation,
): Promise<void> {
  const startedAt = await ear.hear({
    what: prompt,
    sentence: await promptSound(prompt),
    since,
    timeoutMs: unaskedWithinMs,
    sentAt: () => watch.promptAt(prompt, since),
  });
  conversation.unasked.push(prompt);
  watch.patient(`hears “${prompt}” after ${Math.round(startedAt - since)} ms`);
}

/** The operator is in the call with the patient, or has it at another telephone. */
async function isHandedOver(line: TelephoneLine, watch: CallWatch): Promise<void> {
  await watch.until("the operator", unaskedWithinMs, () => line.isOver || isBridged(watch) || undefined);
}

function isBridged({ record }: CallWatch): boolean {
  return (record?.entries ?? []).some(
    ({ event }) => event.type === "transfer" && event.result === "reached" && event.by === "bridge",
  );
}

async function say(
  options: ConversationOptions,
  ear: PatientEar,
  conversation: Conversation,
  { say: key, answer, words: own }: SayStep,
): Promise<void> {
  const { line, watch } = options;
  const known = utterances.find((one) => one.key === key);
  const words = own ?? known?.text;
  const { samples, sampleRate } = own && known ? await utterance(known.id, own) : await callerUtterance(key);
  const said = watch.modelSaid.length;
  for (let repeats = 0; ; repeats += 1) {
    await line.waitForSilence({ silenceMs: politePauseMs, timeoutMs: modelWithinMs });
    const since = performance.now();
    watch.patient(`says${repeats > 0 ? " again" : ""} “${words}”`);
    await line.play(samples, sampleRate);
    try {
      if (typeof answer === "object" && "hears" in answer)
        await hearPrompt(answer.hears, since, watch, ear, conversation);
      else await answered(options, ear, answer, said);
      return;
    } catch (error) {
      if (repeats === mostRepeats || line.isOver) throw error;
      conversation.repeated += 1;
    }
  }
}

/** Waits for what should come of the patient's words. */
async function answered(
  { line, watch, scripted }: ConversationOptions,
  ear: PatientEar,
  answer: RegExp | "hangs-up",
  said: number,
): Promise<void> {
  if (answer === "hangs-up") await ending(line);
  else if (scripted) await hearModel(watch, ear, said, answer);
  // A real model finds its own words.
  else await line.waitForSpeechStart({ timeoutMs: modelWithinMs });
}

/** Waits for words of the model and for their sound. */
async function hearModel(
  watch: CallWatch,
  ear: PatientEar,
  from: number,
  words: RegExp,
  since?: number,
): Promise<void> {
  const said = await watch.until(`an answer like ${words}`, modelWithinMs, () =>
    watch.modelSaid.slice(from).find((sentence) => words.test(sentence.text)),
  );
  await ear.hear({
    what: said.text,
    sentence: await modelSound(said.text),
    since: since ?? said.since,
    timeoutMs: modelWithinMs,
    sentAt: () => said.since,
  });
}

async function ending(line: TelephoneLine): Promise<void> {
  const late = Symbol("late");
  const timer = new AbortController();
  const timeout = sleep(endWithinMs, late, { signal: timer.signal }).catch(() => late);
  const first = await Promise.race([line.ended, timeout]);
  timer.abort();
  if (first === late) throw new CallTrouble(`the clinic did not end the call within ${endWithinMs / 1000} s`);
}
