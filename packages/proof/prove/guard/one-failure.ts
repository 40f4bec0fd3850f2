import { setTimeout as sleep } from "node:timers/promises";
import type { CallRecordEntry, CallRecordEvent, PromptName } from "@clinic/sip-voice";
import type { GeminiStandIn, Lab } from "@clinic/sip-voice-lab";
import { eventually, mustCome } from "../../src/eventually.ts";
import { watchPressure } from "../../src/processor-pressure.ts";
import { deafAt, failedAt, makeFail, needsAnswer } from "./failure.ts";
import type { GuardCall } from "./guard-call.ts";
import type { PlannedFailure } from "./plan.ts";
import type { SeenFailure } from "./tried-failure.ts";

/** How long a sentence is listened for; later than is claimed, to tell how late it was. */
const listenMs = 6_000;
/** A rebuild that was refused is tried again no sooner than this. */
const secondTryMs = 1_000;

/** Has the model fail at a moment of a call, and looks at what becomes of the call. */
export async function oneFailure(lab: Lab, call: GuardCall, planned: PlannedFailure): Promise<SeenFailure> {
  const { mode, phase } = planned;
  const gemini = lab.gemini as GeminiStandIn;
  await call.bringTo(phase);
  // While a caller is on the way to the operator nobody waits for what the model says: it would fail unseen, and rightly so.
  if (phase === "transfer" && (mode === "silent" || mode === "empty")) await call.comesBack();
  const madeAt = Date.now();
  makeFail(gemini, call.session, mode);
  await call.line.answered;
  const answeredAt = Date.now();
  const pressure = watchPressure();
  const happenedAt = await happened(gemini, call, planned, madeAt);
  // Nobody hears anything before the call is up.
  const at = phase === "ringing" ? Math.max(happenedAt, answeredAt) : happenedAt;

  // What was being said when the model failed is a sentence, too, and is not cut short.
  const isByItself = !needsAnswer.has(mode) && mode !== "deaf";
  const isOnTheWay = phase === "transfer" && !(await call.isBackAt(at));
  const sentences: readonly PromptName[] =
    phase === "ringing" && happenedAt <= answeredAt
      ? ["opener"]
      : isOnTheWay
        ? ["operator", "operator-unavailable", "operator-closed"]
        : phase === "acknowledgement" && isByItself
          ? ["reschedule-requested", "apology"]
          : phase === "between-keys"
            ? ["unmapped-digit", "apology", "hold"]
            : ["apology", "hold"];
  const heard = await call.hears(sentences, at, at + listenMs);

  const isNotice = (event: CallRecordEvent): boolean =>
    event.type === "model-lost" || (event.type === "prompt" && event.prompt === "hold");
  await eventually(async () => (await call.entries()).some(({ event }) => isNotice(event)), 5_000);
  const noticed = (await call.entries()).find((entry) => isNotice(entry.event) && entry.at >= madeAt);

  // On the way to the operator keys wait for what becomes of it.
  if (phase === "transfer") await call.comesBack();
  const keyHeard = await keyWorks(call, phase === "acknowledgement" ? "1" : "2");

  const share = Math.round(pressure() * 100) / 100;

  // One that asks again for what it can't hear may be lost a little later than it was noticed.
  await eventually(async () => causesIn(await call.entries()).length > 0, 5_000);
  const restored = await eventually(
    async () => restoredAfter(await call.entries()) !== undefined,
    25_000,
    300,
  );
  const entries = await call.entries();
  // A connection is refused for whoever opens the next one, and that may be another call.
  if (mode === "refused" && (restoredAfter(entries) ?? secondTryMs) < secondTryMs)
    throw new Error("The connection of another call was refused.");
  await sleep(300);
  if (!call.line.isOver) await call.line.hangUp();
  return {
    ...(heard === undefined ? {} : { sentenceAfter: Math.max(0, Math.round(heard.at - at)) }),
    ...(heard?.torn || keyHeard === "torn" ? { torn: true } : {}),
    ...(noticed === undefined ? {} : { noticedAfter: noticed.at - happenedAt }),
    ...(keyHeard === "whole" || keyHeard === "torn" ? {} : { keyFailed: keyHeard.failed }),
    causes: causesIn(entries),
    restored: restored.came,
    story: story(entries, at),
    pressure: share,
  };
}

/** Sees to it that what was made to fail fails; tells when it did. */
async function happened(
  gemini: GeminiStandIn,
  call: GuardCall,
  { mode, phase }: PlannedFailure,
  madeAt: number,
): Promise<number> {
  if (mode === "deaf") {
    // What is being said may have begun before.
    if (phase === "caller-speaking" || phase === "tool-running" || phase === "opener") await sleep(3_000);
    if (phase === "ringing") await call.until("the opener ends", ({ type }) => type === "opener-said");
    if (phase === "transfer") await call.comesBack();
    return deafAt(await call.say("when"));
  }
  if (!needsAnswer.has(mode)) return madeAt;
  const failed = (): number | undefined => failedAt(gemini.events, call.session.id, mode);
  if (phase === "transfer") await call.comesBack();
  // It may have something to say by itself; otherwise the patient asks.
  await eventually(
    () => failed() !== undefined,
    phase === "ringing" || phase === "opener" ? 15_000 : 4_000,
    40,
  );
  for (let time = 0; time < 3 && failed() === undefined; time++) {
    await call.say("when");
    await eventually(() => failed() !== undefined, 6_000, 40);
  }
  await mustCome("the reply fails", () => failed() !== undefined, 1_000);
  return failed() as number;
}

/** Presses a key, and tells how what answers it was heard. */
async function keyWorks(call: GuardCall, key: "1" | "2"): Promise<"whole" | "torn" | { failed: string }> {
  if (call.line.isOver) return { failed: "the line was down" };
  const pressedAt = Date.now();
  await call.line.press(key);
  const { came } = await eventually(
    async () =>
      (await call.entries()).some(
        ({ at, event }) => at >= pressedAt && event.type === "store" && event.result === "kept",
      ),
    2_000,
  );
  const seen = async (): Promise<string> => story(await call.entries(), pressedAt);
  if (!came) return { failed: `the key changed nothing in the store (${await seen()})` };
  const prompt = key === "1" ? "confirmed" : "reschedule-requested";
  const heard = await call.hears([prompt], pressedAt, pressedAt + 3_000);
  if (heard === undefined) return { failed: `the key's acknowledgement was not heard (${await seen()})` };
  return heard.torn ? "torn" : "whole";
}

function causesIn(entries: readonly CallRecordEntry[]): string[] {
  return entries.flatMap(({ event }) => (event.type === "model-lost" ? [event.cause] : []));
}

/** How long the call was without a model; `undefined` while it is. */
function restoredAfter(entries: readonly CallRecordEntry[]): number | undefined {
  return entries
    .map(({ event }) => (event.type === "model-restored" ? event.afterMs : undefined))
    .find((ms) => ms !== undefined);
}

/** The record in short, each event with its milliseconds before or after a moment. */
function story(entries: readonly CallRecordEntry[], at: number): string {
  return entries.map((entry) => `${wordFor(entry.event)} ${Math.round(entry.at - at)}`).join(" > ");
}

function wordFor(event: CallRecordEvent): string {
  if (event.type === "prompt") return event.prompt;
  if (event.type === "model-lost") return `lost: ${event.cause}`;
  return event.type === "transition" ? event.event : event.type;
}
