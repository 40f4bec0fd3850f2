import { choose, keptOptOut, stored, wrongNumber } from "./choice.ts";
import type { CallEffect, Transition } from "./effect.ts";
import type { CallEvent } from "./event.ts";
import { identityProven, identityRefused, patientAbsent } from "./identity.ts";
import type { CallParty, CallState } from "./state.ts";

/** How often a caller who says nothing is asked whether they are there. */
const silencesAsked = 2;

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

/** What is done only while the two parties talk. */
function whenActive(state: CallState, ...effects: readonly CallEffect[]): readonly CallEffect[] {
  return state.phase === "active" ? effects : [];
}

function partyDetected(state: CallState, party: CallParty): Transition {
  if (state.party === party) return { state, effects: [] };
  const next: CallState = { ...state, party };
  if (party === "machine") {
    return { state: next, effects: whenActive(state, { type: "interrupt" }, { type: "leave-message" }) };
  }
  if (party === "screener") {
    return { state: next, effects: whenActive(state, { type: "interrupt" }, { type: "introduce" }) };
  }
  // Somebody who was taken for a machine, or who was put through, has not been greeted yet.
  const isLate = state.party === "machine" || state.party === "screener";
  return { state: next, effects: isLate ? whenActive(state, { type: "interrupt" }, { type: "greet" }) : [] };
}

function callerSilent(state: CallState): Transition {
  // A machine that is being left a message, or a person on the way to the operator, is not asked anything.
  if (state.phase !== "active" || state.party === "machine") return { state, effects: [] };
  const next: CallState = { ...state, silences: state.silences + 1 };
  if (next.silences <= silencesAsked) {
    return { state: next, effects: [{ type: "say", prompt: "still-there" }] };
  }
  return { state: next, effects: [{ type: "say", prompt: "silence-goodbye" }, { type: "hang-up" }] };
}

function emergency(state: CallState): Transition {
  const isUp = state.phase === "active" || state.phase === "transferring";
  if (!isUp || state.emergency) return { state, effects: [] };
  const said: readonly CallEffect[] = [{ type: "interrupt" }, { type: "say", prompt: "emergency" }];
  const next: CallState = { ...state, emergency: true };
  if (state.phase === "transferring") return { state: next, effects: said };
  return {
    state: { ...next, phase: "transferring", transfer: "requested" },
    effects: [...said, { type: "transfer" }],
  };
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
    case "identity-asked":
      return { state: state.identity === "unproven" ? { ...state, identity: "asked" } : state, effects: [] };
    case "identity-proven":
      return identityProven(state, event.via);
    case "identity-refused":
      return identityRefused(state, event.via);
    case "patient-absent":
      return patientAbsent(state);
    case "chose":
      return choose(state, event.choice, event.via);
    case "pressed-unmapped":
      return {
        state,
        effects: whenActive(state, { type: "interrupt" }, { type: "say", prompt: "unmapped-digit" }),
      };
    case "stored":
      return stored(state, event.change, event.via);
    case "not-stored":
      return { state, effects: event.via === "voice" ? [] : [{ type: "say", prompt: "not-stored" }] };
    case "wrong-number":
      return wrongNumber(state, event.via);
    case "opt-out-kept":
      return keptOptOut(state, event.via);
    case "opt-out-not-kept":
      // Asked for again, it is tried again.
      return {
        state: { ...state, optedOut: false },
        effects: event.via === "voice" ? [] : whenActive(state, { type: "say", prompt: "not-stored" }),
      };
    case "call-back-kept":
      return {
        state: { ...state, callBack: true },
        effects: event.via === "voice" ? [] : whenActive(state, { type: "say", prompt: "call-back-noted" }),
      };
    case "call-back-not-kept":
      return {
        state,
        effects: event.via === "voice" ? [] : whenActive(state, { type: "say", prompt: "not-stored" }),
      };
    case "walk-in-preferred":
      return { state: { ...state, walkIn: event.walkIn }, effects: [] };
    case "reminder-preferred":
      return { state: { ...state, reminder: event.reminder }, effects: [] };
    case "language-chosen": {
      if (state.language === event.language) return { state, effects: [] };
      const silence: readonly CallEffect[] =
        event.via === "voice" ? [] : whenActive(state, { type: "interrupt" });
      return {
        state: { ...state, language: event.language },
        effects: [...silence, { type: "speak-language", language: event.language, via: event.via }],
      };
    }
    case "party-detected":
      return partyDetected(state, event.party);
    case "caller-silent":
      return callerSilent(state);
    case "caller-heard":
      return { state: { ...state, silences: 0 }, effects: [] };
    case "emergency":
      return emergency(state);
    case "transferred":
      return { state: { ...state, transfer: "completed", transferFailure: undefined }, effects: [] };
    case "transfer-failed": {
      if (state.phase !== "transferring") return { state, effects: [] };
      const prompt = event.reason === "closed" ? "operator-closed" : "operator-unavailable";
      return {
        state: { ...state, phase: "active", transfer: "failed", transferFailure: event.reason },
        effects: [{ type: "say", prompt }],
      };
    }
    case "model-lost":
      if (state.model === "lost") return { state, effects: [] };
      return {
        state: { ...state, model: "lost" },
        effects: whenActive(state, { type: "say", prompt: "apology" }),
      };
    case "model-restored":
      if (state.model === "working") return { state, effects: [] };
      return {
        state: { ...state, model: "working" },
        effects: event.quiet ? [] : whenActive(state, { type: "say", prompt: "reconnected" }),
      };
    case "ended":
      return { state: { ...state, phase: "ended", endedBy: event.by }, effects: [] };
  }
}
