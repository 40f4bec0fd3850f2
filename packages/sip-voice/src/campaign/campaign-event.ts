import type { AttemptId } from "../call/identifiers.ts";
import type { CampaignState } from "./campaign.ts";
import type { TryEnd } from "./campaign-store.ts";
import type { CampaignTry } from "./campaign-try.ts";
import type { CircuitState } from "./circuit-breaker.ts";
import type { CampaignContact } from "./contact.ts";

/** What happens while a campaign runs, for whoever watches it. */
export type CampaignEvent =
  /** A try has begun. `isAgain`: one who may be gone had begun it. */
  | {
      readonly type: "try-began";
      readonly try: CampaignTry;
      readonly attemptId: AttemptId;
      readonly contact: CampaignContact;
      readonly isAgain: boolean;
    }
  /** The telephone was answered. */
  | { readonly type: "answered"; readonly try: CampaignTry; readonly callId: string }
  /** A try has ended, durably. */
  | {
      readonly type: "try-ended";
      readonly try: CampaignTry;
      readonly contact: CampaignContact;
      readonly end: TryEnd;
    }
  /** Failures piled up, one call is being tried, or all is well again. */
  | { readonly type: "circuit"; readonly state: CircuitState }
  /** The trunk is full: so many calls at one time for now, and none before this instant. */
  | { readonly type: "trunk-full"; readonly concurrency: number; readonly until: number }
  /** The campaign's state is another than before. */
  | { readonly type: "state"; readonly state: CampaignState }
  /** Nobody may be called before this instant. */
  | { readonly type: "nobody-due"; readonly until: number }
  /** The database does not answer, or does so again. */
  | { readonly type: "store"; readonly isThere: boolean };
