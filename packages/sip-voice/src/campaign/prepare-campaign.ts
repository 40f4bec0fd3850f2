import type { Campaign, NewCampaign } from "./campaign.ts";
import type { AddedContacts, CampaignStore, ContactSource } from "./campaign-store.ts";
import type { CampaignContact } from "./contact.ts";

/** What came of {@link prepareCampaign}. */
export interface PreparedCampaign extends AddedContacts {
  /** The campaign as it is now. */
  readonly campaign: Campaign;
  /** How many were taken off, since the list no longer has them; those that were tried stay. */
  readonly withdrawn: number;
}

const rowsAtOnce = 500;

/**
 * Makes a campaign of a list and has it `running`, or brings one that there is in line with its edited list: new contacts are added, those that
 * were not tried yet are changed or taken off, those that were tried stay. A campaign that is paused stays so.
 *
 * @throws SipVoiceError `invalid-option` when campaign or a contact can't be called, or the campaign is cancelled
 * @example
 * ```ts
 * import { type CampaignContact, type CampaignStore, defaultPace, defaultRetryPlan, prepareCampaign } from "@clinic/sip-voice";
 *
 * async function recall(campaigns: CampaignStore, contacts: readonly CampaignContact[]): Promise<void> {
 *   const campaign = { id: "recall-2026-11-24", clinicId: "main", pace: defaultPace, retries: defaultRetryPlan };
 *   const { added, sameNumber } = await prepareCampaign(campaigns, { ...campaign, createdAt: Date.now() }, contacts);
 *   console.log(added, sameNumber.length);
 * }
 * ```
 */
export async function prepareCampaign(
  campaigns: CampaignStore,
  wanted: NewCampaign,
  contacts: ContactSource,
): Promise<PreparedCampaign> {
  const { id } = wanted;
  const found = await campaigns.create(wanted);
  const listed = new Set<string>();
  async function* noted(): AsyncGenerator<CampaignContact> {
    for await (const contact of contacts) {
      listed.add(contact.id);
      yield contact;
    }
  }
  const added = await campaigns.addContacts(id, noted());
  let withdrawn = 0;
  let from: string | undefined;
  do {
    const page = await campaigns.rows(id, from, rowsAtOnce);
    const gone = page.rows.filter(
      ({ contact, state, tryNumber }) => state === "waiting" && tryNumber === 1 && !listed.has(contact.id),
    );
    if (gone.length > 0)
      withdrawn += await campaigns.withdrawContacts(
        id,
        gone.map(({ contact }) => contact.id),
      );
    from = page.next;
  } while (from !== undefined);
  const state = found.state === "paused" ? "paused" : await campaigns.setState(id, "running");
  return { ...added, withdrawn, campaign: { ...found, state } };
}
