import { type Clock, pause } from "../../clock.ts";

const storeDeadlineMs = 4_000;

/** Waits for a store's answer; throws when there is none in the time that somebody on the line can be kept waiting. */
export async function withinStoreDeadline<Answer>(clock: Clock, answer: Promise<Answer>): Promise<Answer> {
  const late = new AbortController();
  const deadline = pause(clock, storeDeadlineMs, late.signal).then(() => {
    throw new Error("The store did not answer in time.");
  });
  try {
    return await Promise.race([answer, deadline]);
  } finally {
    deadline.catch(() => {});
    late.abort();
  }
}
