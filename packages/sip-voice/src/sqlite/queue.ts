import { claimLapsesAfterMs, type Queue } from "../campaign/queue.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { SqliteDatabase } from "./database.ts";

/** How many attempts are added in one transaction: other processes wait for it, and so does this one's sound. */
const attemptsAtOnce = 200;

/** The name of the queue that has none of its own. */
const defaultQueueName = "attempts";

/** The attempts still to be made, in the clinic's SQLite file: for one machine, several processes. */
export function sqliteQueue(
  { connection, read, write }: SqliteDatabase,
  clock: Clock = systemClock,
  name: string = defaultQueueName,
): Queue {
  const insert = connection.prepare(
    `INSERT INTO queued_attempts (attempt_id, priority, not_before, queue) VALUES (?, ?, ?, ?) ON CONFLICT (attempt_id) DO NOTHING`,
  );
  const isDue = "not_before <= :now AND claimed_until <= :now";
  // The claims are counted, so that each has a number of its own.
  const claim = connection.prepare(
    `UPDATE queued_attempts SET claims = claims + 1, claimed_until = :until
     WHERE ordinal IN (
       SELECT ordinal FROM queued_attempts WHERE queue = :name AND ${isDue} ORDER BY priority DESC, ordinal LIMIT :atMost
     )
     RETURNING attempt_id, claims`,
  );
  // Until somebody else claims it, a claim that has lapsed may still be kept up or ended.
  const isOurs = "attempt_id = ? AND claims = ? AND claimed_until > 0";
  const keep = connection.prepare(`UPDATE queued_attempts SET claimed_until = ? WHERE ${isOurs}`);
  const remove = connection.prepare(`DELETE FROM queued_attempts WHERE ${isOurs}`);
  const postpone = connection.prepare(
    `UPDATE queued_attempts SET claimed_until = 0, not_before = ? WHERE ${isOurs}`,
  );
  const count = connection.prepare(
    `SELECT count(*) FILTER (WHERE claimed_until > :now) AS claimed,
       count(*) FILTER (WHERE claimed_until <= :now AND not_before > :now) AS later,
       count(*) FILTER (WHERE ${isDue}) AS due
     FROM queued_attempts WHERE queue = :name`,
  );

  return {
    async enqueue(attempts) {
      let added = 0;
      for (let index = 0; index < attempts.length; index += attemptsAtOnce) {
        const some = attempts.slice(index, index + attemptsAtOnce);
        added += await write(() =>
          some.reduce(
            (sum, { attemptId, priority = 0, notBefore = 0 }) =>
              sum + Number(insert.run(attemptId, priority, notBefore, name).changes),
            0,
          ),
        );
      }
      return added;
    },
    async claim(atMost) {
      const now = clock.now();
      const rows = await write(() => claim.all({ name, now, until: now + claimLapsesAfterMs, atMost }));
      return rows.map((row) => ({ attemptId: String(row.attempt_id), token: String(row.claims) }));
    },
    keep: ({ attemptId, token }) =>
      write(() => keep.run(clock.now() + claimLapsesAfterMs, attemptId, Number(token)).changes === 1),
    complete: ({ attemptId, token }) => write(() => remove.run(attemptId, Number(token)).changes === 1),
    postpone: ({ attemptId, token }, notBefore) =>
      write(() => postpone.run(notBefore, attemptId, Number(token)).changes === 1),
    async counts() {
      const row = await read(() => count.get({ name, now: clock.now() }));
      return { due: Number(row?.due), later: Number(row?.later), claimed: Number(row?.claimed) };
    },
  };
}
