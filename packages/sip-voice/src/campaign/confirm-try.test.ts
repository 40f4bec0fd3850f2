import { describe, expect, it } from "vitest";
import { memoryAppointmentStore } from "../appointments/memory-store.ts";
import { memoryCallLog } from "../call/call-log.ts";
import { initialCallState } from "../call/state.ts";
import { memoryMessageLog } from "../messaging/message-log.ts";
import type { TextMessage } from "../messaging/messenger.ts";
import { defaultCallingPolicy } from "../policy/calling-policy.ts";
import { memoryContactPreferences } from "../policy/contact-preferences.ts";
import { sampleAppointment, simulatedClock } from "../testing/index.ts";
import type { TryEnd } from "./campaign-store.ts";
import { confirmTry } from "./confirm-try.ts";

const appointment = sampleAppointment();
const now = Date.parse("2026-11-23T10:00:00-08:00");

async function confirmationAfter(
  result: Partial<TryEnd["result"]>,
  next: TryEnd["next"] = { end: "done" },
  state: object = {},
) {
  const messages: TextMessage[] = [];
  const callLog = memoryCallLog();
  const finalState = { ...initialCallState, phase: "ended", identity: "proven", ...state } as const;
  await callLog.append("call-1", [{ at: now, event: { type: "ended", state: finalState } }]);
  const ports = {
    appointments: memoryAppointmentStore({ appointments: [appointment] }),
    callLog,
    messenger: {
      async send(message: TextMessage) {
        messages.push(message);
        return { sent: true, messageId: "m-1" } as const;
      },
    },
    messageLog: memoryMessageLog(),
    preferences: memoryContactPreferences(),
    clock: simulatedClock(now),
  };
  const contact = {
    id: "c-1",
    phoneNumber: appointment.patient.phoneNumber,
    appointments: [{ id: appointment.id }],
  };
  const end: TryEnd = {
    result: { outcome: "no-answer", callId: "call-1", appointmentId: appointment.id, ...result },
    endedAt: now,
    rang: true,
    counts: "rung",
    next,
  };
  const event = {
    type: "try-ended",
    try: { campaignId: "spring", contactId: "c-1", tryNumber: 3 },
    contact,
    end,
  } as const;
  const textConsent = { basis: "written", recordedAt: "2026-10-01T09:00:00-07:00" } as const;
  const confirmation = await confirmTry(ports, event, {
    policy: defaultCallingPolicy,
    textConsent,
    text: (_appointment, why) => why,
  });
  const again = await ports.messageLog.reserve({
    key: "confirmation/spring:c-1:3",
    clinicId: "main",
    at: now,
  });
  return { confirmation, said: messages.map(({ text }) => text), isKept: again.kind === "known" };
}

describe("confirmTry", () => {
  it("texts one who was not reached after the last try, under the attempt's id", async () => {
    expect(await confirmationAfter({}, { end: "given-up" })).toEqual({
      confirmation: { sent: true, messageId: "m-1" },
      said: ["not-reached"],
      isKept: true,
    });
  });

  it.each(["machine", "message-left", "screener"] as const)(
    "texts one whose calls only a %s took",
    async (outcome) => {
      const reached = outcome === "screener" ? "screener" : "machine";
      expect((await confirmationAfter({ outcome, reached }, { end: "given-up" })).said).toEqual([
        "not-reached",
      ]);
    },
  );

  it("waits while the contact is called again", async () => {
    expect(await confirmationAfter({}, { notBefore: now + 1 })).toMatchObject({
      confirmation: undefined,
      said: [],
      isKept: false,
    });
  });

  it("texts one who asked for it on the call, by what the agent wrote", async () => {
    const answered = { outcome: "answered", disposition: "confirmed", reached: "person" } as const;
    const asked = { reminder: { channel: "sms" } };
    expect((await confirmationAfter(answered, { end: "done" }, asked)).said).toEqual(["asked"]);
    expect((await confirmationAfter(answered)).confirmation).toMatchObject({ reason: "not-wanted" });
  });

  it.each([{ outcome: "skipped" }, { outcome: "broken" }, { appointmentId: "gone" }] as const)(
    "texts nobody after %o",
    async (result) => {
      expect(await confirmationAfter(result)).toMatchObject({ confirmation: undefined, said: [] });
    },
  );
});
