import { checkCampaign } from "../campaign/campaign.ts";
import { type ContactCount, progressOf } from "../campaign/campaign-counts.ts";
import type { CampaignProgress, CampaignStore } from "../campaign/campaign-store.ts";
import type { CampaignContact } from "../campaign/contact.ts";
import { contactBatches, type KnownContact, mergeContacts } from "../campaign/contact-merge.ts";
import { noSuchCampaign } from "../campaign/memory-campaign-store.ts";
import { lineKeptSince, waitForLine } from "../campaign/pace.ts";
import { judgeTry } from "../campaign/try-standing.ts";
import {
  type CampaignContactRow,
  type CampaignRow,
  campaignOf,
  contactOf,
  openTryOf,
  reportRowOf,
} from "./campaign-row.ts";
import type { SqliteDatabase } from "./database.ts";

/** How many contacts are written in one transaction: other processes wait for it, and so does this one's sound. */
const contactsAtOnce = 200;

/** Campaigns in the clinic's SQLite file. */
export function sqliteCampaignStore({ connection, read, write }: SqliteDatabase): CampaignStore {
  const prepare = (sql: string) => connection.prepare(sql);
  const isContact = "campaign_id = ? AND contact_id = ?";
  const isOpen = "state IN ('waiting', 'calling')";
  const insertCampaign = prepare(
    `INSERT INTO campaigns (id, clinic_id, pace, retries, created_at, state) VALUES (?, ?, ?, ?, ?, 'preparing')
     ON CONFLICT (id) DO NOTHING`,
  );
  const selectCampaign = prepare("SELECT * FROM campaigns WHERE id = ?");
  const setState = prepare("UPDATE campaigns SET state = ? WHERE id = ? AND state <> 'cancelled'");
  const finish = prepare(
    `UPDATE campaigns SET state = 'finished' WHERE id = :id AND state = 'running'
     AND NOT EXISTS (SELECT 1 FROM campaign_contacts WHERE campaign_id = :id AND ${isOpen})`,
  );
  const selectKnown = prepare(
    `SELECT contact_id AS id, phone_number AS phoneNumber, state NOT IN ('waiting', 'withdrawn') OR try_number > 1 AS isSettled
     FROM campaign_contacts WHERE campaign_id = ? AND (contact_id = ? OR phone_number = ?)`,
  );
  const insertContact = prepare(
    `INSERT INTO campaign_contacts (contact, priority, phone_number, campaign_id, contact_id) VALUES (?, ?, ?, ?, ?)`,
  );
  const updateContact = prepare(
    `UPDATE campaign_contacts SET contact = ?, priority = ?, phone_number = ?, state = 'waiting' WHERE ${isContact}`,
  );
  const withdraw = prepare(
    `UPDATE campaign_contacts SET state = 'withdrawn' WHERE ${isContact} AND state = 'waiting'`,
  );
  const selectContact = prepare(`SELECT * FROM campaign_contacts WHERE ${isContact}`);
  const countCalling = prepare(
    "SELECT count(*) AS calling FROM campaign_contacts WHERE campaign_id = ? AND state = 'calling'",
  );
  // Those that ended last: no more than there are lines can matter.
  const selectRested = prepare(
    `SELECT ended_at FROM campaign_contacts WHERE campaign_id = ? AND rested = 1 AND state <> 'calling'
       AND ended_at > ? AND ended_at <= ? ORDER BY ended_at DESC LIMIT ?`,
  );
  const begin = prepare(`UPDATE campaign_contacts SET state = 'calling', began_at = ? WHERE ${isContact}`);
  const beganAt = prepare("UPDATE campaigns SET last_began_at = ? WHERE id = ?");
  const takeBack = prepare(
    `UPDATE campaigns SET last_began_at = NULL WHERE id = ? AND last_began_at =
       (SELECT began_at FROM campaign_contacts WHERE campaign_id = campaigns.id AND contact_id = ?)`,
  );
  const end = prepare(
    `UPDATE campaign_contacts SET state = :state, try_number = try_number + :more, rung_tries = rung_tries + :rung,
       unrung_tries = unrung_tries + :unrung, not_before = coalesce(:notBefore, not_before), ended_at = :endedAt,
       rested = :rang, last_result = :result, last_outcome = :outcome
     WHERE campaign_id = :campaignId AND contact_id = :contactId AND state = 'calling' AND try_number = :tryNumber`,
  );
  const selectOpen = prepare(
    `SELECT * FROM campaign_contacts WHERE campaign_id = ? AND ordinal > ? AND ${isOpen} ORDER BY ordinal LIMIT ?`,
  );
  const selectRows = prepare(
    "SELECT * FROM campaign_contacts WHERE campaign_id = ? AND ordinal > ? ORDER BY ordinal LIMIT ?",
  );
  const countRows = prepare(
    `SELECT state, last_outcome AS outcome, count(*) AS count FROM campaign_contacts WHERE campaign_id = ? GROUP BY 1, 2`,
  );
  const selectDue = prepare(
    "SELECT min(not_before) AS due FROM campaign_contacts WHERE campaign_id = ? AND state = 'waiting'",
  );

  const rowOf = (campaignId: string) => selectCampaign.get(campaignId) as CampaignRow | undefined;
  function known(campaignId: string): CampaignRow {
    const row = rowOf(campaignId);
    if (!row) throw noSuchCampaign();
    return row;
  }

  function addBatch(campaignId: string, batch: readonly CampaignContact[]) {
    known(campaignId);
    const before = batch.flatMap(({ id, phoneNumber }) => selectKnown.all(campaignId, id, phoneNumber));
    const contacts = before.map(
      (row) => ({ ...row, isSettled: row.isSettled === 1 }) as unknown as KnownContact,
    );
    const merge = mergeContacts(contacts, batch);
    for (const [statement, some] of [
      [insertContact, merge.added],
      [updateContact, merge.changed],
    ] as const) {
      for (const contact of some) {
        const { id, phoneNumber, priority = 0 } = contact;
        statement.run(JSON.stringify(contact), priority, phoneNumber, campaignId, id);
      }
    }
    return merge;
  }

  return {
    async create(campaign) {
      checkCampaign(campaign);
      const { id, clinicId, pace, retries, createdAt } = campaign;
      return await write(() => {
        insertCampaign.run(id, clinicId, JSON.stringify(pace), JSON.stringify(retries), createdAt);
        return campaignOf(known(id));
      });
    },
    async get(campaignId) {
      const row = await read(() => rowOf(campaignId));
      return row && campaignOf(row);
    },
    async addContacts(campaignId, source) {
      const total = { added: 0, changed: 0, kept: 0, sameNumber: [] as string[] };
      for await (const batch of contactBatches(source, contactsAtOnce)) {
        const merge = await write(() => addBatch(campaignId, batch));
        total.added += merge.added.length;
        total.changed += merge.changed.length;
        total.kept += merge.kept;
        total.sameNumber.push(...merge.sameNumber);
      }
      return total;
    },
    withdrawContacts: (campaignId, contactIds) =>
      write(() => [...contactIds].reduce((sum, id) => sum + Number(withdraw.run(campaignId, id).changes), 0)),
    setState: (campaignId, state) =>
      write(() => {
        setState.run(state, campaignId);
        return known(campaignId).state;
      }),
    finish: (campaignId) =>
      write(() => {
        finish.run({ id: campaignId });
        return known(campaignId).state === "finished";
      }),
    async openTries(campaignId, from, limit) {
      const rows = (await read(() =>
        selectOpen.all(campaignId, Number(from ?? 0), limit),
      )) as CampaignContactRow[];
      return { tries: rows.map(openTryOf), next: String(rows.at(-1)?.ordinal ?? from ?? 0) };
    },
    beginTry: (wanted, pace, at) =>
      write(() => {
        const { campaignId, contactId } = wanted;
        const row = selectContact.get(campaignId, contactId) as CampaignContactRow | undefined;
        const found = rowOf(campaignId);
        if (!row || !found) return { kind: "missing" };
        const verdict = judgeTry(wanted, { ...openTryOf(row), state: row.state }, found.state, at);
        if (typeof verdict === "object") return verdict;
        const isAgain = verdict === "again";
        if (!isAgain) {
          const calling = Number(countCalling.get(campaignId)?.calling);
          const since = lineKeptSince(pace, at);
          const rested = selectRested.all(campaignId, since, at, pace.concurrency);
          const endedAt = rested.map((one) => Number(one.ended_at));
          const lastBeganAt = found.last_began_at ?? undefined;
          const until = waitForLine(pace, { calling, endedAt, lastBeganAt }, at);
          if (until !== undefined) return { kind: "wait", until };
          begin.run(at, campaignId, contactId);
          beganAt.run(at, campaignId);
        }
        return {
          kind: "begun",
          contact: contactOf(row),
          campaign: campaignOf(found),
          rungTries: row.rung_tries,
          unrungTries: row.unrung_tries,
          isAgain,
        };
      }),
    endTry: ({ campaignId, contactId, tryNumber }, { result, endedAt, rang, counts, next }) =>
      write(() => {
        const { changes } = end.run({
          campaignId,
          contactId,
          tryNumber,
          state: "end" in next ? next.end : "waiting",
          more: "end" in next ? 0 : 1,
          rung: counts === "rung" ? 1 : 0,
          unrung: counts === "unrung" ? 1 : 0,
          notBefore: "end" in next ? null : next.notBefore,
          endedAt,
          rang: rang ? 1 : 0,
          result: JSON.stringify(result),
          outcome: result.outcome,
        });
        if (changes === 1 && !rang) takeBack.run(campaignId, contactId);
        return changes === 1;
      }),
    progress: (campaignId) =>
      read((): CampaignProgress | undefined => {
        const found = rowOf(campaignId);
        if (!found) return undefined;
        const counts = countRows.all(campaignId) as unknown as ContactCount[];
        const due = selectDue.get(campaignId)?.due as number | null;
        return progressOf(found.state, counts, due ?? undefined);
      }),
    async rows(campaignId, from, limit) {
      const found = (await read(() =>
        selectRows.all(campaignId, Number(from ?? 0), limit + 1),
      )) as CampaignContactRow[];
      const page = found.slice(0, limit);
      const next = found.length > limit ? String(page.at(-1)?.ordinal) : undefined;
      return { rows: page.map(reportRowOf), next };
    },
  };
}
