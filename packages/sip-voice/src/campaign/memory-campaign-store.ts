import { SipVoiceError } from "../errors.ts";
import { type Campaign, checkCampaign } from "./campaign.ts";
import { progressOf } from "./campaign-counts.ts";
import type { CampaignStore, ContactRow, OpenTry } from "./campaign-store.ts";
import { contactBatches, mergeContacts } from "./contact-merge.ts";
import { lineKeptSince, waitForLine } from "./pace.ts";
import { judgeTry } from "./try-standing.ts";

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

const untried: Omit<KeptContact, "contact"> = {
  state: "waiting",
  tryNumber: 1,
  rungTries: 0,
  unrungTries: 0,
  notBefore: 0,
  beganAt: undefined,
  endedAt: undefined,
  rested: false,
  lastResult: undefined,
};

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
      const total = { added: 0, changed: 0, kept: 0, sameNumber: [] as string[] };
      for await (const batch of contactBatches(source, 200)) {
        const known = [...contacts.values()].map(({ contact, state, tryNumber }) => ({
          id: contact.id,
          phoneNumber: contact.phoneNumber,
          isSettled: (state !== "waiting" && state !== "withdrawn") || tryNumber > 1,
        }));
        const { added, changed, kept, sameNumber } = mergeContacts(known, batch);
        for (const contact of [...added, ...changed]) {
          contacts.set(contact.id, { ...(contacts.get(contact.id) ?? untried), contact, state: "waiting" });
        }
        total.added += added.length;
        total.changed += changed.length;
        total.kept += kept;
        total.sameNumber.push(...sameNumber);
      }
      return total;
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
    async beginTry(wanted, pace, at) {
      const { campaignId, contactId } = wanted;
      const kept = campaigns.get(campaignId);
      const row = kept?.contacts.get(contactId);
      if (!kept || !row) return { kind: "missing" };
      const standing = { ...openTryOf(campaignId, row), state: row.state };
      const verdict = judgeTry(wanted, standing, kept.campaign.state, at);
      if (typeof verdict === "object") return verdict;
      const isAgain = verdict === "again";
      if (!isAgain) {
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
      const kept = known(campaignId);
      const { contacts } = kept;
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
      if (!rang && kept.lastBeganAt === row.beganAt) kept.lastBeganAt = undefined;
      return true;
    },
    async progress(campaignId) {
      const kept = campaigns.get(campaignId);
      if (!kept) return undefined;
      const rows = [...kept.contacts.values()];
      const counts = rows.map(({ state, lastResult }) => ({ state, outcome: lastResult?.outcome, count: 1 }));
      const due = rows.filter(({ state }) => state === "waiting").map(({ notBefore }) => notBefore);
      return progressOf(kept.campaign.state, counts, due.length > 0 ? Math.min(...due) : undefined);
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
