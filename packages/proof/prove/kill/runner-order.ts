import type { CallingPolicy } from "@clinic/sip-voice";
import type { Death } from "./death.ts";

/** What a runner's process is told. */
export interface RunnerOrder {
  /** Where ledger and preferences are. */
  readonly store: { readonly kind: "sqlite" | "postgres"; readonly where: string };
  /** The lab's LiveKit, and the trunk to call through. */
  readonly liveKit: {
    readonly url: string;
    readonly apiKey: string;
    readonly apiSecret: string;
    readonly trunkId: string;
  };
  /** The rules. */
  readonly policy: CallingPolicy;
  /** The agent to dispatch, and how long it is waited for. */
  readonly agentName: string;
  readonly agentPatienceMs: number;
  /** Which callees: those of a part of the proof, so many of them, from one on. */
  readonly part: number;
  readonly callees: number;
  readonly from: number;
  /** How many calls at one time. */
  readonly lines: number;
  /** Begins every attempt id. */
  readonly prefix: string;
  /** Where the process dies; it works to the end of its list unless given. */
  readonly death?: Death;
}
