import type { Transition } from "./effect.ts";
import type { ChoiceVia } from "./event.ts";
import type { CallState } from "./state.ts";

/** How often a wrong proof may be given before no more is taken on this call. */
const mostTries = 3;

/** The other party showed that they are the patient. */
export function identityProven(state: CallState, via: ChoiceVia | undefined): Transition {
  // After too many tries a lucky one does not count.
  if (state.identity === "proven" || state.identity === "refused") return { state, effects: [] };
  // Before the call is up the greeting is still to come; by voice the model goes on by itself.
  const isShown = state.phase === "active" && via !== undefined && via !== "voice";
  return { state: { ...state, identity: "proven" }, effects: isShown ? [{ type: "greet" }] : [] };
}

/** The other party gave a wrong proof. */
export function identityRefused(state: CallState, via: ChoiceVia): Transition {
  if (state.identity === "proven" || state.identity === "refused") return { state, effects: [] };
  const identityTries = state.identityTries + 1;
  const isLast = identityTries >= mostTries;
  const next: CallState = { ...state, identityTries, identity: isLast ? "refused" : state.identity };
  if (via === "voice" || state.phase !== "active") return { state: next, effects: [] };
  return {
    state: next,
    effects: isLast ? [{ type: "say", prompt: "identity-failed" }] : [{ type: "ask-identity", again: true }],
  };
}

/** Whoever answered is not the patient. Only what the patient alone knows proves anything from now on. */
export function patientAbsent(state: CallState): Transition {
  return { state: state.identity === "proven" ? { ...state, identity: "asked" } : state, effects: [] };
}
