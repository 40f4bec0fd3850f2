import type { CallingPolicy } from "@clinic/sip-voice";
import type { Death } from "./death.ts";

/** What a runner's process is told. */
export interface RunnerOrder {
  /** Where everything is kept. */
  readonly store: { readonly kind: "sqlite" | "postgres"; readonly where: string };
  /** The lab's LiveKit, and the trunk to call through. */
  readonly liveKit: {
    readonly url: string;
    readonly apiKey: string;
    readonly apiSecret: string;
    readonly trunkId: string;
  };
  /** The campaign to work on, and the rules. */
  readonly campaignId: string;
  readonly policy: CallingPolicy;
  /** The agent to dispatch, and how long it is waited for. */
  readonly agentName: string;
  readonly agentPatienceMs: number;
  /** Where the process dies; it works to the end of the campaign unless given. */
  readonly death?: Death;
}
