import { llm, type voice } from "@livekit/agents";
import type { RemoteParticipant, Room } from "@livekit/rtc-node";
import type { Language } from "../../call/prompt.ts";
import { pause } from "../../clock.ts";
import type { Logger } from "../../log/logger.ts";
import { ModelRebuild } from "./model-rebuild.ts";
import { ModelSession, type ModelSessionOptions } from "./model-session.ts";

/** How long a rebuilt model may take to be ready, on a machine that is busy; one that is dead is noticed before. */
const rebuiltWithinMs = 8_000;

/** What a call's model is made of. */
export interface ModelVoiceOptions extends Omit<ModelSessionOptions, "language"> {
  readonly logger: Logger;
  /** The language of the call now. */
  language(): Language;
  /** Makes the agent of a session; with the conversation so far when the session takes over from another one. */
  agent(history: llm.ChatContext | undefined): voice.Agent;
  /** A new session took over from one that was lost; it joins the room when {@link ModelVoice.rejoin} is called. */
  onRestored(afterMs: number): void;
  /** The model is lost, and there will be no other one. */
  onGivenUp(): void;
}

/**
 * The model's voice in one call, whichever session speaks it. A session that is lost is replaced whole, framework and
 * connection: nothing of what made it fail, and no reply or tool call that it still waits for, is carried over.
 */
export class ModelVoice {
  readonly #options: ModelVoiceOptions;
  readonly #rebuild: ModelRebuild;
  #current: ModelSession;
  /** Counts the sessions; only the last one is listened to. */
  #count = 1;
  #works = false;
  #runningTools = 0;
  #said: readonly llm.ChatItem[] = [];
  #where: { readonly room: Room; readonly participant: RemoteParticipant } | undefined;
  #onWorks: (works: boolean) => void = () => {};
  #closed = false;
  readonly #listeners: ((session: voice.AgentSession) => void)[] = [];

  private constructor(options: ModelVoiceOptions, first: ModelSession) {
    this.#options = options;
    this.#current = first;
    this.#rebuild = new ModelRebuild({
      clock: options.clock,
      over: options.over,
      build: () => this.#replace(),
      onRestored: (afterMs) => {
        // It may have been lost in this very moment.
        if (!this.#works) {
          void this.#rebuild.lost();
          return;
        }
        this.#onWorks(true);
        options.onRestored(afterMs);
      },
      onGivenUp: () => {
        this.#onWorks(false);
        options.onGivenUp();
      },
    });
  }

  /** Opens the model; it is not connected yet. */
  static async open(options: ModelVoiceOptions): Promise<ModelVoice> {
    let made: ModelVoice | undefined;
    const first = await ModelSession.open({
      ...options,
      language: options.language(),
      onLost: (cause) => made?.lost(cause, 1),
    });
    made = new ModelVoice(options, first);
    return made;
  }

  /** The framework's session that speaks now. */
  get session(): voice.AgentSession {
    return this.#current.session;
  }

  /** Whether the model can speak. */
  get works(): boolean {
    return this.#works;
  }

  /** Whether the model has said anything on this call. */
  get hasSpoken(): boolean {
    return [...this.#said, ...this.session.history.items].some(
      (item) => item.type === "message" && item.role === "assistant",
    );
  }

  /** Whether another session took over, or tried to. */
  get wasRebuilt(): boolean {
    return this.#count > 1;
  }

  /** Whether a tool runs. */
  get toolRuns(): boolean {
    return this.#runningTools > 0;
  }

  /** Connects the model; resolves `false` when it can't be reached. */
  async start(): Promise<boolean> {
    const rebuilt = new Promise<boolean>((resolve) => {
      this.#onWorks = resolve;
      this.#options.over.addEventListener("abort", () => resolve(false), { once: true });
    });
    try {
      const works = await this.#current.start(this.#options.agent(undefined));
      if (this.#count === 1 && works) this.#works = true;
      // It did not tell of itself, or this does nothing.
      if (!works) this.lost("not-reached", 1);
    } catch (error) {
      this.#options.logger.error({ error }, "the model's session did not start");
      this.lost("did-not-start", 1);
    }
    return this.#works || (await rebuilt);
  }

  /** Lets the model hear the other party and be heard, from now on. */
  join(room: Room, participant: RemoteParticipant): void {
    this.#where = { room, participant };
    this.#current.join(room, participant);
  }

  /** Lets a model that was restored be heard where the one before was. */
  rejoin(): void {
    if (this.#where) this.#current.join(this.#where.room, this.#where.participant);
  }

  /** Has somebody listen to the session that speaks now, and to each that takes over. */
  eachSession(listen: (session: voice.AgentSession) => void): void {
    this.#listeners.push(listen);
    listen(this.session);
  }

  /** The same tools, which tell when they run. */
  watched<Tools extends object>(tools: Tools): Tools {
    const entries = Object.entries(tools).map(([name, tool]) => [name, this.#watchedTool(tool as AnyTool)]);
    return Object.fromEntries(entries) as Tools;
  }

  /** Closes everything, whatever of it still works. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#current.close();
  }

  /** A session is lost; told of one that was replaced already, or twice of the same one, nothing happens. */
  lost(cause: string, session = this.#count): void {
    if (this.#closed || session !== this.#count || this.#options.over.aborted) return;
    // Whatever else is told of this session is about the same failure.
    this.#count += 1;
    this.#works = false;
    this.#leave();
    this.#options.onLost(cause);
    void this.#rebuild.lost();
  }

  async #replace(): Promise<boolean> {
    const options = this.#options;
    const number = this.#count;
    const next = await ModelSession.open({
      ...options,
      language: options.language(),
      // Not told while it is being built: then it only did not work.
      onLost: (cause) => this.#works && this.lost(cause, number),
    });
    if (this.#closed) {
      await next.close();
      return false;
    }
    // A rebuild that came to nothing left a session, too.
    this.#leave();
    this.#current = next;
    for (const listen of this.#listeners) listen(next.session);
    const history = new llm.ChatContext([...this.#said]);
    const tooLate = pause(options.clock, rebuiltWithinMs, options.over).then(() => false);
    this.#works = await Promise.race([next.start(options.agent(history)), tooLate]);
    if (!this.#works) options.logger.warn({}, "a rebuilt model was not ready in time");
    return this.#works;
  }

  #leave(): void {
    this.#remember(this.#current.history);
    this.#current.leave();
    this.#runningTools = 0;
  }

  /** Keeps what was said: a session that took over does not know by itself what was said before it. */
  #remember(history: llm.ChatContext): void {
    const known = new Set(this.#said.map(({ id }) => id));
    this.#said = [...this.#said, ...history.items.filter(({ id }) => !known.has(id))];
  }

  #watchedTool(tool: AnyTool): AnyTool {
    const execute = tool.execute;
    if (!execute) return tool;
    return {
      ...tool,
      execute: async (...args: readonly unknown[]) => {
        const session = this.#current;
        const tell = (running: boolean): void => {
          if (session !== this.#current) return;
          this.#runningTools += running ? 1 : -1;
          session.toolRuns(running);
        };
        tell(true);
        try {
          return await execute(...args);
        } finally {
          tell(false);
        }
      },
    };
  }
}

/** A tool of the framework, by the part that runs. */
interface AnyTool {
  readonly execute?: (...args: readonly unknown[]) => unknown;
}
