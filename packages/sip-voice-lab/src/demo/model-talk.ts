import type { GeminiStandIn, GeminiStandInEvent } from "../gemini-stand-in/index.ts";

/** Told of everything that happens in a call's session with the model. */
export type ModelListener = (event: GeminiStandInEvent) => void;

interface Follower {
  readonly isMine: (instruction: string, at: number) => boolean;
  readonly listen: ModelListener;
}

/**
 * Sorts the stand-in's events by call. A session does not say which call it belongs to, but its first instruction says
 * what the call is about: the patient's name, or that nothing was found.
 */
export class ModelTalk {
  readonly #gemini: GeminiStandIn | undefined;
  readonly #followers = new Set<Follower>();
  readonly #owners = new Map<string, Follower>();
  readonly #waiting = new Map<string, GeminiStandInEvent[]>();
  #read = 0;

  /** Follows a stand-in; of the real Gemini (`undefined`) nothing is seen. */
  constructor(gemini: GeminiStandIn | undefined) {
    this.#gemini = gemini;
  }

  /**
   * Passes on what happens in the session whose first instruction fits, by its words and its moment in milliseconds since 1970;
   * returns what ends that.
   */
  follow(isMine: (instruction: string, at: number) => boolean, listen: ModelListener): () => void {
    const follower = { isMine, listen };
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  /** Takes in what has happened since the last time. */
  update(): void {
    const events = this.#gemini?.events ?? [];
    for (; this.#read < events.length; this.#read += 1) {
      const event = events[this.#read];
      if (event) this.#sort(event);
    }
  }

  #sort(event: GeminiStandInEvent): void {
    const { sessionId } = event;
    const owner = this.#owners.get(sessionId);
    if (owner) {
      if (this.#followers.has(owner)) owner.listen(event);
      return;
    }
    const before = this.#waiting.get(sessionId) ?? [];
    this.#waiting.set(sessionId, [...before, event]);
    if (event.type !== "instruction") return;
    const found = [...this.#followers].find(({ isMine }) => isMine(event.text, event.at));
    if (!found) return;
    this.#owners.set(sessionId, found);
    this.#waiting.delete(sessionId);
    for (const past of [...before, event]) found.listen(past);
  }
}
