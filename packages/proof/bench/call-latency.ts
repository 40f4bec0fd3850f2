/** How soon a caller hears something, and a key acts, beside a bare agents-js agent and the shape of LiveKit's outbound example. */
import { loadavg } from "node:os";
import { clinicNumbers, TelephoneTimeout } from "@clinic/sip-voice-lab";
import { type BenchRow, benchRow } from "../src/bench-row.ts";
import { median, percentile } from "../src/median.ts";
import { hearPrompt } from "../src/prompt-sound.ts";
import { addProofPatients, type ProofPatient } from "../src/proof-patients.ts";
import type { RunContext } from "../src/run-context.ts";
import { type BenchLab, bareNumber, startBenchLab } from "./call-latency/bench-lab.ts";
import { type InboundFigures, inboundCall } from "./call-latency/inbound-call.ts";
import { type KeyFigures, pressKeys } from "./call-latency/key-presses.ts";
import { outboundCall, placeByDispatch, placeWithMakeCall } from "./call-latency/outbound-call.ts";

/** How long the model thinks: not at all, and as long as a real one. */
const thinkTimes = [0, 800] as const;
const mostTries = 3;
type Both<Figure> = { readonly ours: Figure[]; readonly theirs: Figure[] };

/** Measures; see the issue "The agent: a conversation that survives everything". */
export async function bench(context: RunContext): Promise<readonly BenchRow[]> {
  const rounds = context.quick ? 2 : 20;
  const keyCalls = context.quick ? 1 : 4;
  const bench = await startBenchLab(context);
  const patients = await addProofPatients(bench.lab, 2 * rounds + keyCalls);
  const inbound = new Map(thinkTimes.map((time) => [time, { ours: [], theirs: [] } as Both<InboundFigures>]));
  const outbound = new Map(thinkTimes.map((time) => [time, { ours: [], theirs: [] } as Both<number>]));
  for (let round = 0; round < rounds; round++) {
    for (const [index, time] of thinkTimes.entries()) {
      context.signal.throwIfAborted();
      context.progress(`round ${round + 1} of ${rounds}, think-time ${time} ms, load ${load()}`);
      bench.gemini.setThinkTime(time);
      const patient = patients[2 * round + index] as ProofPatient;
      await heard(context, () => inboundRound(bench, patient, inbound.get(time) as Both<InboundFigures>));
      await outboundRound(bench, patient, outbound.get(time) as Both<number>);
    }
  }
  bench.gemini.setThinkTime(0);
  const keys: KeyFigures = { inProcessMs: [], toCommitMs: [], toArrivalMs: [], toSoundMs: [] };
  for (const patient of patients.slice(2 * rounds)) {
    context.signal.throwIfAborted();
    context.progress(`keys, load ${load()}`);
    const counts = context.quick ? { fast: 6, slow: 2 } : { fast: 60, slow: 5 };
    const figures = await pressKeys(bench.lab, bench.ours, patient, counts);
    for (const name of Object.keys(keys) as (keyof KeyFigures)[]) keys[name].push(...figures[name]);
    context.progress(slowestKey(figures));
  }
  return [...callRows(inbound, outbound), ...keyRows(keys), memoryRow([...inbound.values()])];
}

/** Makes a round once more when its sound arrived torn, as on a machine that does too much: such a call measures nothing. */
async function heard({ progress }: RunContext, round: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await round();
    } catch (error) {
      if (!(error instanceof TelephoneTimeout) || tries === mostTries) throw error;
      progress(`${error.message} Once more.`);
    }
  }
}

/** One call each, right after the other, so that the machine is the same for both. */
async function inboundRound({ lab, ours, bare }: BenchLab, patient: ProofPatient, to: Both<InboundFigures>) {
  const caller = patient.phoneNumber;
  const openerComes = async (line: Parameters<typeof hearPrompt>[1], at: number): Promise<void> =>
    void (await hearPrompt(lab, line, "opener", { since: at - 100, timeoutMs: 15_000 }));
  const number = clinicNumbers.inbound;
  const ourCall = await inboundCall({ lab, worker: ours, number, caller, check: openerComes });
  const theirCall = await inboundCall({ lab, worker: bare, number: bareNumber, caller });
  to.ours.push(ourCall);
  to.theirs.push(theirCall);
}

async function outboundRound({ lab, ours, dialAndStart }: BenchLab, patient: ProofPatient, to: Both<number>) {
  to.ours.push(await outboundCall({ lab, worker: ours, patient }, placeWithMakeCall));
  to.theirs.push(await outboundCall({ lab, worker: dialAndStart, patient }, placeByDispatch));
}

function callRows(
  inbound: ReadonlyMap<number, Both<InboundFigures>>,
  outbound: ReadonlyMap<number, Both<number>>,
): BenchRow[] {
  const sound = ({ firstAudioMs }: InboundFigures): number => firstAudioMs;
  const goals = new Map([
    [0, { inbound: "<= 0.85x", outbound: "<= 150 ms" }],
    [800, { inbound: "<= 0.55x", outbound: "<= 0.25x" }],
  ]);
  return [...goals].flatMap(([time, goal]) => {
    const [came, went] = [inbound.get(time), outbound.get(time)];
    if (!came || !went) return [];
    const called = { ours: median(went.ours), theirs: median(went.theirs), unit: "ms" };
    const answered = `outbound: answer to first audio, model thinks ${time} ms`;
    return [
      benchRow({
        metric: `inbound: dispatch to first audio, model thinks ${time} ms`,
        unit: "ms",
        ours: median(came.ours.map(sound)),
        theirs: median(came.theirs.map(sound)),
        goal: goal.inbound,
      }),
      benchRow({ metric: answered, ...called, goal: goal.outbound }),
      ...(time === 0 ? [] : [benchRow({ metric: answered, ...called, goal: "<= 150 ms" })]),
    ];
  });
}

/** Where the time of the slowest key went: on the way to the agent, or in its process. */
function slowestKey({ toCommitMs, toArrivalMs, inProcessMs }: KeyFigures): string {
  const slowest = toCommitMs.indexOf(Math.max(...toCommitMs));
  const ms = (figures: readonly number[]): string => `${(figures[slowest] ?? Number.NaN).toFixed(0)} ms`;
  return `slowest key ${ms(toCommitMs)}: ${ms(toArrivalMs)} to the agent, ${ms(inProcessMs)} in its process`;
}

function keyRows({ inProcessMs, toCommitMs, toSoundMs }: KeyFigures): BenchRow[] {
  const alone = { unit: "ms", theirs: null };
  const stored = (name: string, figures: readonly number[]): BenchRow[] => [
    benchRow({ metric: `${name}, median`, ...alone, ours: median(figures), goal: "< 10 ms" }),
    benchRow({ metric: `${name}, p99`, ...alone, ours: percentile(figures, 99), goal: "< 50 ms" }),
  ];
  return [
    ...stored(`key in the agent's process to commit, ${inProcessMs.length} presses`, inProcessMs),
    ...stored(`key at the telephone to commit seen, ${toCommitMs.length} presses`, toCommitMs),
    benchRow({
      metric: "key at the telephone to acknowledgement heard",
      ...alone,
      ours: median(toSoundMs),
      goal: "<= 100 ms",
    }),
  ];
}

function memoryRow(calls: readonly Both<InboundFigures>[]): BenchRow {
  const memory = (figures: readonly InboundFigures[]): number =>
    median(figures.map(({ megabytes }) => megabytes));
  return benchRow({
    metric: "resident memory of a call's process",
    unit: "MB",
    ours: memory(calls.flatMap(({ ours }) => ours)),
    theirs: memory(calls.flatMap(({ theirs }) => theirs)),
    goal: "<= 1.1x",
  });
}

/** How busy the machine is: absolute figures of a busy one say little. */
function load(): string {
  return loadavg()[0]?.toFixed(1) ?? "unknown";
}
