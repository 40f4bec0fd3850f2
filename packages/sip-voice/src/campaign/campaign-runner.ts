import { pause } from "../clock.ts";
import type { PlannedCall } from "../outbound/planned-call.ts";
import type { Campaign, CampaignState } from "./campaign.ts";
import type { CampaignEvent } from "./campaign-event.ts";
import { CampaignLines } from "./campaign-lines.ts";
import type { CampaignPorts } from "./campaign-ports.ts";
import type { CampaignRun, CampaignRunReason } from "./campaign-run.ts";
import type { CampaignProgress, TryStart } from "./campaign-store.ts";
import { attemptIdOfTry, type CampaignTry, tryOfAttemptId } from "./campaign-try.ts";
import type { BreakerRule } from "./circuit-breaker.ts";
import type { QueueClaim } from "./queue.ts";
import { QueueFeed } from "./queue-feed.ts";
import { StorePatience } from "./store-patience.ts";
import { TryWork } from "./try-work.ts";

/** What a runner is made with. */
export interface RunnerOptions {
  /** What every call of the campaign has in common. */
  readonly plan: Omit<PlannedCall, "phoneNumber" | "appointment" | "consent" | "attemptId" | "callId">;
  readonly breaker: BreakerRule;
  readonly storePatienceMs: number;
  readonly mostWaitMs?: number;
  readonly stop?: AbortSignal;
  readonly hangUp?: AbortSignal;
  readonly onEvent?: (event: CampaignEvent) => void;
}

/** How often the campaign's state is looked at, and the queue where it was empty. */
const lookEveryMs = 1_000;
/** The longest sleep while nobody is due: contacts may be added, and other runners may fall silent. */
const longestSleepMs = 5_000;
/** How long an attempt of another campaign is put off. */
const foreignMs = 60_000;
/** The most attempts that are claimed to find those whose runner fell silent. */
const widestClaim = 64;

/** One process's part in a campaign: begins calls as lines fall free, until nobody is left or it is stopped. */
export class CampaignRunner {
  readonly #ports: CampaignPorts;
  readonly #campaign: Campaign;
  readonly #options: RunnerOptions;
  readonly #lines: CampaignLines;
  readonly #patience: StorePatience;
  readonly #feed: QueueFeed;
  readonly #work: TryWork;
  readonly #inFlight = new Set<Promise<void>>();
  #state: CampaignState;
  #nap: AbortController | undefined;
  #isWoken = false;
  #failure: { readonly error: unknown } | undefined;
  /** How many attempts are claimed at once: more when all lines are taken, until one is found that has its line. */
  #width = 1;
  #toldDue: number | undefined;

  constructor(ports: CampaignPorts, campaign: Campaign, options: RunnerOptions) {
    this.#ports = ports;
    this.#campaign = campaign;
    this.#options = options;
    this.#state = campaign.state;
    this.#lines = new CampaignLines(campaign.pace, options, (event) => this.#tell(event));
    this.#patience = new StorePatience(ports.clock, options.storePatienceMs, (isThere) =>
      this.#tell({ type: "store", isThere }),
    );
    this.#feed = new QueueFeed(ports.campaigns, ports.queue, campaign.id);
    this.#work = new TryWork(ports, options.plan, this.#patience, (event) => this.#tell(event));
  }

  /** Works until the campaign is over or the run is stopped, and until its own calls have ended. */
  async run(): Promise<CampaignRun> {
    const { stop, hangUp } = this.#options;
    const wake = (): void => this.#wake();
    for (const signal of [stop, hangUp]) signal?.addEventListener("abort", wake);
    try {
      const reason = await this.#dispatch();
      await Promise.all(this.#inFlight);
      if (this.#failure) throw this.#failure.error;
      return { reason, progress: await this.#progress() };
    } finally {
      // Also when the database is gone for good: no call is left without its end.
      await Promise.all(this.#inFlight);
      for (const signal of [stop, hangUp]) signal?.removeEventListener("abort", wake);
    }
  }

  async #dispatch(): Promise<CampaignRunReason> {
    await this.#ask(() => this.#feed.all(this.#options.stop));
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      if (this.#isStopped) return "stopped";
      const next = await this.#step();
      if (typeof next === "string") return next;
      if (next > 0) await this.#sleep(next);
    }
  }

  /** Begins calls if any may begin; gives how long to sleep, or why the run is over. */
  async #step(): Promise<number | CampaignRunReason> {
    const { campaigns, queue, clock } = this.#ports;
    const found = await this.#ask(() => campaigns.get(this.#campaign.id));
    const state = found?.state ?? "cancelled";
    if (state !== this.#state) this.#tell({ type: "state", state });
    this.#state = state;
    if (state === "cancelled" || state === "finished") return state;
    if (state !== "running") return lookEveryMs;
    const held = this.#lines.holdsUntil(clock.now());
    if (held !== undefined) return Math.min(Math.max(1, held - clock.now()), lookEveryMs);
    const claims = await this.#ask(() => queue.claim(this.#width));
    if (claims.length === 0) return await this.#idle();
    let sleepMs = 0;
    let hasBegun = false;
    for (const claim of claims) {
      const waitMs = await this.#begin(claim);
      if (waitMs === undefined) hasBegun = true;
      else sleepMs = Math.max(sleepMs, waitMs);
    }
    if (hasBegun) {
      this.#width = 1;
      return 0;
    }
    if (sleepMs > 0) this.#width = Math.min(this.#width * 2, widestClaim);
    return Math.min(sleepMs, lookEveryMs);
  }

  /** Begins the try of a claim; `undefined` when it did, else how long to wait before the next one. */
  async #begin(claim: QueueClaim): Promise<number | undefined> {
    const { campaigns, queue, clock } = this.#ports;
    const { campaign: id, at } = { campaign: this.#campaign.id, at: clock.now() };
    const wanted = tryOfAttemptId(claim.attemptId);
    if (wanted?.campaignId !== id) {
      await this.#ask(() => queue.postpone(claim, at + foreignMs));
      return 0;
    }
    const start = await this.#ask(() => campaigns.beginTry(wanted, this.#lines.pace, at));
    if (start.kind === "begun") {
      this.#spawn(claim, wanted, start);
      return undefined;
    }
    if (start.kind === "wait") {
      // Longer than the sleep: the next claim is to find another one, whose line may be waiting for it.
      await this.#ask(() => queue.postpone(claim, start.until + lookEveryMs));
      return start.until - at;
    }
    if (start.kind === "stopped") {
      await this.#ask(() => queue.postpone(claim, at + lookEveryMs));
      return lookEveryMs;
    }
    const current = start.kind === "over" ? start.current : undefined;
    if (current?.tryNumber === wanted.tryNumber) {
      await this.#ask(() => queue.postpone(claim, current.notBefore));
      return 0;
    }
    if (current) {
      const { priority, notBefore } = current;
      const attemptId = attemptIdOfTry(current);
      await this.#ask(() => queue.enqueue([{ attemptId, priority, notBefore }]));
    }
    await this.#ask(() => queue.complete(claim));
    return 0;
  }

  #spawn(claim: QueueClaim, wanted: CampaignTry, start: TryStart & { kind: "begun" }): void {
    this.#toldDue = undefined;
    this.#lines.began(claim.attemptId, this.#ports.clock.now());
    const work = this.#work
      .carryOut(claim, wanted, start, this.#lines)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#lines.left(claim.attemptId);
        this.#inFlight.delete(work);
        this.#wake();
      });
    this.#inFlight.add(work);
  }

  /** Nothing is due in the queue: it may have been lost, contacts may have been added, or everybody was called. */
  async #idle(): Promise<number | CampaignRunReason> {
    const { campaigns, queue, clock } = this.#ports;
    this.#width = 1;
    if ((await this.#ask(() => this.#feed.more())) > 0) return 0;
    if (this.#inFlight.size > 0) return lookEveryMs;
    const { waiting, calling, nextDue } = await this.#progress();
    if (waiting + calling === 0) {
      // Not finished after all when somebody has added a contact or paused it this very moment.
      return (await this.#ask(() => campaigns.finish(this.#campaign.id))) ? "finished" : lookEveryMs;
    }
    const { due, later, claimed } = await this.#ask(() => queue.counts());
    const isLost = due + later + claimed < waiting + calling;
    if (isLost && (await this.#ask(() => this.#feed.all())) > 0) return 0;
    const now = clock.now();
    if (calling > 0 || nextDue === undefined || nextDue <= now) return lookEveryMs;
    if (nextDue - now > (this.#options.mostWaitMs ?? Number.POSITIVE_INFINITY)) return "later";
    if (nextDue !== this.#toldDue) this.#tell({ type: "nobody-due", until: nextDue });
    this.#toldDue = nextDue;
    return Math.min(nextDue - now, longestSleepMs);
  }

  async #progress(): Promise<CampaignProgress> {
    const { campaigns } = this.#ports;
    const progress = await this.#ask(() => campaigns.progress(this.#campaign.id));
    if (!progress) throw new Error("The campaign has gone from the store.");
    return progress;
  }

  get #isStopped(): boolean {
    return Boolean(this.#options.stop?.aborted || this.#options.hangUp?.aborted);
  }

  #ask<T>(step: () => Promise<T>): Promise<T> {
    return this.#patience.ask(step);
  }

  #tell(event: CampaignEvent): void {
    this.#options.onEvent?.(event);
  }

  #wake(): void {
    this.#isWoken = true;
    this.#nap?.abort();
  }

  async #sleep(ms: number): Promise<void> {
    if (!this.#isWoken) {
      this.#nap = new AbortController();
      await pause(this.#ports.clock, ms, this.#nap.signal);
    }
    this.#isWoken = false;
  }
}
