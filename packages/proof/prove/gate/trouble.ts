import { setTimeout as sleep } from "node:timers/promises";
import { clinicNumbers, type Lab, type TelephoneLine } from "@clinic/sip-voice-lab";
import { mustCome } from "../../src/eventually.ts";

/** What is wrong with the worker while a call is made. */
export interface Trouble {
  /** For people. */
  readonly name: string;
  /** Makes it so before the call is made. */
  before(lab: Lab): Promise<void>;
  /** Goes on while the call is being made. */
  during?(lab: Lab): Promise<void>;
  /** Undoes what was done to the worker. */
  after?(lab: Lab): Promise<void>;
}

/** The worker takes one call at a time. */
const workerEnvironment = { SIP_VOICE_MOST_CALLS: "1" };

/** Longer than the worker takes to tell LiveKit that it is busy, or free again (2.5 s). */
const loadReportMs = 3_000;

/** Starts a worker unless one runs. */
async function ensureWorker(lab: Lab): Promise<void> {
  const ended = await Promise.race([
    lab.worker?.exited,
    new Promise((resolve) => setImmediate(resolve, "runs")),
  ]);
  if (!lab.worker || ended !== "runs") await lab.startWorker(workerEnvironment);
}

/** A worker that is there and free. */
export const none: Trouble = { name: "no trouble", before: ensureWorker };

/** No worker at all. */
export const absent: Trouble = { name: "the worker is absent", before: (lab) => lab.stopWorker() };

/** No worker when the agent is dispatched; one is there a little later. */
export const startedLate: Trouble = {
  name: "the worker is started after the dispatch",
  before: (lab) => lab.stopWorker(),
  async during(lab) {
    await sleep(300);
    await ensureWorker(lab);
  },
};

/** The worker has a call already, and takes no second one. */
export function overloaded(caller: string): Trouble {
  let line: TelephoneLine | undefined;
  return {
    name: "the worker is overloaded",
    async before(lab) {
      await ensureWorker(lab);
      // While it still counts as busy with the call before, LiveKit would drop the dispatch, and nobody dispatches again.
      await sleep(loadReportMs);
      line = await lab.telephone(caller).call(clinicNumbers.inbound);
      await line.answered;
      await sleep(loadReportMs);
    },
    async after(lab) {
      await line?.hangUp();
      await mustCome("the occupying call is over", async () => {
        const rooms = await lab.rooms.listRooms(line ? [line.room] : []);
        return rooms.length === 0;
      });
      await sleep(loadReportMs);
    },
  };
}

/**
 * The worker and its calls' processes stop dead (SIGSTOP) some time after the call began, and go on (SIGCONT) some time
 * later: whatever it was about to do, it does too late.
 */
export function frozen(stopAfterMs: number, forMs: number): Trouble {
  return {
    name: `the worker is frozen ${stopAfterMs} ms after the call began, for ${forMs} ms`,
    before: ensureWorker,
    async during(lab) {
      const group = -(lab.worker?.pid ?? 0);
      if (group === 0) return;
      await sleep(stopAfterMs);
      process.kill(group, "SIGSTOP");
      try {
        await sleep(forMs);
      } finally {
        process.kill(group, "SIGCONT");
      }
    },
    // A worker that LiveKit gave up registers anew; what it kept is dealt with.
    after: async () => await sleep(2_000),
  };
}
