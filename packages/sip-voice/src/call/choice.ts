import type { AppointmentChange } from "../appointments/store.ts";
import type { CallEffect, Transition } from "./effect.ts";
import type { CallChoice, ChoiceVia } from "./event.ts";
import type { PromptName } from "./prompt.ts";
import type { CallState, Disposition } from "./state.ts";

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

/** By voice the model is speaking for itself, and interrupting it while its tool call runs would leave it deaf. */
const silence = (via: ChoiceVia): readonly CallEffect[] => (via === "voice" ? [] : [{ type: "interrupt" }]);
/** By voice the model itself says what it does; a key or a tap is answered by us, without asking the model. */
const announce = (via: ChoiceVia, prompt: PromptName): readonly CallEffect[] =>
  via === "voice" ? [] : [{ type: "say", prompt }];

/** The patient made a choice. */
export function choose(state: CallState, choice: CallChoice, via: ChoiceVia): Transition {
  const isUp = state.phase === "active" || state.phase === "transferring";
  if (choice === "opt-out" && isUp) return optOut(state, via);
  if (state.phase !== "active") return { state, effects: [] };
  if (choice === "operator") {
    return {
      state: { ...state, phase: "transferring", transfer: "requested" },
      effects: [...silence(via), ...announce(via, "operator"), { type: "transfer" }],
    };
  }
  if (choice === "call-back") {
    return { state, effects: [...silence(via), { type: "request-call-back", via }] };
  }
  const change = changeOf[choice];
  if (state.identity === "asked") {
    const ask: readonly CallEffect[] = via === "voice" ? [] : [{ type: "ask-identity", again: false }];
    return { state, effects: [...silence(via), ...ask] };
  }
  if (state.identity === "refused") {
    return { state, effects: [...silence(via), ...announce(via, "identity-failed")] };
  }
  if (!change || state.appointmentId === undefined || state.identity !== "proven") {
    return { state, effects: [...silence(via), ...announce(via, "no-appointment")] };
  }
  const { appointmentId } = state;
  return { state, effects: [...silence(via), { type: "store", change, appointmentId, via }] };
}

/** The store kept a change. */
export function stored(state: CallState, change: AppointmentChange, via: ChoiceVia): Transition {
  const acknowledgement = acknowledgementOf[change];
  const effects: CallEffect[] = [];
  if (acknowledgement) effects.push(...announce(via, acknowledgement));
  if (via !== "voice" && change === "request-reschedule") effects.push({ type: "offer-slots" });
  return { state: { ...state, disposition: dispositionOf[change] }, effects };
}

function optOut(state: CallState, via: ChoiceVia): Transition {
  if (state.optedOut) return { state, effects: [] };
  // Honoured at once, also by somebody who is on the way to the operator; they stay on that way.
  const quiet = state.phase === "transferring" ? [] : silence(via);
  return { state: { ...state, optedOut: true }, effects: [...quiet, { type: "opt-out", via }] };
}

/** The other party is not the patient, and the number is not theirs: it is not called again. */
export function wrongNumber(state: CallState, via: ChoiceVia): Transition {
  const next: CallState = { ...state, disposition: "wrong-number", optedOut: true };
  if (state.optedOut) return { state: next, effects: [] };
  const quiet = state.phase === "active" ? silence(via) : [];
  return { state: next, effects: [...quiet, { type: "opt-out", via }] };
}

/** No more calls to the number: told, and the call ends. Somebody on the way to the operator stays on that way. */
export function keptOptOut(state: CallState, via: ChoiceVia): Transition {
  if (state.phase !== "active") return { state, effects: [] };
  const prompt = state.disposition === "wrong-number" ? "wrong-number" : "opted-out";
  return { state, effects: [...announce(via, prompt), { type: "hang-up" }] };
}
