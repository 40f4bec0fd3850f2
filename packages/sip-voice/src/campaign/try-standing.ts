import type { CampaignState } from "./campaign.ts";
import type { ContactRow, OpenTry, TryStart } from "./campaign-store.ts";
import type { CampaignTry } from "./campaign-try.ts";

/** Where a contact stands when somebody asks for one of its tries. */
export interface TryStanding extends OpenTry {
  /** The contact's state. */
  readonly state: ContactRow["state"];
}

/**
 * Whether a try may begin as far as its contact and campaign go: `next` if the pace allows it, `again` when it was begun before and has
 * not ended, else why not.
 */
export function judgeTry(
  wanted: CampaignTry,
  { state, ...current }: TryStanding,
  campaignState: CampaignState,
  at: number,
): "next" | "again" | (TryStart & { readonly kind: "over" | "stopped" }) {
  const isCurrent = current.tryNumber === wanted.tryNumber;
  if (state === "calling" && isCurrent) return "again";
  const isOpen = state === "waiting" || state === "calling";
  if (state !== "waiting" || !isCurrent || current.notBefore > at)
    return { kind: "over", current: isOpen ? current : undefined };
  return campaignState === "running" ? "next" : { kind: "stopped", state: campaignState };
}
