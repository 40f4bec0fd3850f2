import { describe, expect, it } from "vitest";
import { initialCallState } from "../../call/state.ts";
import { callSoFar } from "./call-so-far.ts";

describe("what a model is told that takes over", () => {
  it("is what the call knows, and no more", () => {
    const told = callSoFar(initialCallState, [], (name) => `<${name}>`);
    expect(told).toContain("you take over now");
    expect(told).toContain("Nothing was decided");
    expect(told).not.toMatch(/Tools|Fixed sentences|Reminder|short notice|operator/);
  });

  it("names decisions, wishes, the last tools and the last sentences", () => {
    const told = callSoFar(
      {
        ...initialCallState,
        disposition: "confirmed",
        walkIn: true,
        reminder: { channel: "sms" },
        callBack: true,
        transfer: "failed",
        optedOut: true,
      },
      [
        ...(["opener", "confirmed", "unmapped-digit", "hold", "apology"] as const).map((prompt) => ({
          type: "prompt" as const,
          prompt,
          source: "prepared" as const,
        })),
        { type: "tool", name: "confirmAppointment", result: "done" },
        { type: "digit", choice: "confirm" },
      ],
      (name) => `<${name}>`,
    );
    for (const part of [
      "The appointment is confirmed.",
      "short notice: yes",
      "Reminder: sms",
      "call the patient back",
      "operator was asked for",
      "no more calls",
      "confirmAppointment (done)",
      "<confirmed> / <unmapped-digit> / <hold> / <apology>",
    ])
      expect(told).toContain(part);
    expect(told).not.toContain("<opener>");
  });
});
