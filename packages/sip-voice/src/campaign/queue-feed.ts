import type { CampaignStore } from "./campaign-store.ts";
import { attemptIdOfTry } from "./campaign-try.ts";
import type { Queue } from "./queue.ts";

const triesAtOnce = 500;

/**
 * Fills a queue with a campaign's tries. The queue may be lost: the store has all of them, and adding one that waits or is claimed
 * changes nothing.
 */
export class QueueFeed {
  readonly #store: Pick<CampaignStore, "openTries">;
  readonly #queue: Pick<Queue, "enqueue">;
  readonly #campaignId: string;
  #next: string | undefined;

  constructor(store: Pick<CampaignStore, "openTries">, queue: Pick<Queue, "enqueue">, campaignId: string) {
    this.#store = store;
    this.#queue = queue;
    this.#campaignId = campaignId;
  }

  /** Adds the tries of contacts that came after those that were added before; tells how many are new to the queue. */
  async more(signal?: AbortSignal): Promise<number> {
    let added = 0;
    while (!signal?.aborted) {
      const { tries, next } = await this.#store.openTries(this.#campaignId, this.#next, triesAtOnce);
      added += await this.#queue.enqueue(
        tries.map((one) => ({
          attemptId: attemptIdOfTry(one),
          priority: one.priority,
          notBefore: one.notBefore,
        })),
      );
      this.#next = next;
      if (tries.length < triesAtOnce) break;
    }
    return added;
  }

  /** Adds all tries, those that were added before too. */
  async all(signal?: AbortSignal): Promise<number> {
    this.#next = undefined;
    return await this.more(signal);
  }
}
