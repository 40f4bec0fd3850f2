import { SipVoiceError } from "../errors.ts";
import { type Campaign, checkCampaign } from "./campaign.ts";
import type { CampaignStore, ContactEnd, ContactRow, OpenTry } from "./campaign-store.ts";
import { checkContact } from "./contact.ts";
import { lineKeptSince, waitForLine } from "./pace.ts";
import type { TryOutcome } from "./retry-plan.ts";

/** A contact as it is kept: with the tries that came to nothing, and whether its last one may have rung. */
interface KeptContact extends ContactRow {
  readonly unrungTries: number;
  readonly rested: boolean;
}

interface KeptCampaign {
  campaign: Campaign;
  lastBeganAt: number | undefined;
  readonly contacts: Map<string, KeptContact>;
}

/** The error for a campaign that is not there. */
export function noSuchCampaign(): SipVoiceError {
  return new SipVoiceError("invalid-option", "There is no such campaign.", { field: "campaignId" });
}

/** Whether a contact is to be called, or is being called. */
const isOpen = ({ state }: ContactRow): boolean => state === "waiting" || state === "calling";

/** Campaigns in memory, for tests only: it forgets. */
export function memoryCampaignStore(): CampaignStore {
  const campaigns = new Map<string, KeptCampaign>();

  function known(campaignId: string): KeptCampaign {
    const kept = campaigns.get(campaignId);
    if (!kept) throw noSuchCampaign();
    return kept;
  }

  const openTryOf = (campaignId: string, { contact, tryNumber, notBefore }: ContactRow): OpenTry => ({
    campaignId,
    contactId: contact.id,
    tryNumber,
    priority: contact.priority ?? 0,
    notBefore,
  });

  return {
    async create(wanted) {
      checkCampaign(wanted);
      const kept = campaigns.get(wanted.id);
      if (kept) return kept.campaign;
      const campaign: Campaign = { ...wanted, state: "preparing" };
      campaigns.set(wanted.id, { campaign, lastBeganAt: undefined, contacts: new Map() });
      return campaign;
    },
    get: async (campaignId) => campaigns.get(campaignId)?.campaign,
    async addContacts(campaignId, source) {
      const { contacts } = known(campaignId);
      const count = { added: 0, changed: 0, kept: 0, sameNumber: [] as string[] };
      for await (const contact of source) {
        checkContact(contact);
        const before = contacts.get(contact.id);
        const others = [...contacts.values()].filter((row) => row.contact.id !== contact.id);
        if (before && (before.state !== "waiting" || before.tryNumber > 1)) count.kept++;
        else if (others.some((row) => row.contact.phoneNumber === contact.phoneNumber))
          count.sameNumber.push(contact.id);
        else if (before) {
          contacts.set(contact.id, { ...before, contact });
          count.changed++;
        } else {
          contacts.set(contact.id, {
            contact,
            state: "waiting",
            tryNumber: 1,
            rungTries: 0,
            unrungTries: 0,
            notBefore: 0,
            beganAt: undefined,
            endedAt: undefined,
            rested: false,
            lastResult: undefined,
          });
          count.added++;
        }
      }
      return count;
    },
    async withdrawContacts(campaignId, contactIds) {
      const { contacts } = known(campaignId);
      let withdrawn = 0;
      for (const id of contactIds) {
        const row = contacts.get(id);
        if (row?.state !== "waiting") continue;
        contacts.set(id, { ...row, state: "withdrawn" });
        withdrawn++;
      }
      return withdrawn;
    },
    async setState(campaignId, state) {
      const kept = known(campaignId);
      if (kept.campaign.state !== "cancelled") kept.campaign = { ...kept.campaign, state };
      return kept.campaign.state;
    },
    async finish(campaignId) {
      const kept = known(campaignId);
      const { state } = kept.campaign;
      if (state === "running" && ![...kept.contacts.values()].some(isOpen))
        kept.campaign = { ...kept.campaign, state: "finished" };
      return kept.campaign.state === "finished";
    },
    async openTries(campaignId, from, limit) {
      const all = [...known(campaignId).contacts.values()];
      const open: OpenTry[] = [];
      let index = Number(from ?? 0);
      for (; index < all.length && open.length < limit; index++) {
        const row = all[index];
        if (row && isOpen(row)) open.push(openTryOf(campaignId, row));
      }
      return { tries: open, next: String(index) };
    },
    async beginTry({ campaignId, contactId, tryNumber }, pace, at) {
      const kept = campaigns.get(campaignId);
      const row = kept?.contacts.get(contactId);
      if (!kept || !row) return { kind: "missing" };
      const isAgain = row.state === "calling" && row.tryNumber === tryNumber;
      if (!isAgain) {
        if (row.state !== "waiting" || row.tryNumber !== tryNumber || row.notBefore > at)
          return { kind: "over", current: isOpen(row) ? openTryOf(campaignId, row) : undefined };
        if (kept.campaign.state !== "running") return { kind: "stopped", state: kept.campaign.state };
        const rows = [...kept.contacts.values()];
        const since = lineKeptSince(pace, at);
        const calling = rows.filter(({ state }) => state === "calling").length;
        const endedAt = rows.flatMap((one) =>
          one.rested && one.state !== "calling" && (one.endedAt ?? 0) > since ? [one.endedAt ?? 0] : [],
        );
        const until = waitForLine(pace, { calling, endedAt, lastBeganAt: kept.lastBeganAt }, at);
        if (until !== undefined) return { kind: "wait", until };
        kept.lastBeganAt = at;
        kept.contacts.set(contactId, { ...row, state: "calling", beganAt: at });
      }
      const { contact, rungTries, unrungTries } = row;
      return { kind: "begun", contact, campaign: kept.campaign, rungTries, unrungTries, isAgain };
    },
    async endTry({ campaignId, contactId, tryNumber }, { result, endedAt, rang, counts, next }) {
      const { contacts } = known(campaignId);
      const row = contacts.get(contactId);
      if (row?.state !== "calling" || row.tryNumber !== tryNumber) return false;
      contacts.set(contactId, {
        ...row,
        state: "end" in next ? next.end : "waiting",
        tryNumber: "end" in next ? tryNumber : tryNumber + 1,
        rungTries: row.rungTries + Number(counts === "rung"),
        unrungTries: row.unrungTries + Number(counts === "unrung"),
        notBefore: "end" in next ? row.notBefore : next.notBefore,
        endedAt,
        rested: rang,
        lastResult: result,
      });
      return true;
    },
    async progress(campaignId) {
      const kept = campaigns.get(campaignId);
      if (!kept) return undefined;
      const rows = [...kept.contacts.values()];
      const outcomes: Partial<Record<TryOutcome, number>> = {};
      for (const { lastResult } of rows)
        if (lastResult) outcomes[lastResult.outcome] = (outcomes[lastResult.outcome] ?? 0) + 1;
      const count = (state: ContactRow["state"]): number => rows.filter((row) => row.state === state).length;
      const ends: readonly ContactEnd[] = ["done", "given-up", "for-review", "withdrawn"];
      const due = rows.filter(({ state }) => state === "waiting").map(({ notBefore }) => notBefore);
      return {
        state: kept.campaign.state,
        contacts: rows.length,
        waiting: count("waiting"),
        calling: count("calling"),
        ended: Object.fromEntries(ends.map((end) => [end, count(end)])) as Record<ContactEnd, number>,
        outcomes,
        nextDue: due.length > 0 ? Math.min(...due) : undefined,
      };
    },
    async rows(campaignId, from, limit) {
      const all = [...known(campaignId).contacts.values()];
      const begin = Number(from ?? 0);
      const end = begin + limit;
      const rows = all.slice(begin, end).map(({ unrungTries: _unrung, rested: _rested, ...row }) => row);
      return { rows, next: end < all.length ? String(end) : undefined };
    },
  };
}
