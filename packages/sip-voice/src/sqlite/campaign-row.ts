import type { Campaign, CampaignState } from "../campaign/campaign.ts";
import type { ContactRow, OpenTry } from "../campaign/campaign-store.ts";
import type { CampaignContact } from "../campaign/contact.ts";
import type { CampaignPace } from "../campaign/pace.ts";
import type { RetryPlan } from "../campaign/retry-plan.ts";
import type { TryResult } from "../campaign/try-result.ts";

/** A row of `campaigns`. */
export type CampaignRow = {
  readonly id: string;
  readonly clinic_id: string;
  readonly pace: string;
  readonly retries: string;
  readonly created_at: number;
  readonly state: CampaignState;
  readonly last_began_at: number | null;
};

/** A row of `campaign_contacts`. */
export type CampaignContactRow = {
  readonly ordinal: number;
  readonly campaign_id: string;
  readonly contact_id: string;
  readonly priority: number;
  readonly contact: string;
  readonly state: ContactRow["state"];
  readonly try_number: number;
  readonly rung_tries: number;
  readonly unrung_tries: number;
  readonly not_before: number;
  readonly began_at: number | null;
  readonly ended_at: number | null;
  readonly last_result: string | null;
};

/** The campaign in a row. */
export const campaignOf = (row: CampaignRow): Campaign => ({
  id: row.id,
  clinicId: row.clinic_id,
  pace: JSON.parse(row.pace) as CampaignPace,
  retries: JSON.parse(row.retries) as RetryPlan,
  createdAt: row.created_at,
  state: row.state,
});

/** The contact in a row. */
export const contactOf = (row: CampaignContactRow): CampaignContact =>
  JSON.parse(row.contact) as CampaignContact;

/** The try of a row that is to be made, or being made. */
export const openTryOf = (row: CampaignContactRow): OpenTry => ({
  campaignId: row.campaign_id,
  contactId: row.contact_id,
  tryNumber: row.try_number,
  priority: row.priority,
  notBefore: row.not_before,
});

/** A row as a report shows it. */
export const reportRowOf = (row: CampaignContactRow): ContactRow => ({
  contact: contactOf(row),
  state: row.state,
  tryNumber: row.try_number,
  rungTries: row.rung_tries,
  notBefore: row.not_before,
  beganAt: row.began_at ?? undefined,
  endedAt: row.ended_at ?? undefined,
  lastResult: row.last_result === null ? undefined : (JSON.parse(row.last_result) as TryResult),
});
