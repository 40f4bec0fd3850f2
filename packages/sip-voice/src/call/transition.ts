import type { AppointmentChange } from "../appointments/store.ts";
import type { CallEffect } from "./effect.ts";
import type { CallChoice, CallEvent, ChoiceVia } from "./event.ts";
import type { PromptName } from "./prompt.ts";
import type { CallState, Disposition } from "./state.ts";

/** The state after an event, and what is to be done because of it. */
export interface Transition {
  /** The state after the event; the same object when nothing changed. */
  readonly state: CallState;
  /** What is to be done, in order. */
  readonly effects: readonly CallEffect[];
}

const dispositionOf: Record<AppointmentChange, Disposition> = {
  confirm: "confirmed",
  cancel: "cancelled",
  reschedule: "rescheduled",
  "request-reschedule": "reschedule-requested",
};

/** What a fixed sentence can say by itself after a change; a moved appointment's new time is for the model to say. */
const acknowledgementOf: Partial<Record<AppointmentChange, PromptName>> = {
  confirm: "confirmed",
  cancel: "cancelled",
  "request-reschedule": "reschedule-requested",
};

const changeOf: Partial<Record<CallChoice, AppointmentChange>> = {
  confirm: "confirm",
  cancel: "cancel",
  reschedule: "request-reschedule",
};

function optOut(state: CallState, via: ChoiceVia): Transition {
  if (state.optedOut) return { state, effects: [] };
  const next: CallState = { ...state, optedOut: true };
  // Honoured at once, also by somebody who is on the way to the operator; they stay on that way.
  if (state.phase === "transferring") return { state: next, effects: [{ type: "opt-out" }] };
  const silence: readonly CallEffect[] = via === "voice" ? [] : [{ type: "interrupt" }];
  const said: readonly CallEffect[] = via === "voice" ? [] : [{ type: "say", prompt: "opted-out" }];
  return { state: next, effects: [...silence, { type: "opt-out" }, ...said, { type: "hang-up" }] };
}

function choose(state: CallState, choice: CallChoice, via: ChoiceVia): Transition {
  const isUp = state.phase === "active" || state.phase === "transferring";
  if (choice === "opt-out" && isUp) return optOut(state, via);
  if (state.phase !== "active") return { state, effects: [] };
  // By voice the model is speaking for itself, and interrupting it while its tool call runs would leave it deaf.
  const silence: readonly CallEffect[] = via === "voice" ? [] : [{ type: "interrupt" }];
  const announce = (prompt: PromptName): readonly CallEffect[] =>
    via === "voice" ? [] : [{ type: "say", prompt }];
  if (choice === "operator") {
    return {
      state: { ...state, phase: "transferring", transfer: "requested" },
      effects: [...silence, ...announce("operator"), { type: "transfer" }],
    };
  }
  const change = changeOf[choice];
  if (!change || state.appointmentId === undefined) {
    return { state, effects: [...silence, ...announce("no-appointment")] };
  }
  return { state, effects: [...silence, { type: "store", change, appointmentId: state.appointmentId, via }] };
}

function stored(state: CallState, change: AppointmentChange, via: ChoiceVia): Transition {
  const acknowledgement = acknowledgementOf[change];
  const effects: CallEffect[] = [];
  // By voice the model itself says what it did; a key or a tap is acknowledged by us, without asking the model.
  if (via !== "voice" && acknowledgement) effects.push({ type: "say", prompt: acknowledgement });
  if (via !== "voice" && change === "request-reschedule") effects.push({ type: "offer-slots" });
  return { state: { ...state, disposition: dispositionOf[change] }, effects };
}

/**
 * The next state of a call and what is to be done, for one event. Pure: it runs nothing and asks nobody.
 * After `ended` nothing changes any more.
 *
 * @example
 * ```ts
 * import { initialCallState, transition } from "@clinic/sip-voice";
 *
 * const { state } = transition(initialCallState, { type: "connected" });
 * console.log(state.phase); // "active"
 * ```
 */
export function transition(state: CallState, event: CallEvent): Transition {
  if (state.phase === "ended") return { state, effects: [] };
  const { state: next, effects } = follow(state, event);
  const changed = (Object.keys(next) as (keyof CallState)[]).some((key) => next[key] !== state[key]);
  return { state: changed ? next : state, effects };
}

function follow(state: CallState, event: CallEvent): Transition {
  switch (event.type) {
    case "rang":
      return { state: state.phase === "starting" ? { ...state, phase: "ringing" } : state, effects: [] };
    case "connected":
      // A call that is being transferred stays so: only its outcome ends that.
      return { state: state.phase === "transferring" ? state : { ...state, phase: "active" }, effects: [] };
    case "appointment-found":
      return { state: { ...state, appointmentId: event.appointmentId }, effects: [] };
    case "chose":
      return choose(state, event.choice, event.via);
    case "pressed-unmapped":
      if (state.phase !== "active") return { state, effects: [] };
      return { state, effects: [{ type: "interrupt" }, { type: "say", prompt: "unmapped-digit" }] };
    case "stored":
      return stored(state, event.change, event.via);
    case "not-stored":
      return { state, effects: event.via === "voice" ? [] : [{ type: "say", prompt: "not-stored" }] };
    case "wrong-number":
      return {
        state: { ...state, disposition: "wrong-number", optedOut: true },
        effects: state.optedOut ? [] : [{ type: "opt-out" }],
      };
    case "walk-in-preferred":
      return { state: { ...state, walkIn: event.walkIn }, effects: [] };
    case "reminder-preferred":
      return { state: { ...state, reminder: event.reminder }, effects: [] };
    case "transferred":
      return { state: { ...state, transfer: "completed" }, effects: [] };
    case "transfer-failed":
      if (state.phase !== "transferring") return { state, effects: [] };
      return {
        state: { ...state, phase: "active", transfer: "failed" },
        effects: [{ type: "say", prompt: "operator-unavailable" }],
      };
    case "model-lost":
      if (state.model === "lost") return { state, effects: [] };
      return {
        state: { ...state, model: "lost" },
        effects: state.phase === "active" ? [{ type: "say", prompt: "apology" }] : [],
      };
    case "model-restored":
      return { state: { ...state, model: "working" }, effects: [] };
    case "ended":
      return { state: { ...state, phase: "ended", endedBy: event.by }, effects: [] };
  }
}
