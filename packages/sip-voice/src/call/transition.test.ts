import { describe, expect, it } from "vitest";
import type { AppointmentChange } from "../appointments/store.ts";
import type { CallEffect } from "./effect.ts";
import type { CallChoice, CallEvent, ChoiceVia } from "./event.ts";
import { type CallPhase, type CallState, initialCallState } from "./state.ts";
import { transition } from "./transition.ts";

const phases: readonly CallPhase[] = ["starting", "ringing", "active", "transferring", "ended"];
const choices: readonly CallChoice[] = [
  "confirm",
  "reschedule",
  "cancel",
  "operator",
  "opt-out",
  "call-back",
];
const changes: readonly AppointmentChange[] = ["confirm", "cancel", "reschedule", "request-reschedule"];
const vias: readonly ChoiceVia[] = ["digit", "voice", "tap"];

const events: readonly CallEvent[] = [
  { type: "rang" },
  { type: "connected" },
  { type: "appointment-found", appointmentId: "a-1" },
  ...choices.flatMap((choice) => vias.map((via): CallEvent => ({ type: "chose", choice, via }))),
  { type: "pressed-unmapped" },
  ...changes.flatMap((change) => vias.map((via): CallEvent => ({ type: "stored", change, via }))),
  ...changes.flatMap((change) => vias.map((via): CallEvent => ({ type: "not-stored", change, via }))),
  ...vias.flatMap((via): readonly CallEvent[] => [
    { type: "wrong-number", via },
    { type: "opt-out-kept", via },
    { type: "opt-out-not-kept", via },
    { type: "call-back-kept", via },
    { type: "call-back-not-kept", via },
    { type: "identity-refused", via },
    { type: "identity-proven", by: "date-of-birth", via },
    { type: "language-chosen", language: "ar-XA", via },
  ]),
  { type: "identity-asked" },
  { type: "patient-absent" },
  { type: "identity-proven", by: "phone-number" },
  { type: "party-detected", party: "machine" },
  { type: "party-detected", party: "screener" },
  { type: "party-detected", party: "person" },
  { type: "caller-silent" },
  { type: "caller-heard" },
  { type: "emergency" },
  { type: "walk-in-preferred", walkIn: true },
  { type: "reminder-preferred", reminder: { channel: "sms", hoursBefore: 24 } },
  { type: "transferred", by: "refer" },
  { type: "transfer-failed", reason: "no-answer" },
  { type: "model-lost" },
  { type: "model-restored" },
  { type: "ended", by: "patient" },
];

/** A call in a phase, with an appointment. */
function callIn(phase: CallPhase, more: Partial<CallState> = {}): CallState {
  return {
    ...initialCallState,
    phase,
    appointmentId: "a-1",
    identity: "proven",
    transfer: phase === "transferring" ? "requested" : "none",
    endedBy: phase === "ended" ? "agent" : undefined,
    ...more,
  };
}

const nameOf = (event: CallEvent): string =>
  Object.values(event)
    .filter((part) => typeof part === "string")
    .join(" ");
const typesOf = (effects: readonly CallEffect[]): string[] =>
  effects.map((effect) => (effect.type === "say" ? `say ${effect.prompt}` : effect.type));

describe.each(phases)("in the phase %s", (phase) => {
  it.each(events.map((event) => [nameOf(event), event] as const))(
    "%s leaves a state that makes sense",
    (_, event) => {
      const before = callIn(phase);
      const frozen = Object.freeze({ ...before });
      const { state, effects } = transition(frozen, event);

      expect(frozen).toEqual(before);
      if (JSON.stringify(state) === JSON.stringify(frozen)) expect(state).toBe(frozen);
      if (event.type !== "stored" && event.type !== "wrong-number") expect(state.disposition).toBe("none");
      if (event.type === "ended" && phase !== "ended")
        expect(state).toMatchObject({ phase: "ended", endedBy: "patient" });
      if (phase === "ended") {
        expect(state).toBe(frozen);
        expect(effects).toEqual([]);
      }
      if (event.type === "chose" && event.choice === "opt-out" && phase === "transferring") {
        expect(state).toEqual({ ...frozen, optedOut: true });
        expect(effects).toEqual([{ type: "opt-out", via: event.via }]);
      } else if (event.type === "chose" && phase !== "active") {
        expect(state).toBe(frozen);
        expect(effects).toEqual([]);
      }
    },
  );
});

describe("the phases of a call", () => {
  it.each<[CallPhase, CallEvent, CallPhase]>([
    ["starting", { type: "rang" }, "ringing"],
    ["starting", { type: "connected" }, "active"],
    ["ringing", { type: "connected" }, "active"],
    ["ringing", { type: "rang" }, "ringing"],
    ["active", { type: "rang" }, "active"],
    ["active", { type: "connected" }, "active"],
    ["active", { type: "chose", choice: "operator", via: "digit" }, "transferring"],
    ["transferring", { type: "connected" }, "transferring"],
    ["transferring", { type: "transferred", by: "refer" }, "transferring"],
    ["transferring", { type: "transfer-failed", reason: "no-answer" }, "active"],
    ["starting", { type: "transfer-failed", reason: "no-answer" }, "starting"],
    ["ringing", { type: "transfer-failed", reason: "no-answer" }, "ringing"],
    ["ringing", { type: "ended", by: "patient" }, "ended"],
    ["transferring", { type: "ended", by: "transfer" }, "ended"],
  ])("%s, %j: %s", (phase, event, next) => {
    expect(transition(callIn(phase), event).state.phase).toBe(next);
  });

  it("keep who ended the call first", () => {
    const ended = transition(callIn("active"), { type: "ended", by: "patient" }).state;
    expect(transition(ended, { type: "ended", by: "worker-stopped" }).state.endedBy).toBe("patient");
  });
});

describe("a choice on a connected call", () => {
  it.each<[CallChoice, AppointmentChange]>([
    ["confirm", "confirm"],
    ["cancel", "cancel"],
    ["reschedule", "request-reschedule"],
  ])(
    "%s interrupts, unless it was said, and stores %s, and decides nothing before that is stored",
    (choice, change) => {
      for (const via of vias) {
        const before = callIn("active");
        const { state, effects } = transition(before, { type: "chose", choice, via });
        expect(state).toBe(before);
        const store = { type: "store", change, appointmentId: "a-1", via };
        expect(effects).toEqual(via === "voice" ? [store] : [{ type: "interrupt" }, store]);
      }
    },
  );

  it.each<CallChoice>(["confirm", "cancel", "reschedule"])(
    "%s without an appointment says so and stores nothing",
    (choice) => {
      const before = callIn("active", { appointmentId: undefined });
      const { state, effects } = transition(before, { type: "chose", choice, via: "digit" });
      expect(state).toBe(before);
      expect(typesOf(effects)).toEqual(["interrupt", "say no-appointment"]);
    },
  );

  it("made twice asks the store twice, which keeps it once per call", () => {
    const first = transition(callIn("active"), { type: "chose", choice: "confirm", via: "digit" });
    const stored = transition(first.state, { type: "stored", change: "confirm", via: "digit" });
    const second = transition(stored.state, { type: "chose", choice: "confirm", via: "digit" });
    expect(second.effects).toEqual(first.effects);
    const again = transition(second.state, { type: "stored", change: "confirm", via: "digit" });
    expect(again.state).toBe(stored.state);
    expect(typesOf(again.effects)).toEqual(["say confirmed"]);
  });

  it("can be changed: the last that was stored counts", () => {
    const confirmed = transition(callIn("active"), { type: "stored", change: "confirm", via: "digit" }).state;
    expect(transition(confirmed, { type: "stored", change: "cancel", via: "digit" }).state.disposition).toBe(
      "cancelled",
    );
  });

  it("operator says so before it transfers, with or without an appointment or a model", () => {
    const before = callIn("active", { appointmentId: undefined, model: "lost" });
    const { state, effects } = transition(before, { type: "chose", choice: "operator", via: "digit" });
    expect(state).toMatchObject({ phase: "transferring", transfer: "requested" });
    expect(typesOf(effects)).toEqual(["interrupt", "say operator", "transfer"]);
  });

  it("opt-out is written before it is acknowledged, and decides nothing about the appointment", () => {
    const { state, effects } = transition(callIn("active"), {
      type: "chose",
      choice: "opt-out",
      via: "digit",
    });
    expect(state).toMatchObject({ optedOut: true, disposition: "none", phase: "active" });
    expect(typesOf(effects)).toEqual(["interrupt", "opt-out"]);
    const kept = transition(state, { type: "opt-out-kept", via: "digit" });
    expect(typesOf(kept.effects)).toEqual(["say opted-out", "hang-up"]);
  });

  it("opt-out that was not kept says so, stays on the line, and may be made again", () => {
    const asked = transition(callIn("active"), { type: "chose", choice: "opt-out", via: "digit" }).state;
    const { state, effects } = transition(asked, { type: "opt-out-not-kept", via: "digit" });
    expect(state.optedOut).toBe(false);
    expect(typesOf(effects)).toEqual(["say not-stored"]);
    const again = transition(state, { type: "chose", choice: "opt-out", via: "digit" });
    expect(typesOf(again.effects)).toEqual(["interrupt", "opt-out"]);
  });

  it("opt-out made twice stays opted out", () => {
    const once = transition(callIn("active"), { type: "chose", choice: "opt-out", via: "digit" }).state;
    expect(transition(once, { type: "chose", choice: "opt-out", via: "digit" }).state).toBe(once);
  });

  it("a key without a meaning interrupts and says so, only while the call is active", () => {
    for (const phase of phases) {
      const { effects } = transition(callIn(phase), { type: "pressed-unmapped" });
      expect(typesOf(effects), phase).toEqual(phase === "active" ? ["interrupt", "say unmapped-digit"] : []);
    }
  });
});

describe("a choice that the model was told", () => {
  it.each<[CallChoice, string[]]>([
    ["operator", ["transfer"]],
    ["opt-out", ["opt-out"]],
    ["call-back", ["request-call-back"]],
  ])("%s: it neither interrupts the model nor talks over it", (choice, done) => {
    expect(typesOf(transition(callIn("active"), { type: "chose", choice, via: "voice" }).effects)).toEqual(
      done,
    );
  });

  it("without an appointment is for the model to answer", () => {
    const before = callIn("active", { appointmentId: undefined });
    expect(transition(before, { type: "chose", choice: "confirm", via: "voice" })).toEqual({
      state: before,
      effects: [],
    });
  });
});

describe("what the store answers", () => {
  it.each<[AppointmentChange, CallState["disposition"], string[]]>([
    ["confirm", "confirmed", ["say confirmed"]],
    ["cancel", "cancelled", ["say cancelled"]],
    ["request-reschedule", "reschedule-requested", ["say reschedule-requested", "offer-slots"]],
    ["reschedule", "rescheduled", []],
  ])("%s stored: the patient has %s", (change, disposition, acknowledged) => {
    for (const via of vias) {
      const { state, effects } = transition(callIn("active"), { type: "stored", change, via });
      expect(state.disposition).toBe(disposition);
      expect(typesOf(effects), via).toEqual(via === "voice" ? [] : acknowledged);
    }
  });

  it.each(changes)("%s not stored: nothing is decided, and keys hear of it", (change) => {
    for (const via of vias) {
      const before = callIn("active", { disposition: "confirmed" });
      const { state, effects } = transition(before, { type: "not-stored", change, via });
      expect(state).toBe(before);
      expect(typesOf(effects), via).toEqual(via === "voice" ? [] : ["say not-stored"]);
    }
  });
});

describe("a wrong number", () => {
  it("is a disposition of its own and stops all calls to it", () => {
    const { state, effects } = transition(callIn("active"), { type: "wrong-number", via: "digit" });
    expect(state).toMatchObject({ disposition: "wrong-number", optedOut: true });
    expect(typesOf(effects)).toEqual(["interrupt", "opt-out"]);
    const kept = transition(state, { type: "opt-out-kept", via: "digit" });
    expect(typesOf(kept.effects)).toEqual(["say wrong-number", "hang-up"]);
  });
});

describe("preferences", () => {
  it("are kept, and may be changed", () => {
    const walkIn = transition(callIn("active"), { type: "walk-in-preferred", walkIn: true }).state;
    expect(walkIn.walkIn).toBe(true);
    expect(transition(walkIn, { type: "walk-in-preferred", walkIn: false }).state.walkIn).toBe(false);
    const reminder = { channel: "sms", hoursBefore: 24 } as const;
    expect(transition(walkIn, { type: "reminder-preferred", reminder }).state).toMatchObject({
      walkIn: true,
      reminder,
    });
  });
});

describe("a transfer to the operator", () => {
  const transferring = callIn("transferring", { disposition: "confirmed" });

  it("that worked is completed and says nothing more", () => {
    expect(transition(transferring, { type: "transferred", by: "refer" })).toEqual({
      state: { ...transferring, transfer: "completed" },
      effects: [],
    });
  });

  it("that failed gives the patient back, with what they decided, and may be asked for again", () => {
    const failed = transition(transferring, { type: "transfer-failed", reason: "no-answer" });
    expect(failed.state).toMatchObject({ phase: "active", transfer: "failed", disposition: "confirmed" });
    expect(typesOf(failed.effects)).toEqual(["say operator-unavailable"]);
    const again = transition(failed.state, { type: "chose", choice: "operator", via: "digit" });
    expect(again.state).toMatchObject({ phase: "transferring", transfer: "requested" });
  });

  it("is not asked for twice while it goes on", () => {
    expect(transition(transferring, { type: "chose", choice: "operator", via: "digit" }).effects).toEqual([]);
  });
});

describe("a model that is lost", () => {
  it("is apologised for once", () => {
    const first = transition(callIn("active"), { type: "model-lost" });
    expect(first.state.model).toBe("lost");
    expect(typesOf(first.effects)).toEqual(["say apology"]);
    const second = transition(first.state, { type: "model-lost" });
    expect(second).toEqual({ state: first.state, effects: [] });
    expect(second.state).toBe(first.state);
  });

  it("and lost again after it came back is apologised for again", () => {
    const lost = transition(callIn("active"), { type: "model-lost" }).state;
    const restored = transition(lost, { type: "model-restored" }).state;
    expect(restored.model).toBe("working");
    expect(typesOf(transition(restored, { type: "model-lost" }).effects)).toEqual(["say apology"]);
  });

  it("leaves the keys working", () => {
    const lost = transition(callIn("active"), { type: "model-lost" }).state;
    const { effects } = transition(lost, { type: "chose", choice: "confirm", via: "digit" });
    expect(typesOf(effects)).toEqual(["interrupt", "store"]);
  });

  it.each<CallPhase>(["starting", "ringing", "transferring"])(
    "says nothing into a call that is %s",
    (phase) => {
      const { state, effects } = transition(callIn(phase), { type: "model-lost" });
      expect(state.model).toBe("lost");
      expect(effects).toEqual([]);
    },
  );
});

describe("identity", () => {
  const decisions: readonly CallChoice[] = ["confirm", "cancel", "reschedule"];

  it.each(decisions)("%s is never stored before identity is proven, whatever way it came", (choice) => {
    for (const via of vias)
      for (const identity of ["unproven", "asked", "refused"] as const) {
        const { state, effects } = transition(callIn("active", { identity }), { type: "chose", choice, via });
        expect(typesOf(effects), `${identity} ${via}`).not.toContain("store");
        expect(state.disposition).toBe("none");
      }
  });

  it("that can be proven is asked for by a key, and left to the model by voice", () => {
    const state = callIn("active", { identity: "asked" });
    const choice = { type: "chose", choice: "confirm" } as const;
    expect(typesOf(transition(state, { ...choice, via: "digit" }).effects)).toEqual([
      "interrupt",
      "ask-identity",
    ]);
    expect(transition(state, { ...choice, via: "voice" }).effects).toEqual([]);
  });

  it("once proven stays so, and once refused is not proven any more", () => {
    const proven = callIn("active");
    expect(transition(proven, { type: "identity-refused", via: "voice" }).state).toBe(proven);
    expect(transition(proven, { type: "identity-asked" }).state).toBe(proven);
    const refused = callIn("active", { identity: "refused" });
    expect(transition(refused, { type: "identity-proven", by: "date-of-birth", via: "voice" }).state).toBe(
      refused,
    );
  });

  it("is open again when somebody else answered, and can be proven anew; once refused it stays so", () => {
    const { state, effects } = transition(callIn("active"), { type: "patient-absent" });
    expect(state).toMatchObject({ identity: "asked", appointmentId: "a-1" });
    expect(effects).toEqual([]);
    expect(
      transition(state, { type: "identity-proven", by: "date-of-birth", via: "voice" }).state,
    ).toMatchObject({
      identity: "proven",
    });
    for (const identity of ["unproven", "refused"] as const) {
      const before = callIn("active", { identity });
      expect(transition(before, { type: "patient-absent" }).state).toBe(before);
    }
  });
});

describe("who is on the other end", () => {
  it("is a machine: it is interrupted, left a message, and asked nothing when it is silent", () => {
    const { state, effects } = transition(callIn("active"), { type: "party-detected", party: "machine" });
    expect(typesOf(effects)).toEqual(["interrupt", "leave-message"]);
    expect(transition(state, { type: "caller-silent" }).effects).toEqual([]);
    expect(transition(state, { type: "party-detected", party: "machine" }).effects).toEqual([]);
  });

  it("is found out before the call is up: nothing is said into the ringing", () => {
    expect(transition(callIn("ringing"), { type: "party-detected", party: "machine" }).effects).toEqual([]);
  });
});

describe("a caller who is silent", () => {
  it("on the way to the operator is not asked", () => {
    const transferring = callIn("transferring");
    expect(transition(transferring, { type: "caller-silent" })).toEqual({ state: transferring, effects: [] });
  });
});

describe("an emergency", () => {
  it("during a transfer is told, and the transfer goes on", () => {
    const { state, effects } = transition(callIn("transferring"), { type: "emergency" });
    expect(state).toMatchObject({ phase: "transferring", emergency: true });
    expect(typesOf(effects)).toEqual(["interrupt", "say emergency"]);
  });
});
