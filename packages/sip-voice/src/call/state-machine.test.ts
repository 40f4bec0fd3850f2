import { describe, expect, it } from "vitest";
import { initialCallState } from "./state.ts";
import { CallStateMachine } from "./state-machine.ts";

/** Writes down everything that a call tells, in order. */
function journalOf(call: CallStateMachine): string[] {
  const journal: string[] = [];
  call.on("change", ({ event, previous, state }) =>
    journal.push(`change ${event.type}: ${previous.phase}>${state.phase}`),
  );
  call.on("effect", (effect) =>
    journal.push(`effect ${effect.type === "say" ? effect.prompt : effect.type}`),
  );
  call.on("ended", (state) => journal.push(`ended ${state.endedBy}`));
  return journal;
}

function activeCall(): CallStateMachine {
  return new CallStateMachine({
    ...initialCallState,
    phase: "active",
    appointmentId: "a-1",
    identity: "proven",
  });
}

describe("CallStateMachine", () => {
  it("begins where every call begins, or where it is told", () => {
    expect(new CallStateMachine().state).toBe(initialCallState);
    expect(activeCall().state.phase).toBe("active");
  });

  it("tells the change, then what is to be done, then the end", () => {
    const call = new CallStateMachine();
    const journal = journalOf(call);
    call.send({ type: "rang" });
    call.send({ type: "connected" });
    call.send({ type: "chose", choice: "opt-out", via: "digit" });
    call.send({ type: "ended", by: "agent" });
    expect(journal).toEqual([
      "change rang: starting>ringing",
      "change connected: ringing>active",
      "change chose: active>active",
      "effect interrupt",
      "effect opt-out",
      "change ended: active>ended",
      "ended agent",
    ]);
  });

  it("has the new state before any listener hears of it, and returns it", () => {
    const call = activeCall();
    const seen: string[] = [];
    call.on("change", ({ state }) => seen.push(`${call.state === state} ${call.state.phase}`));
    expect(call.send({ type: "chose", choice: "operator", via: "digit" })).toBe(call.state);
    expect(seen).toEqual(["true transferring"]);
  });

  it("tells no change where there was none", () => {
    const call = activeCall();
    const journal = journalOf(call);
    call.send({ type: "rang" });
    call.send({ type: "connected" });
    call.send({ type: "appointment-found", appointmentId: "a-1" });
    call.send({ type: "model-restored" });
    expect(journal).toEqual([]);
  });

  it("is over once, and silent after it", () => {
    const call = activeCall();
    const journal = journalOf(call);
    call.send({ type: "ended", by: "patient" });
    call.send({ type: "ended", by: "room-closed" });
    call.send({ type: "chose", choice: "opt-out", via: "digit" });
    call.send({ type: "stored", change: "confirm", via: "digit" });
    expect(journal).toEqual(["change ended: active>ended", "ended patient"]);
    expect(call.state).toMatchObject({ endedBy: "patient", disposition: "none" });
  });

  it("stops telling a listener that has ended its listening", () => {
    const call = activeCall();
    let changes = 0;
    const stop = call.on("change", () => changes++);
    call.send({ type: "walk-in-preferred", walkIn: true });
    stop();
    call.send({ type: "walk-in-preferred", walkIn: false });
    expect(changes).toBe(1);
  });
});

describe("a listener that sends", () => {
  it("has the answer at once, while everybody hears the events one after the other", () => {
    const call = activeCall();
    call.on("effect", (effect) => {
      if (effect.type !== "store") return;
      const { change, via } = effect;
      expect(call.send({ type: "stored", change, via }).disposition).toBe("confirmed");
    });
    const journal = journalOf(call);
    call.send({ type: "chose", choice: "confirm", via: "digit" });
    expect(journal).toEqual([
      "effect interrupt",
      "effect store",
      "change stored: active>active",
      "effect confirmed",
    ]);
  });

  it("does not put its effects before those of the event that it heard", () => {
    const call = activeCall();
    call.on("effect", ({ type }) => {
      if (type === "opt-out") call.send({ type: "model-lost" });
    });
    const journal = journalOf(call);
    call.send({ type: "chose", choice: "opt-out", via: "digit" });
    expect(journal).toEqual([
      "change chose: active>active",
      "effect interrupt",
      "effect opt-out",
      "change model-lost: active>active",
      "effect apology",
    ]);
  });

  it("and ends the call is heard last: nothing is told after the end", () => {
    const call = activeCall();
    call.on("change", ({ state }) => {
      if (state.optedOut && state.phase !== "ended") call.send({ type: "ended", by: "patient" });
    });
    const journal = journalOf(call);
    call.send({ type: "chose", choice: "opt-out", via: "digit" });
    expect(call.state.phase).toBe("ended");
    expect(journal.at(-1)).toBe("ended patient");
    expect(journal).toContain("effect opt-out");
  });

  it("and throws is heard by who sent, and does not keep the next event from being told", () => {
    const call = activeCall();
    const stop = call.on("change", () => {
      throw new Error("a listener's own fault");
    });
    expect(() => call.send({ type: "walk-in-preferred", walkIn: true })).toThrow("a listener's own fault");
    stop();
    const journal = journalOf(call);
    call.send({ type: "ended", by: "patient" });
    expect(journal).toEqual(["change ended: active>ended", "ended patient"]);
  });
});
