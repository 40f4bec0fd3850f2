import type { Campaign, CampaignState } from "../campaign/campaign.ts";
import type { ContactRow } from "../campaign/campaign-store.ts";
import type { CampaignContact } from "../campaign/contact.ts";
import type { CampaignPace } from "../campaign/pace.ts";
import type { RetryPlan } from "../campaign/retry-plan.ts";
import type { TryResult } from "../campaign/try-result.ts";
import type { TryStanding } from "../campaign/try-standing.ts";

/** A `bigint` as a pool gives it: `pg` as text, unless the pool has a parser of its own. */
type BigInteger = string | number | bigint;

/** A row of `campaigns`. */
export type CampaignRow = {
  readonly id: string;
  readonly clinic_id: string;
  readonly pace: string;
  readonly retries: string;
  readonly created_at: BigInteger;
  readonly state: CampaignState;
  readonly last_began_at: BigInteger | null;
};

/** A row of `campaign_contacts`. */
export type CampaignContactRow = {
  readonly ordinal: BigInteger;
  readonly campaign_id: string;
  readonly contact_id: string;
  readonly priority: number;
  readonly contact: string;
  readonly state: ContactRow["state"];
  readonly try_number: number;
  readonly rung_tries: number;
  readonly unrung_tries: number;
  readonly not_before: BigInteger;
  readonly began_at: BigInteger | null;
  readonly ended_at: BigInteger | null;
  readonly last_result: string | null;
};

/** The columns of a campaign. JSON comes as text, so that the pool's own parser has no part in it. */
export const campaignColumns =
  "id, clinic_id, pace::text AS pace, retries::text AS retries, created_at, state, last_began_at";

/** The columns of a contact. */
export const contactColumns = `ordinal, campaign_id, contact_id, priority, contact::text AS contact, state, try_number, rung_tries,
  unrung_tries, not_before, began_at, ended_at, last_result::text AS last_result`;

/** The instant in a column. */
export const instantOf = (ms: BigInteger | null): number | undefined =>
  ms === null ? undefined : Number(ms);

/** The campaign in a row. */
export const campaignOf = (row: CampaignRow): Campaign => ({
  id: row.id,
  clinicId: row.clinic_id,
  pace: JSON.parse(row.pace) as CampaignPace,
  retries: JSON.parse(row.retries) as RetryPlan,
  createdAt: Number(row.created_at),
  state: row.state,
});

/** The contact in a row. */
export const contactOf = (row: CampaignContactRow): CampaignContact =>
  JSON.parse(row.contact) as CampaignContact;

/** Where the contact in a row stands. */
export const standingOf = (row: CampaignContactRow): TryStanding => ({
  campaignId: row.campaign_id,
  contactId: row.contact_id,
  tryNumber: Number(row.try_number),
  priority: Number(row.priority),
  notBefore: Number(row.not_before),
  state: row.state,
});

/** A row as a report shows it. */
export const reportRowOf = (row: CampaignContactRow): ContactRow => ({
  contact: contactOf(row),
  state: row.state,
  tryNumber: Number(row.try_number),
  rungTries: Number(row.rung_tries),
  notBefore: Number(row.not_before),
  beganAt: instantOf(row.began_at),
  endedAt: instantOf(row.ended_at),
  lastResult: row.last_result === null ? undefined : (JSON.parse(row.last_result) as TryResult),
});
