import type { CampaignProgress } from "./campaign-store.ts";

/**
 * How a run ended.
 *
 * - `finished`: nobody is left to call
 * - `stopped`: as `stop` or `hangUp` asked
 * - `cancelled`: somebody cancelled the campaign
 * - `later`: nobody may be called for longer than `mostWaitMs`
 */
export type CampaignRunReason = "finished" | "stopped" | "cancelled" | "later";

/** What is left of a run. */
export interface CampaignRun {
  /** Why it ended. */
  readonly reason: CampaignRunReason;
  /** How far the campaign is. */
  readonly progress: CampaignProgress;
}
