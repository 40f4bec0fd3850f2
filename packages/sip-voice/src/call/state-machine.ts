import { EventEmitter } from "eventemitter3";
import type { CallEffect } from "./effect.ts";
import type { CallEvent } from "./event.ts";
import { type CallState, initialCallState } from "./state.ts";
import { transition } from "./transition.ts";

/** A change of a call's state. */
export interface CallStateChange {
  /** What happened. */
  readonly event: CallEvent;
  /** The state before it. */
  readonly previous: CallState;
  /** The state after it. */
  readonly state: CallState;
}

/** What a {@link CallStateMachine} emits. */
export interface CallStateMachineEvents {
  /** The state is another one now. */
  change: CallStateChange;
  /** Something is to be done. */
  effect: CallEffect;
  /** The call is over; comes once. */
  ended: CallState;
}

/**
 * Holds a call's state and tells listeners what changed and what is to be done; it does nothing by itself.
 *
 * @example
 * ```ts
 * import { CallStateMachine } from "@clinic/sip-voice";
 *
 * const call = new CallStateMachine();
 * call.on("effect", (effect) => console.log("to do:", effect.type));
 * call.send({ type: "connected" });
 * call.send({ type: "chose", choice: "operator", via: "digit" }); // to do: interrupt, say, transfer
 * ```
 */
export class CallStateMachine {
  #state: CallState;
  readonly #emitter = new EventEmitter();
  readonly #untold: (() => void)[] = [];
  #telling = false;

  /** Begins at `state`, by default where every call begins. */
  constructor(state: CallState = initialCallState) {
    this.#state = state;
  }

  /** The state now. */
  get state(): CallState {
    return this.#state;
  }

  /**
   * Takes an event: the new state is set before any listener hears of it. What a listener sends changes the state
   * at once, and is told when everything of the event before it has been.
   */
  send(event: CallEvent): CallState {
    const previous = this.#state;
    const { state, effects } = transition(previous, event);
    this.#state = state;
    this.#untold.push(() => {
      if (state !== previous)
        this.#emitter.emit("change", { event, previous, state } satisfies CallStateChange);
    });
    for (const effect of effects) this.#untold.push(() => this.#emitter.emit("effect", effect));
    if (state.phase === "ended" && previous.phase !== "ended") {
      this.#untold.push(() => this.#emitter.emit("ended", state));
    }
    this.#tell();
    return state;
  }

  #tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let next = this.#untold.shift(); next; next = this.#untold.shift()) next();
    } finally {
      this.#telling = false;
    }
  }

  /** Listens; returns what ends the listening. */
  on<Name extends keyof CallStateMachineEvents>(
    name: Name,
    listener: (payload: CallStateMachineEvents[Name]) => void,
  ): () => void {
    this.#emitter.on(name, listener);
    return () => void this.#emitter.off(name, listener);
  }
}
