import { setTimeout as sleep } from "node:timers/promises";
import type { Lab, TelephoneLine } from "@clinic/sip-voice-lab";
import { AgentDispatchClient } from "livekit-server-sdk";
import { momentOf } from "../../src/moment.ts";
import type { BenchWorker } from "./bench-worker.ts";

/** What was measured of a call that came in. */
export interface InboundFigures {
  /** From the dispatch, as the server has it, to the first sound at the telephone, in milliseconds. */
  readonly firstAudioMs: number;
  /** Resident memory of the call's process while the call is up, in megabytes. */
  readonly megabytes: number;
}

/** How a call to be measured is made. */
export interface InboundOptions {
  readonly lab: Lab;
  readonly worker: BenchWorker;
  /** The number that is called. */
  readonly number: string;
  /** The number that calls. */
  readonly caller: string;
  /** Looks at what was heard: whether it is what it should be. */
  readonly check?: ((line: TelephoneLine, firstAudioAt: number) => Promise<void>) | undefined;
}

const longestMs = 30_000;
/** The model has greeted by then, so that everything that a call needs is loaded. */
const memoryAfterMs = 2_500;

/** Calls, listens for the first sound, looks at the memory, and hangs up. */
export async function inboundCall({
  lab,
  worker,
  number,
  caller,
  check,
}: InboundOptions): Promise<InboundFigures> {
  const pid = await worker.nextProcess();
  const line = await lab.telephone(caller).call(number);
  try {
    await line.answered;
    const { at } = await line.waitForSpeechStart({ since: line.joinedAt, timeoutMs: longestMs });
    const dispatchedAt = await dispatchMoment(lab, line.room);
    await check?.(line, at);
    await sleep(memoryAfterMs);
    const megabytes = await worker.memoryOf(pid);
    return { firstAudioMs: at - dispatchedAt, megabytes };
  } finally {
    await line.hangUp();
    // A bare agent stays until its room is gone.
    await lab.rooms.deleteRoom(line.room).catch(() => {});
  }
}

/** When the server dispatched the agent to a room; `performance.now()` axis. */
async function dispatchMoment(lab: Lab, room: string): Promise<number> {
  const { httpUrl, apiKey, apiSecret } = lab.sip;
  const [dispatch] = await new AgentDispatchClient(httpUrl, apiKey, apiSecret).listDispatch(room);
  const nanoseconds = dispatch?.state?.createdAt;
  if (!nanoseconds) throw new Error("The server tells of no dispatch.");
  return momentOf(Number(nanoseconds / 1_000n) / 1_000);
}
