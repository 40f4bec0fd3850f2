import type { Lab } from "@clinic/sip-voice-lab";
import { eventually, type Waited } from "../../src/eventually.ts";
import { workerProcesses } from "../../src/worker-processes.ts";

/**
 * How long after the end of a call anything of it may still be there. An agent that comes to a room whose caller has hung
 * up already waits 30 s for somebody to come; every other call is gone within a second or two.
 */
export const goneWithinMs = 40_000;

/** What is left of the calls now. */
export interface Left {
  readonly rooms: number;
  readonly participants: number;
  readonly lines: number;
  /** Processes of calls beyond the one that waits for the next call; with the worker gone, any process of its group. */
  readonly processes: number;
}

/** Looks at LiveKit, the telephones and the operating system. `group` is the worker's process group. */
export async function whatIsLeft(lab: Lab, group: number, workerEnded: boolean): Promise<Left> {
  const rooms = await lab.rooms.listRooms();
  const members = await Promise.all(
    rooms.map(({ name }) => lab.rooms.listParticipants(name).catch(() => [])),
  );
  const { all, jobs } = await workerProcesses(group);
  return {
    rooms: rooms.length,
    participants: members.flat().length,
    lines: lab.sip.lines().length,
    processes: workerEnded ? all.length : Math.max(0, jobs.length - idleProcesses),
  };
}

/** The lab's worker keeps one process ready for the next call. */
const idleProcesses = 1;

/** How long it took until nothing was left; each of them is waited for by itself. */
export async function waitUntilGone(
  lab: Lab,
  group: number,
  workerEnded: boolean,
): Promise<{ left: Left; took: Record<keyof Left, Waited> }> {
  let left: Left = { rooms: 0, participants: 0, lines: 0, processes: 0 };
  const took: Partial<Record<keyof Left, Waited>> = {};
  const startedAt = performance.now();
  const names = ["rooms", "participants", "lines", "processes"] as const;
  await eventually(
    async () => {
      left = await whatIsLeft(lab, group, workerEnded);
      for (const name of names) {
        if (left[name] > 0) delete took[name];
        else took[name] ??= { came: true, ms: performance.now() - startedAt };
      }
      return names.every((name) => took[name] !== undefined);
    },
    goneWithinMs,
    200,
  );
  const late: Waited = { came: false, ms: goneWithinMs };
  return {
    left,
    took: {
      rooms: took.rooms ?? late,
      participants: took.participants ?? late,
      lines: took.lines ?? late,
      processes: took.processes ?? late,
    },
  };
}
