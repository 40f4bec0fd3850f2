import { SipVoiceError } from "../errors.ts";
import { checkId } from "./contact.ts";
import { type CampaignPace, checkPace } from "./pace.ts";
import { checkRetryPlan, type RetryPlan } from "./retry-plan.ts";

/**
 * Where a campaign stands.
 *
 * - `preparing`: its contacts are being written; nobody is called
 * - `running`: whoever runs it calls
 * - `paused`: calls go on to their end, none begins; may be resumed
 * - `cancelled`: the same, for good
 * - `finished`: nobody is left to call; contacts that are added later make it `running` again
 */
export type CampaignState = "preparing" | "running" | "paused" | "cancelled" | "finished";

/** What a campaign is made with. */
export interface NewCampaign {
  /** Names it: 1 to 80 letters, digits and `. _ - /`. It is part of the attempt ids, which are logged. */
  readonly id: string;
  /** The clinic that calls. */
  readonly clinicId: string;
  /** How fast it calls. */
  readonly pace: CampaignPace;
  /** When a contact is called again. */
  readonly retries: RetryPlan;
  /** When it was made, milliseconds since 1970. */
  readonly createdAt: number;
}

/** A call list that is worked off under a policy and a pace. */
export interface Campaign extends NewCampaign {
  /** Where it stands. */
  readonly state: CampaignState;
}

/**
 * Refuses a campaign that can't be run.
 *
 * @throws SipVoiceError `invalid-option`; `field` names what is wrong
 */
export function checkCampaign(campaign: NewCampaign): void {
  checkId("campaign", campaign.id);
  const { clinicId } = campaign;
  if (typeof clinicId !== "string" || clinicId === "") {
    const remedy = "Name the clinic that calls.";
    throw new SipVoiceError("invalid-option", "The campaign has no clinic.", { field: "clinicId", remedy });
  }
  checkPace(campaign.pace);
  checkRetryPlan(campaign.retries);
}
