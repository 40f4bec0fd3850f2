import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../src/eventually.ts";
import { saysGoodbye } from "./agent-hangs-up.ts";
import type { Ending } from "./ending.ts";
import { confirmByKey } from "./model-gone.ts";
import type { Moment, Stage } from "./stage.ts";

/** What a worker may take to end beyond the time that calls may go on. */
const stopGraceMs = 25_000;
const shortDrainSeconds = 1;
const longDrainSeconds = 120;

async function workerExit(stage: Stage, withinMs: number): Promise<number | undefined> {
  const startedAt = performance.now();
  const ended = stage.lab.worker?.exited.then(() => true);
  const inTime = await Promise.race([ended, sleep(withinMs, false, { ref: false })]);
  return inTime ? performance.now() - startedAt : undefined;
}

/** The worker is told to stop and has hardly any time: the call ends, and the worker with it. */
export function workerStopped(moment: Moment): Ending {
  const name = `the worker is told to stop, ${shortDrainSeconds} s for calls, ${moment}`;
  return {
    name,
    worker: { SIP_VOICE_DRAIN_SECONDS: String(shortDrainSeconds) },
    endedBy: ["worker-stopped"],
    async run(stage, { stoppedWhenDrained }) {
      const line = await stage.callIn(moment);
      stage.lab.worker?.terminate();
      const ms = await workerExit(stage, shortDrainSeconds * 1000 + stopGraceMs);
      const { came } = await eventually(() => line.isOver, 1_000);
      stoppedWhenDrained.try(
        ms !== undefined && came,
        `${name}: ${ms === undefined ? "the worker went on" : "the line stayed up"}`,
      );
      if (ms !== undefined) stoppedWhenDrained.note(`${moment}: ended after ${Math.round(ms)} ms`);
      await line.hangUp();
    },
  };
}

/** The worker is told to stop and has time: the caller presses a key, says goodbye, and only then the worker ends. */
export function workerDrains(moment: Moment): Ending {
  const name = `the worker is told to stop, ${longDrainSeconds} s for calls, ${moment}`;
  return {
    name,
    worker: { SIP_VOICE_DRAIN_SECONDS: String(longDrainSeconds) },
    endedBy: ["agent"],
    async run(stage, { finishedWhileDraining }) {
      const line = await stage.callIn(moment);
      stage.lab.worker?.terminate();
      await sleep(1_500);
      const failure = line.isUp ? await confirmByKey(stage, line) : "the line went down at once";
      let goodbye = failure;
      if (line.isUp) {
        await sleep(1_500);
        goodbye ??= await saysGoodbye(stage, line).then(
          () => undefined,
          (error: Error) => error.message,
        );
      }
      const ms = await workerExit(stage, stopGraceMs);
      if (ms === undefined) goodbye ??= "the worker went on after its last call";
      else finishedWhileDraining.note(`${moment}: the worker ended ${Math.round(ms)} ms after its last call`);
      finishedWhileDraining.try(goodbye === undefined, `${name}: ${goodbye}`);
      await line.hangUp();
    },
  };
}
