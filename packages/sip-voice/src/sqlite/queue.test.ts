import { expect, it } from "vitest";
import { openClinicDatabase } from "./clinic-database.ts";

it("keeps the attempts of one queue from those of another", async () => {
  const { queue, queueOf, close } = openClinicDatabase(":memory:");
  const recall = queueOf("recall");
  await queue.enqueue([{ attemptId: "a" }]);
  await recall.enqueue([{ attemptId: "b", priority: 9 }]);
  expect(await queue.counts()).toEqual({ due: 1, later: 0, claimed: 0 });
  expect((await queue.claim(5)).map(({ attemptId }) => attemptId)).toEqual(["a"]);
  expect((await queueOf("recall").claim(5)).map(({ attemptId }) => attemptId)).toEqual(["b"]);
  close();
});
