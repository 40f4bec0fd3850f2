import { describe, expect, it } from "vitest";
import { memoryCallLog } from "../../call/call-log.ts";
import { type CallParty, initialCallState } from "../../call/state.ts";
import type { AttemptOutcome, NewAttempt } from "../../outbound/attempt.ts";
import type { Ledger } from "../../outbound/ledger.ts";
import { memoryLedger } from "../../outbound/memory-ledger.ts";
import { dialFailure } from "../../sip/dial-outcome.ts";
import { sampleAttempt } from "../../testing/index.ts";
import { missedAppointment } from "./missed-call.ts";

const { phoneNumber, reservedAt } = sampleAttempt();
const hour = 3_600_000;
const answered: AttemptOutcome = { outcome: "answered", participantIdentity: "phone-1", sipCallId: "SCL_1" };

async function afterCall(
  outcome: AttemptOutcome,
  { party, hours = 1, about = {} }: { party?: CallParty; hours?: number; about?: Partial<NewAttempt> } = {},
) {
  const ledger = memoryLedger();
  const callLog = memoryCallLog();
  await ledger.reserve(sampleAttempt({ appointmentId: "appointment-1", ...about }), []);
  await ledger.startDialing("attempt-1", 1, reservedAt);
  await ledger.settle("attempt-1", outcome, reservedAt + 30_000);
  if (party) {
    const state = { ...initialCallState, party };
    await callLog.append("call-1", [{ at: reservedAt, event: { type: "ended", state } }]);
  }
  const now = reservedAt + hours * hour;
  return await missedAppointment(phoneNumber, { ledger, callLog, clinicId: "main", now });
}

describe("a call that was missed", () => {
  it.each(["no-answer", "busy", "declined"] as const)("was not answered: %s", async (outcome) => {
    expect(await afterCall(dialFailure(outcome))).toBe("appointment-1");
  });

  it.each(["machine", "screener"] as const)("was taken by a %s", async (party) => {
    expect(await afterCall(answered, { party })).toBe("appointment-1");
  });

  it("is remembered for three days", async () => {
    expect(await afterCall(dialFailure("no-answer"), { hours: 72 })).toBe("appointment-1");
    expect(await afterCall(dialFailure("no-answer"), { hours: 72.1 })).toBeUndefined();
  });

  it.each([
    ["a person took", () => afterCall(answered, { party: "person" })],
    ["somebody took of whom nothing is known", () => afterCall(answered)],
    ["may not have rung", () => afterCall(dialFailure("unreachable"))],
    ["was another clinic's", () => afterCall(dialFailure("busy"), { about: { clinicId: "east" } })],
    ["nobody was called for", () => without(memoryLedger())],
    ["there is no ledger for", () => without(undefined)],
  ])("is none that %s", async (_name, look) => {
    expect(await look()).toBeUndefined();
  });
});

function without(ledger: Ledger | undefined): Promise<string | undefined> {
  const options = { ledger, callLog: memoryCallLog(), clinicId: "main", now: reservedAt };
  return missedAppointment(phoneNumber, options);
}
