import { setTimeout as sleep } from "node:timers/promises";
import type { CallRecordEntry, CallRecordEvent, PromptName } from "@clinic/sip-voice";
import type { GeminiStandIn, Lab } from "@clinic/sip-voice-lab";
import type { ClaimTally } from "../../src/claim.ts";
import { eventually, mustCome } from "../../src/eventually.ts";
import { causesOf, deafAt, failedAt, makeFail, needsAnswer } from "./failure.ts";
import type { GuardCall } from "./guard-call.ts";
import type { PlannedFailure } from "./plan.ts";

const sentenceWithinMs = 3_000;
const noticedWithinMs = 2_000;
/** What the machine may take to write it down. */
const writingMs = 250;

/** What is claimed of each failure. */
export interface GuardClaims {
  readonly sentence: ClaimTally;
  readonly noticed: ClaimTally;
  readonly keys: ClaimTally;
  readonly record: ClaimTally;
  readonly restored: ClaimTally;
}

/** Has the model fail at a moment of a call, and looks at what becomes of the call. */
export async function oneFailure(
  lab: Lab,
  call: GuardCall,
  planned: PlannedFailure,
  claims: GuardClaims,
): Promise<void> {
  const { mode, phase } = planned;
  const name = `${mode}, ${phase}`;
  const gemini = lab.gemini as GeminiStandIn;
  await call.bringTo(phase);
  const madeAt = Date.now();
  makeFail(gemini, call.session, mode);
  await call.line.answered;
  const answeredAt = Date.now();
  const happenedAt = await happened(gemini, call, planned, madeAt);
  // Nobody hears anything before the call is up.
  const at = phase === "ringing" ? Math.max(happenedAt, answeredAt) : happenedAt;

  const sentences: readonly PromptName[] =
    phase === "ringing" && happenedAt <= answeredAt
      ? ["opener"]
      : phase === "transfer" && !needsAnswer.has(mode) && mode !== "deaf"
        ? ["operator", "operator-unavailable", "operator-closed"]
        : phase === "acknowledgement"
          ? ["reschedule-requested", "apology", "hold"]
          : ["apology", "hold"];
  // A sentence that is being said already is one.
  const since = phase === "transfer" || phase === "acknowledgement" ? madeAt - 1_000 : Math.min(madeAt, at);
  const heardAt = await call.hears(sentences, since, at + sentenceWithinMs);
  const after = heardAt === undefined ? undefined : Math.max(0, Math.round(heardAt - at));
  claims.sentence.try(after !== undefined, `${name}: no sentence was heard (${story(await call.entries())})`);
  if (after !== undefined) claims.sentence.note(`${name}: ${after} ms`);

  const isNotice = (event: CallRecordEvent): boolean =>
    event.type === "model-lost" || (event.type === "prompt" && event.prompt === "hold");
  await eventually(async () => (await call.entries()).some(({ event }) => isNotice(event)), 5_000);
  const noticed = (await call.entries()).find((entry) => isNotice(entry.event) && entry.at >= madeAt);
  const noticedAfter = noticed ? noticed.at - happenedAt : Number.POSITIVE_INFINITY;
  claims.noticed.try(
    noticedAfter <= noticedWithinMs + writingMs,
    `${name}: noticed after ${noticedAfter} ms`,
  );

  // On the way to the operator keys wait for what becomes of it.
  if (phase === "transfer") await call.until("the caller is back", ({ type }) => type === "transfer");
  const failure = await keyWorks(call, phase === "acknowledgement" ? "1" : "2");
  claims.keys.try(failure === undefined, `${name}: ${failure}`);

  // One that asks again for what it can't hear may be lost a little later than it was noticed.
  await eventually(async () => causes(await call.entries()).length > 0, 5_000);
  const told = causes(await call.entries());
  claims.record.try(
    told.some((cause) => causesOf[mode].includes(cause)),
    `${name}: the record says ${told.join(", ") || "nothing"}`,
  );
  const restored = await eventually(
    async () => (await call.entries()).some(({ event }) => event.type === "model-restored"),
    25_000,
    300,
  );
  claims.restored.try(restored.came, `${name}: ${story(await call.entries())}`);
  await sleep(300);
  if (!call.line.isOver) await call.line.hangUp();
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
    if (phase === "transfer") await call.until("the caller is back", ({ type }) => type === "transfer");
    return deafAt(await call.say("when"));
  }
  if (!needsAnswer.has(mode)) return madeAt;
  const failed = (): number | undefined => failedAt(gemini.events, call.session.id, mode);
  if (phase === "transfer") await call.until("the caller is back", ({ type }) => type === "transfer");
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

async function keyWorks(call: GuardCall, key: "1" | "2"): Promise<string | undefined> {
  if (call.line.isOver) return "the line was down";
  const pressedAt = Date.now();
  await call.line.press(key);
  const { came } = await eventually(
    async () =>
      (await call.entries()).some(
        ({ at, event }) => at >= pressedAt && event.type === "store" && event.result === "kept",
      ),
    2_000,
  );
  if (!came) return "the key changed nothing in the store";
  const prompt = key === "1" ? "confirmed" : "reschedule-requested";
  const heard = await call.hears([prompt], pressedAt, pressedAt + 3_000);
  return heard === undefined ? "the key's acknowledgement was not heard" : undefined;
}

function causes(entries: readonly CallRecordEntry[]): string[] {
  return entries.flatMap(({ event }) => (event.type === "model-lost" ? [event.cause] : []));
}

function story(entries: readonly CallRecordEntry[]): string {
  return entries
    .map(({ event }) =>
      event.type === "prompt"
        ? event.prompt
        : event.type === "model-lost"
          ? `lost: ${event.cause}`
          : event.type === "transition"
            ? event.event
            : event.type,
    )
    .join(" > ");
}
