import { setTimeout as pause } from "node:timers/promises";
import { expect, inject, it } from "vitest";
import { testQueue } from "../testing/index.ts";
import { openQueue, type PostgresQueue } from "./queue.ts";
import { throwAwaySchema } from "./throw-away-schema.ts";

testQueue("postgres", async () => {
  const { schema, pool, query, dispose } = throwAwaySchema(inject("postgresUrl"));
  const queues: PostgresQueue[] = [];
  const open = async (): Promise<PostgresQueue> => {
    const queue = await openQueue(pool(), { schema, name: "recall/2026-11-24", deadlineMs: 30_000 });
    queues.push(queue);
    return queue;
  };
  return {
    port: await open(),
    another: open,
    async lapse() {
      await query(
        `UPDATE ${schema}.job SET heartbeat_on = heartbeat_on - interval '1 hour' WHERE state = 'active'`,
      );
      for (;;) {
        const { rowCount } = await query(`SELECT FROM ${schema}.job WHERE state = 'active'`);
        if (rowCount === 0) return;
        await pause(50);
      }
    },
    async dispose() {
      for (const queue of queues) await queue.close();
      await dispose();
    },
  };
});

it("is made by several that open it at one instant, each on a single connection", async () => {
  const { schema, pool, dispose } = throwAwaySchema(inject("postgresUrl"));
  const opened = await Promise.allSettled(
    Array.from({ length: 8 }, async (_, index) => {
      const queue = await openQueue(pool({ max: 1 }), { schema, deadlineMs: 30_000 });
      try {
        return await queue.enqueue([{ attemptId: `attempt-${index}` }]);
      } finally {
        await queue.close();
      }
    }),
  );
  expect(opened).toEqual(opened.map(() => ({ status: "fulfilled", value: 1 })));
  await dispose();
});
