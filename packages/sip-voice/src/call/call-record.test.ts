import { describe, expect, it } from "vitest";
import { type CallRecordEntry, callRecordOf } from "./call-log.ts";
import { initialCallState } from "./state.ts";

const ended = { ...initialCallState, phase: "ended", disposition: "confirmed", endedBy: "patient" } as const;
const started: CallRecordEntry = {
  at: 1,
  event: { type: "started", clinicId: "main", direction: "inbound", channel: "phone" },
};

describe("callRecordOf", () => {
  it("has the state in which the call ended", () => {
    const entries: CallRecordEntry[] = [started, { at: 2, event: { type: "ended", state: ended } }];
    expect(callRecordOf("c-1", entries)).toEqual({ callId: "c-1", entries, finalState: ended });
  });

  it("has none while the call goes on, whatever changed so far", () => {
    const entries: CallRecordEntry[] = [
      started,
      {
        at: 2,
        event: {
          type: "transition",
          event: "stored",
          state: { ...initialCallState, disposition: "confirmed" },
        },
      },
    ];
    expect(callRecordOf("c-1", entries).finalState).toBeUndefined();
    expect(callRecordOf("c-1", []).finalState).toBeUndefined();
  });
});
