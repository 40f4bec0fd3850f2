/** A year of calls breaks no rule: hours, holidays, caps and opt-outs, over the time zones of the United States, by a checker of its own. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type Claim, ClaimTally } from "../src/claim.ts";
import type { RunContext } from "../src/run-context.ts";
import type { Finding, ViolationKind } from "./year/checker.ts";
import type { YearPlan } from "./year/contacts.ts";

/** What a shard tells when it is done. */
interface ShardResult {
  readonly counts: Readonly<
    Record<
      "contacts" | "calls" | "optOuts" | "decisions" | "reservations" | "disagreements" | "waits",
      number
    >
  >;
  readonly findings: Readonly<Record<ViolationKind, Finding>>;
  readonly playedMs: number;
  readonly checkedMs: number;
}

const inWords: Readonly<Record<ViolationKind, string>> = {
  hours: "Nobody is called outside the hours of any place where they may be.",
  "closed-day": "Nobody is called on a holiday or a closed date of theirs.",
  "number-cap": "No number is called twice in a day or four times in seven days of its calendar.",
  "clinic-cap": "No clinic makes more than 60 calls in 24 hours, or more than two at one time.",
  "opted-out": "Nobody is called who opted out, not a millisecond later, also after a newer consent.",
  consent: "Nobody is called without a consent of the last 365 days.",
  starved: "Whoever could be called is called.",
};

const shards = 2;

function planOf(seed: number, quick: boolean): YearPlan {
  // The short way goes round the end of summer time, with Veterans Day and Thanksgiving.
  const [from, to] = quick ? ["2027-10-25", "2027-11-28"] : ["2027-01-01", "2027-12-31"];
  return {
    seed,
    contacts: (quick ? 3_000 : 100_000) / shards,
    clinics: quick ? 1 : 4,
    from: Date.parse(`${from}T00:00:00Z`),
    to: Date.parse(`${to}T00:00:00Z`),
  };
}

async function runShard(plan: YearPlan, { onEnd, progress }: RunContext): Promise<ShardResult> {
  const worker = new Worker(new URL("./year/year-shard.ts", import.meta.url), { workerData: plan });
  onEnd(() => worker.terminate());
  const result = new Promise<ShardResult>((resolve) => {
    worker.on("message", (message: ShardResult | { day: number }) => {
      if (!("day" in message)) resolve(message);
      else if (message.day % 30 === 0) progress(`part ${plan.seed}: day ${message.day}`);
    });
  });
  const failed = once(worker, "exit").then(() => Promise.reject(new Error("a part of the year ended early")));
  failed.catch(() => {});
  return await Promise.race([result, failed]);
}

/** Plays the year in two threads, has it checked, and holds what was found against the claims. */
export async function prove(context: RunContext): Promise<readonly Claim[]> {
  const startedAt = performance.now();
  const usedBefore = process.cpuUsage();
  const plans = Array.from({ length: shards }, (_, index) => planOf(index + 1, context.quick));
  const results = await Promise.all(plans.map((plan) => runShard(plan, context)));
  const seconds = (performance.now() - startedAt) / 1000;
  const total = (name: keyof ShardResult["counts"]): number =>
    results.reduce((sum, { counts }) => sum + counts[name], 0);

  const tallies = (Object.keys(inWords) as ViolationKind[]).map((kind) => {
    const tally = new ClaimTally(inWords[kind]);
    for (const { findings } of results) {
      const { tried, violations } = findings[kind];
      for (const violation of violations) tally.try(false, violation);
      for (let held = violations.length; held < tried; held++) tally.try(true, "");
    }
    return tally;
  });
  const agreed = new ClaimTally("The ledger finds no cap of a number full that the policy found free.");
  for (let one = 0; one < total("reservations"); one++)
    agreed.try(one >= total("disagreements"), "the policy allowed what the ledger refused");
  const played = Math.max(...results.map(({ playedMs }) => playedMs)) / 1000;
  const checked = Math.max(...results.map(({ checkedMs }) => checkedMs)) / 1000;
  tallies[0]?.note(
    `${total("contacts")} contacts, ${total("calls")} calls, ${total("decisions")} decisions, ` +
      `${total("reservations")} reservations, ${total("waits")} waits for a line, ${total("optOuts")} opt-outs`,
  );
  tallies[0]?.note(
    `${seconds.toFixed(1)} s: played in ${played.toFixed(1)} s, checked in ${checked.toFixed(1)} s`,
  );
  // Other programs on the machine make it last longer; they do not make it take more.
  const inTime = new ClaimTally("It takes less than 60 s of two processor cores.");
  const usage = process.cpuUsage(usedBefore);
  const coreSeconds = (usage.user + usage.system) / 1_000_000;
  inTime.try(coreSeconds < 60 * shards, `${coreSeconds.toFixed(1)} s of one core`);
  inTime.note(`${coreSeconds.toFixed(1)} core seconds in ${seconds.toFixed(1)} s`);
  return [...tallies, agreed, inTime].map((tally) => tally.result());
}
