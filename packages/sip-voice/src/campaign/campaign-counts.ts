import type { CampaignState } from "./campaign.ts";
import type { CampaignProgress, ContactEnd, ContactRow } from "./campaign-store.ts";
import type { TryOutcome } from "./retry-plan.ts";

/** How many contacts of a campaign have one state and one last outcome. */
export interface ContactCount {
  /** Their state. */
  readonly state: ContactRow["state"];
  /** What their last try came to. */
  readonly outcome: TryOutcome | undefined;
  /** How many they are. */
  readonly count: number;
}

/** Adds the counts of a store up. */
export function progressOf(
  state: CampaignState,
  counts: readonly ContactCount[],
  nextDue: number | undefined,
): CampaignProgress {
  const ended: Record<ContactEnd, number> = { done: 0, "given-up": 0, "for-review": 0, withdrawn: 0 };
  const open = { waiting: 0, calling: 0 };
  const outcomes: Partial<Record<TryOutcome, number>> = {};
  let contacts = 0;
  for (const one of counts) {
    contacts += one.count;
    if (one.state === "waiting" || one.state === "calling") open[one.state] += one.count;
    else ended[one.state] += one.count;
    if (one.outcome) outcomes[one.outcome] = (outcomes[one.outcome] ?? 0) + one.count;
  }
  return { state, contacts, ...open, ended, outcomes, nextDue };
}
