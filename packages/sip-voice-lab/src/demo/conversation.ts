import { setTimeout as sleep } from "node:timers/promises";
import { clinic } from "@clinic/gemini-sip-agent/clinic";
import type { PromptName } from "@clinic/sip-voice";
import { sentencesOf } from "../gemini-stand-in/voice-output.ts";
import type { TelephoneLine } from "../telephone/index.ts";
import { callerUtterance, joinSamples, type Pcm, speak, utterances } from "../voice/index.ts";
import { CallTrouble, type CallWatch } from "./call-watch.ts";
import type { DemoCall, PressStep, SayStep } from "./demo-call.ts";
import { waitToHear } from "./heard-sentence.ts";

// Generous: these say when something is broken, not how fast it should be.
const openerWithinMs = 10_000;
const modelWithinMs = 20_000;
const acknowledgedWithinMs = 8_000;
const endWithinMs = 20_000;
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
  /** Why it did not go as planned. */
  trouble?: string;
}

/** What a conversation needs. */
export interface ConversationOptions {
  readonly call: DemoCall;
  readonly line: TelephoneLine;
  readonly answeredAt: number;
  readonly watch: CallWatch;
  /** Whether the model's words are known beforehand: they are with the stand-in. */
  readonly scripted: boolean;
}

/** Leads a call on the patient's side: listens, presses keys, speaks, and hangs up unless the clinic is to. */
export async function converse(options: ConversationOptions): Promise<Conversation> {
  const conversation: Conversation = { acknowledged: [] };
  const { line, watch, call } = options;
  try {
    await listenToGreeting(options, conversation);
    for (const [index, step] of call.steps.entries()) {
      if ("press" in step) await press(options, conversation, step, index === call.steps.length - 1);
      else await say(options, step);
    }
    if (call.expect.endedBy !== "patient") await ending(line);
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
  conversation: Conversation,
): Promise<void> {
  const opener = await promptSound("opener");
  const heardAt = await waitToHear(line, {
    sentence: opener,
    since: answeredAt - 200,
    timeoutMs: openerWithinMs,
  });
  conversation.openerAfterMs = Math.round(Math.max(0, heardAt - answeredAt));
  if (call.impatient) return;
  if (!scripted) {
    await line.waitForSilence({ silenceMs: politePauseMs, timeoutMs: modelWithinMs });
    return;
  }
  const { text } = await watch.until("the model's greeting", modelWithinMs, () => watch.modelSaid[0]);
  await waitToHear(line, {
    sentence: await modelSound(text),
    since: heardAt + lengthMs(opener) / 2,
    timeoutMs: modelWithinMs,
  });
  conversation.greetingHeard = true;
}

async function press(
  { line, watch, scripted }: ConversationOptions,
  conversation: Conversation,
  step: PressStep,
  isLast: boolean,
): Promise<void> {
  const sentence = await promptSound(step.hears);
  watch.patient(`presses ${step.press}`);
  const { at } = await line.press(step.press);
  const startedAt = await waitToHear(line, { sentence, since: at, timeoutMs: acknowledgedWithinMs });
  conversation.acknowledged.push({
    key: step.press,
    prompt: step.hears,
    afterMs: Math.round(startedAt - at),
  });
  if (!isLast) return;
  // The patient listens to the end.
  await sleep(Math.max(0, startedAt + lengthMs(sentence) - performance.now()));
  if (step.model && scripted) await hearModel(line, watch, 0, step.model);
}

async function say(
  { line, watch, scripted, call }: ConversationOptions,
  { say: key, answer }: SayStep,
): Promise<void> {
  await line.waitForSilence({ silenceMs: politePauseMs, timeoutMs: modelWithinMs });
  const { samples, sampleRate } = await callerUtterance(key);
  watch.patient(`says “${utterances.find((one) => one.key === key)?.text}”`);
  const said = watch.modelSaid.length;
  await line.play(samples, sampleRate);
  if (answer === "hangs-up") await ending(line);
  else if (scripted) await hearModel(line, watch, said, answer);
  // A real model finds its own words; what it does is seen in the record.
  else
    await watch.until("the change", modelWithinMs, () =>
      watch.record?.entries.find(
        ({ event }) => event.type === "transition" && event.state.disposition === call.expect.disposition,
      ),
    );
}

/** Waits for words of the model and for their sound. */
async function hearModel(line: TelephoneLine, watch: CallWatch, from: number, words: RegExp): Promise<void> {
  const { text, since } = await watch.until(`an answer like ${words}`, modelWithinMs, () =>
    watch.modelSaid.slice(from).find((sentence) => words.test(sentence.text)),
  );
  await waitToHear(line, { sentence: await modelSound(text), since, timeoutMs: modelWithinMs });
}

async function ending(line: TelephoneLine): Promise<void> {
  const late = Symbol("late");
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), endWithinMs);
  });
  const first = await Promise.race([line.ended, timeout]);
  clearTimeout(timer);
  if (first === late) throw new CallTrouble(`the clinic did not end the call within ${endWithinMs / 1000} s`);
}

/** The sound of the model's words: the very samples that the stand-in sent. */
async function modelSound(text: string): Promise<Pcm> {
  const spoken = await Promise.all(sentencesOf(text).map((sentence) => speak(sentence)));
  return {
    samples: joinSamples(...spoken.map(({ samples }) => samples)),
    sampleRate: spoken[0]?.sampleRate ?? 0,
  };
}

function lengthMs({ samples, sampleRate }: Pcm): number {
  return (samples.length * 1000) / sampleRate;
}

/** The sound of a fixed sentence, as the agent plays it. */
function promptSound(prompt: PromptName): Promise<Pcm> {
  return speak(clinic.prompts["en-US"][prompt], { language: "en-US" });
}
