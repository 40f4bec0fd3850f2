import { checkCampaign } from "../campaign/campaign.ts";
import { type ContactCount, progressOf } from "../campaign/campaign-counts.ts";
import type { CampaignStore } from "../campaign/campaign-store.ts";
import type { CampaignContact } from "../campaign/contact.ts";
import { contactBatches, type KnownContact, mergeContacts } from "../campaign/contact-merge.ts";
import { noSuchCampaign } from "../campaign/memory-campaign-store.ts";
import { lineKeptSince, waitForLine } from "../campaign/pace.ts";
import { judgeTry } from "../campaign/try-standing.ts";
import {
  type CampaignContactRow,
  type CampaignRow,
  campaignColumns,
  campaignOf,
  contactColumns,
  contactOf,
  instantOf,
  reportRowOf,
  standingOf,
} from "./campaign-row.ts";
import type { PostgresDatabase, Query } from "./database.ts";

/** How many contacts are written in one transaction. */
const contactsAtOnce = 500;

/**
 * Campaigns in PostgreSQL. Whoever changes lines or contacts locks the campaign's row first, and then contacts: in one order nobody waits
 * for each other in a circle, and what is counted after the lock is what counts.
 */
export function postgresCampaignStore({ schema, read, write }: PostgresDatabase): CampaignStore {
  const campaigns = `${schema}.campaigns`;
  const contacts = `${schema}.campaign_contacts`;
  const isOpen = "state IN ('waiting', 'calling')";

  async function campaignIn(query: Query, campaignId: string, lock = ""): Promise<CampaignRow | undefined> {
    const text = `SELECT ${campaignColumns} FROM ${campaigns} WHERE id = $1 ${lock}`;
    return (await query(text, [campaignId])).rows[0] as CampaignRow | undefined;
  }

  async function known(query: Query, campaignId: string, lock = ""): Promise<CampaignRow> {
    const row = await campaignIn(query, campaignId, lock);
    if (!row) throw noSuchCampaign();
    return row;
  }

  async function addBatch(query: Query, campaignId: string, batch: readonly CampaignContact[]) {
    await known(query, campaignId, "FOR UPDATE");
    const { rows } = await query(
      `SELECT contact_id, phone_number, state NOT IN ('waiting', 'withdrawn') OR try_number > 1 AS is_settled FROM ${contacts}
       WHERE campaign_id = $1 AND (contact_id = ANY ($2) OR phone_number = ANY ($3)) FOR UPDATE`,
      [campaignId, batch.map(({ id }) => id), batch.map(({ phoneNumber }) => phoneNumber)],
    );
    const before = rows.map(
      (row): KnownContact => ({
        id: String(row.contact_id),
        phoneNumber: String(row.phone_number),
        isSettled: row.is_settled === true || row.is_settled === "t",
      }),
    );
    const merge = mergeContacts(before, batch);
    const columnsOf = (some: readonly CampaignContact[]): unknown[] => [
      campaignId,
      some.map(({ id }) => id),
      some.map(({ phoneNumber }) => phoneNumber),
      some.map(({ priority = 0 }) => priority),
      some.map((contact) => JSON.stringify(contact)),
    ];
    const given = `unnest($2::text[], $3::text[], $4::integer[], $5::text[]) WITH ORDINALITY
      AS given (contact_id, phone_number, priority, contact, n)`;
    await query(
      `UPDATE ${contacts} AS kept SET contact = given.contact::json, priority = given.priority,
         phone_number = given.phone_number, state = 'waiting'
       FROM ${given} WHERE kept.campaign_id = $1 AND kept.contact_id = given.contact_id`,
      columnsOf(merge.changed),
    );
    await query(
      `INSERT INTO ${contacts} (campaign_id, contact_id, phone_number, priority, contact)
       SELECT $1, contact_id, phone_number, priority, contact::json FROM ${given} ORDER BY n`,
      columnsOf(merge.added),
    );
    return merge;
  }

  /** The contact's row, locked. */
  async function contactIn(query: Query, campaignId: string, contactId: string) {
    const text = `SELECT ${contactColumns} FROM ${contacts} WHERE campaign_id = $1 AND contact_id = $2 FOR UPDATE`;
    return (await query(text, [campaignId, contactId])).rows[0] as CampaignContactRow | undefined;
  }

  async function linesIn(query: Query, campaignId: string, since: number, at: number, most: number) {
    const { rows } = await query(
      `SELECT (SELECT count(*) FROM ${contacts} WHERE campaign_id = $1 AND state = 'calling') AS calling, ended_at
       FROM (SELECT 1) AS one LEFT JOIN (
         SELECT ended_at FROM ${contacts} WHERE campaign_id = $1 AND rested AND state <> 'calling'
           AND ended_at > $2 AND ended_at <= $3 ORDER BY ended_at DESC LIMIT $4
       ) AS rests ON true`,
      [campaignId, since, at, most],
    );
    const endedAt = rows.flatMap(({ ended_at: ended }) => (ended === null ? [] : [Number(ended)]));
    return { calling: Number(rows[0]?.calling), endedAt };
  }

  return {
    async create(campaign) {
      checkCampaign(campaign);
      const { id, clinicId, pace, retries, createdAt } = campaign;
      return await write(async (query) => {
        await query(
          `INSERT INTO ${campaigns} (id, clinic_id, pace, retries, created_at, state) VALUES ($1, $2, $3, $4, $5, 'preparing')
           ON CONFLICT (id) DO NOTHING`,
          [id, clinicId, JSON.stringify(pace), JSON.stringify(retries), createdAt],
        );
        return campaignOf(await known(query, id));
      });
    },
    async get(campaignId) {
      const row = await campaignIn(read, campaignId);
      return row && campaignOf(row);
    },
    async addContacts(campaignId, source) {
      const total = { added: 0, changed: 0, kept: 0, sameNumber: [] as string[] };
      for await (const batch of contactBatches(source, contactsAtOnce)) {
        const merge = await write((query) => addBatch(query, campaignId, batch));
        total.added += merge.added.length;
        total.changed += merge.changed.length;
        total.kept += merge.kept;
        total.sameNumber.push(...merge.sameNumber);
      }
      return total;
    },
    withdrawContacts: (campaignId, contactIds) =>
      write(async (query) => {
        await known(query, campaignId, "FOR UPDATE");
        const { rowCount } = await query(
          `UPDATE ${contacts} SET state = 'withdrawn' WHERE campaign_id = $1 AND contact_id = ANY ($2) AND state = 'waiting'`,
          [campaignId, [...contactIds]],
        );
        return rowCount ?? 0;
      }),
    setState: (campaignId, state) =>
      write(async (query) => {
        await query(`UPDATE ${campaigns} SET state = $2 WHERE id = $1 AND state <> 'cancelled'`, [
          campaignId,
          state,
        ]);
        return (await known(query, campaignId)).state;
      }),
    finish: (campaignId) =>
      write(async (query) => {
        const { state } = await known(query, campaignId, "FOR UPDATE");
        if (state !== "running") return state === "finished";
        const { rowCount } = await query(
          `UPDATE ${campaigns} SET state = 'finished' WHERE id = $1
           AND NOT EXISTS (SELECT FROM ${contacts} WHERE campaign_id = $1 AND ${isOpen})`,
          [campaignId],
        );
        return rowCount === 1;
      }),
    async openTries(campaignId, from, limit) {
      const { rows } = await read(
        `SELECT ${contactColumns} FROM ${contacts} WHERE campaign_id = $1 AND ordinal > $2 AND ${isOpen} ORDER BY ordinal LIMIT $3`,
        [campaignId, from ?? 0, limit],
      );
      const found = rows as unknown as CampaignContactRow[];
      const tries = found.map((row) => {
        const { state: _state, ...open } = standingOf(row);
        return open;
      });
      return { tries, next: String(found.at(-1)?.ordinal ?? from ?? 0) };
    },
    beginTry: (wanted, pace, at) =>
      write(async (query) => {
        const { campaignId, contactId } = wanted;
        const found = await campaignIn(query, campaignId, "FOR UPDATE");
        const row = found && (await contactIn(query, campaignId, contactId));
        if (!found || !row) return { kind: "missing" };
        const verdict = judgeTry(wanted, standingOf(row), found.state, at);
        if (typeof verdict === "object") return verdict;
        const isAgain = verdict === "again";
        if (!isAgain) {
          const since = lineKeptSince(pace, at);
          const lines = await linesIn(query, campaignId, since, at, pace.concurrency);
          const until = waitForLine(pace, { ...lines, lastBeganAt: instantOf(found.last_began_at) }, at);
          if (until !== undefined) return { kind: "wait", until };
          await query(
            `UPDATE ${contacts} SET state = 'calling', began_at = $3 WHERE campaign_id = $1 AND contact_id = $2`,
            [campaignId, contactId, at],
          );
          await query(`UPDATE ${campaigns} SET last_began_at = $2 WHERE id = $1`, [campaignId, at]);
        }
        return {
          kind: "begun",
          contact: contactOf(row),
          campaign: campaignOf(found),
          rungTries: Number(row.rung_tries),
          unrungTries: Number(row.unrung_tries),
          isAgain,
        };
      }),
    endTry: ({ campaignId, contactId, tryNumber }, { result, endedAt, rang, counts, next }) =>
      write(async (query) => {
        await known(query, campaignId, "FOR UPDATE");
        const { rowCount } = await query(
          `UPDATE ${contacts} SET state = $4, try_number = try_number + $5, rung_tries = rung_tries + $6,
             unrung_tries = unrung_tries + $7, not_before = coalesce($8, not_before), ended_at = $9, rested = $10,
             last_result = $11, last_outcome = $12
           WHERE campaign_id = $1 AND contact_id = $2 AND try_number = $3 AND state = 'calling'`,
          [
            campaignId,
            contactId,
            tryNumber,
            "end" in next ? next.end : "waiting",
            "end" in next ? 0 : 1,
            counts === "rung" ? 1 : 0,
            counts === "unrung" ? 1 : 0,
            "end" in next ? null : next.notBefore,
            endedAt,
            rang,
            JSON.stringify(result),
            result.outcome,
          ],
        );
        if (rowCount === 1 && !rang) {
          await query(
            `UPDATE ${campaigns} SET last_began_at = NULL WHERE id = $1 AND last_began_at =
               (SELECT began_at FROM ${contacts} WHERE campaign_id = $1 AND contact_id = $2)`,
            [campaignId, contactId],
          );
        }
        return rowCount === 1;
      }),
    async progress(campaignId) {
      const found = await campaignIn(read, campaignId);
      if (!found) return undefined;
      const counts = await read(
        `SELECT state, last_outcome AS outcome, count(*) AS count FROM ${contacts} WHERE campaign_id = $1 GROUP BY 1, 2`,
        [campaignId],
      );
      const due = await read(
        `SELECT min(not_before) AS due FROM ${contacts} WHERE campaign_id = $1 AND state = 'waiting'`,
        [campaignId],
      );
      const rows = counts.rows.map(
        (row) => ({ ...row, count: Number(row.count) }) as unknown as ContactCount,
      );
      return progressOf(found.state, rows, instantOf(due.rows[0]?.due as string | null));
    },
    async rows(campaignId, from, limit) {
      const { rows } = await read(
        `SELECT ${contactColumns} FROM ${contacts} WHERE campaign_id = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3`,
        [campaignId, from ?? 0, limit + 1],
      );
      const found = rows as unknown as CampaignContactRow[];
      const page = found.slice(0, limit);
      const next = found.length > limit ? String(page.at(-1)?.ordinal) : undefined;
      return { rows: page.map(reportRowOf), next };
    },
  };
}
