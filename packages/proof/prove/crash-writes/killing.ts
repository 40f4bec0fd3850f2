import { setTimeout as sleep } from "node:timers/promises";
import type { Appointment, Slot } from "@clinic/sip-voice";
import { type Claim, ClaimTally } from "../../src/claim.ts";
import type { RunContext } from "../../src/run-context.ts";
import { startWriter, type WriterProcess } from "./writer-process.ts";
import {
  expectedOf,
  mayBeAskedAgain,
  seedOf,
  takeStep,
  visibleOf,
  type WrittenPorts,
} from "./written-line.ts";

/** The ports of a database that can be filled. */
export interface FilledPorts extends WrittenPorts {
  addSlots(slots: Iterable<Slot>): Promise<number>;
  addAppointments(appointments: Iterable<Omit<Appointment, "version">>): Promise<number>;
}

const mostStepsBefore = 60;
const longestDelayMs = 12;

/** Writers on one database that are killed, and what is seen afterwards. */
export class Killing {
  readonly #context: RunContext;
  readonly #place: readonly [kind: string, where: string];
  readonly #ports: FilledPorts;
  readonly #whole: ClaimTally;
  readonly #again: ClaimTally;
  #kills = 0;
  #steps = 0;
  #keptUntold = 0;
  #servers = 0;

  constructor(
    name: string,
    place: readonly [kind: string, where: string],
    ports: FilledPorts,
    context: RunContext,
  ) {
    this.#place = place;
    this.#ports = ports;
    this.#context = context;
    this.#whole = new ClaimTally(`${name}: nothing acknowledged is lost, and nothing half-written is seen`);
    this.#again = new ClaimTally(
      `${name}: the step in which a writer died can be asked for again, and is made once`,
    );
  }

  /** How many writers are still to be killed of so many: at least until one died in a step that can be asked for again. */
  left(times: number): number {
    return Math.max(times - this.#kills, this.#again.result().tried > 0 ? 0 : 1);
  }

  /** Has some writers write beside each other, and kills each at a moment of its own; or all by what `death` does. */
  async round(count: number, death?: () => Promise<void>): Promise<void> {
    const lines = Array.from({ length: count }, (_, ordinal) => `line-${this.#kills + ordinal}`);
    for (const line of lines) {
      const { slots, appointments } = seedOf(line);
      await this.#ports.addSlots(slots);
      await this.#ports.addAppointments(appointments);
    }
    const writers = lines.map((line) => startWriter(this.#place, line));
    this.#context.onEnd(() => {
      for (const { child } of writers) child.kill("SIGKILL");
    });
    if (death) await this.#allAtOnce(writers, death);
    else await Promise.all(writers.map(killSoon));
    for (const writer of writers) await this.#look(writer);
    this.#kills += count;
  }

  async #allAtOnce(writers: readonly WriterProcess[], death: () => Promise<void>): Promise<void> {
    await Promise.all(writers.map((writer) => writer.reached(1 + Math.random() * mostStepsBefore)));
    await death();
    // They hear of it, and end; one that happened to be between two steps is killed.
    await sleep(50);
    for (const { child } of writers) child.kill("SIGKILL");
    await Promise.all(writers.map(({ ended }) => ended));
    this.#servers += 1;
  }

  async #look(writer: WriterProcess): Promise<void> {
    const { line } = writer;
    const told = writer.acknowledged();
    const failure = writer.failure();
    if (failure !== undefined && failure !== "store-unavailable") {
      this.#whole.try(false, `${line}: a writer failed with ${failure}`);
      return;
    }
    const seen = await visibleOf(this.#ports, line, told);
    const isAsTold = seen === (await expectedOf(line, told));
    const next = await expectedOf(line, told + 1);
    // What is looked at for a later step is more: the next attempt.
    const isOneMore = !isAsTold && (await visibleOf(this.#ports, line, told + 1)) === next;
    this.#whole.try(
      isAsTold || isOneMore,
      `${line}: after ${told} steps it was ${await this.#verdict(line, told)}`,
    );
    this.#steps += told;
    if (isOneMore) this.#keptUntold += 1;
    if (!(isAsTold || isOneMore) || !mayBeAskedAgain(told)) return;
    const failed = await takeStep(this.#ports, line, told).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    const after = await visibleOf(this.#ports, line, told + 1);
    this.#again.try(
      failed === undefined && after === next,
      `${line}: step ${told}: ${failed ?? "made otherwise"}`,
    );
  }

  /** Whether what is there is what was there some steps before: then steps were lost, else one is there by half. */
  async #verdict(line: string, told: number): Promise<string> {
    for (let steps = told - 1; steps >= 0; steps--) {
      if ((await visibleOf(this.#ports, line, steps)) === (await expectedOf(line, steps)))
        return `as after ${steps}`;
    }
    return "as after no step";
  }

  /** What was found. */
  claims(): Claim[] {
    this.#whole.note(
      `${this.#kills} writers killed in ${this.#steps} acknowledged steps, ${this.#keptUntold} between a commit and its answer` +
        (this.#servers > 0 ? `; ${this.#servers} times the server crashed instead` : ""),
    );
    return [this.#whole.result(), this.#again.result()];
  }
}

/** Kills a writer at some moment of its writing. */
async function killSoon(writer: WriterProcess): Promise<void> {
  await writer.reached(1 + Math.floor(Math.random() * mostStepsBefore));
  await sleep(Math.random() * longestDelayMs);
  writer.child.kill("SIGKILL");
  await writer.ended;
}
