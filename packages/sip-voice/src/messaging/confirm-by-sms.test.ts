import { describe, expect, it } from "vitest";
import { initialCallState } from "../call/state.ts";
import type { EndedCall } from "../outbound/call-result.ts";
import { defaultCallingPolicy } from "../policy/calling-policy.ts";
import { memoryContactPreferences } from "../policy/contact-preferences.ts";
import { memoryDecisionLog } from "../policy/decision-log.ts";
import { memoryStopSwitch } from "../policy/stop-switch.ts";
import { sampleAppointment, simulatedClock } from "../testing/index.ts";
import { type ConfirmationRequest, confirmBySms } from "./confirm-by-sms.ts";
import { memoryMessageLog } from "./message-log.ts";
import { type MessageResult, messageRefused, type TextMessage } from "./messenger.ts";

const morning = Date.parse("2026-11-23T10:00:00-08:00");
const night = Date.parse("2026-11-23T22:00:00-08:00");
const textConsent = { basis: "written", recordedAt: "2026-10-01T09:00:00-07:00" } as const;
const appointment = sampleAppointment();
const { phoneNumber } = appointment.patient;

function ended(state: object, more: Partial<EndedCall> = {}): EndedCall {
  return {
    disposition: "confirmed",
    reached: "person",
    messageLeft: false,
    state: { ...initialCallState, identity: "proven", phase: "ended", ...state },
    record: undefined,
    ...more,
  };
}

function stage(now = morning) {
  const messages: TextMessage[] = [];
  const ports = {
    messenger: {
      result: { sent: true, messageId: "m-1" } as MessageResult | Error,
      async send(message: TextMessage): Promise<MessageResult> {
        messages.push(message);
        if (this.result instanceof Error) throw this.result;
        return this.result;
      },
    },
    messageLog: memoryMessageLog(),
    preferences: memoryContactPreferences(),
    stopSwitch: memoryStopSwitch(),
    decisions: memoryDecisionLog(),
    clock: simulatedClock(now),
  };
  const confirm = (more: Partial<ConfirmationRequest> = {}) =>
    confirmBySms(ports, {
      attemptId: "attempt-1",
      appointment,
      outcome: "no-answer",
      policy: defaultCallingPolicy,
      textConsent,
      text: (_appointment, why) => `Riverside Clinic, ${why}`,
      ...more,
    });
  return { messages, ports, confirm };
}

const notWanted = { sent: false, reason: "not-wanted" };
const askedFor = { reminder: { channel: "sms" } } as const;

describe("confirmBySms", () => {
  it.each(["no-answer", "busy", "unreachable"] as const)(
    "texts one who consented and was not reached: %s",
    async (outcome) => {
      const { messages, confirm } = stage();
      expect(await confirm({ outcome })).toEqual({ sent: true, messageId: "m-1" });
      expect(messages).toEqual([{ to: phoneNumber, text: "Riverside Clinic, not-reached" }]);
    },
  );

  it.each(["machine", "screener"] as const)("texts one whose call a %s took", async (reached) => {
    const { confirm } = stage();
    const taken = ended({ identity: "unproven" }, { disposition: "none", reached });
    expect(await confirm({ outcome: "answered", ended: taken })).toMatchObject({ sent: true });
  });

  it("texts one who asked for it on the call, whatever consent there was", async () => {
    const { messages, confirm } = stage();
    const { textConsent: _none, ...rest } = { textConsent };
    const result = await confirm({ ...rest, outcome: "answered", ended: ended(askedFor) });
    expect(result).toMatchObject({ sent: true });
    expect(messages[0]?.text).toBe("Riverside Clinic, asked");
  });

  it.each<[string, Partial<ConfirmationRequest>]>([
    ["spoke and did not ask", { outcome: "answered", ended: ended({}) }],
    ["wants to be called instead", { outcome: "answered", ended: ended({ reminder: { channel: "call" } }) }],
    [
      "asked and was not proven to be the patient",
      { outcome: "answered", ended: ended({ ...askedFor, identity: "refused" }) },
    ],
    [
      "asked and opted out on the same call",
      { outcome: "answered", ended: ended({ ...askedFor, optedOut: true }) },
    ],
    [
      "has the wrong number",
      { outcome: "answered", ended: ended(askedFor, { disposition: "wrong-number" }) },
    ],
    ["cancelled", { appointment: { ...appointment, status: "cancelled" } }],
    ["was to come an hour ago", { appointment: { ...appointment, start: "2026-11-23T09:00:00-08:00" } }],
    ["declined the call", { outcome: "declined" }],
    ["may have been rung", { outcome: "unknown" }],
    ["was refused by the rules", { outcome: "refused-by-policy" }],
  ])("texts nobody who %s", async (_name, more) => {
    const { messages, ports, confirm } = stage();
    expect(await confirm(more)).toMatchObject(notWanted);
    expect(messages).toEqual([]);
    expect(await ports.decisions.ofAttempt("attempt-1")).toEqual([]);
  });

  it("texts nobody who was not reached without a consent to messages, though there is one to calls", async () => {
    const { ports } = stage();
    await ports.preferences.recordConsent(phoneNumber, textConsent);
    const request = { attemptId: "attempt-1", appointment, policy: defaultCallingPolicy, text: () => "" };
    expect(await confirmBySms(ports, { ...request, outcome: "busy" })).toMatchObject(notWanted);
  });

  it("respects an opt-out, also of one who asked", async () => {
    const { messages, ports, confirm } = stage();
    await ports.preferences.optOut(phoneNumber, "2026-11-01T00:00:00Z");
    const refused = { sent: false, reason: "refused-by-policy", retry: "after-review" };
    expect(await confirm()).toMatchObject({ ...refused, reasons: [{ rule: "do-not-call" }] });
    expect(await confirm({ outcome: "answered", ended: ended(askedFor) })).toMatchObject(refused);
    expect(messages).toEqual([]);
  });

  it("respects a consent that was taken back, and the stop switch", async () => {
    const { ports, confirm } = stage();
    await ports.preferences.revokeConsent(phoneNumber, "2026-11-01T00:00:00Z");
    expect(await confirm()).toMatchObject({ reasons: [{ rule: "consent" }] });
    await ports.stopSwitch.stop("2026-11-23T17:00:00Z");
    expect(await confirm()).toMatchObject({ reasons: [{ rule: "stopped" }, { rule: "consent" }] });
  });

  it("keeps to the calling hours, and may be asked again", async () => {
    const { messages, ports, confirm } = stage(night);
    const earliest = Date.parse("2026-11-24T08:00:00-08:00");
    expect(await confirm()).toMatchObject({ reason: "refused-by-policy", retry: "later", earliest });
    await ports.clock.advance(earliest - night);
    expect(await confirm()).toMatchObject({ sent: true });
    expect(messages).toHaveLength(1);
    const kept = await ports.decisions.ofAttempt("attempt-1");
    expect(kept.map(({ about, record }) => [about, record.allowed])).toEqual([
      ["message", false],
      ["message", true],
    ]);
  });

  it("sends one message for an attempt, however often and at once it is asked", async () => {
    const { messages, confirm } = stage();
    await Promise.all([confirm(), confirm(), confirm()]);
    expect(await confirm()).toEqual({ sent: true, messageId: "m-1" });
    expect(messages).toHaveLength(1);
    expect(await confirm({ attemptId: "attempt-2" })).toMatchObject({ sent: true });
    expect(messages).toHaveLength(2);
  });

  it("does not send again what failed, or of which nobody knows what became of it", async () => {
    const { messages, ports, confirm } = stage();
    ports.messenger.result = messageRefused("rate-limited");
    expect(await confirm()).toMatchObject({ reason: "rate-limited" });
    expect(await confirm()).toMatchObject({ reason: "rate-limited" });
    ports.messenger.result = new Error("the process died here");
    await expect(confirm({ attemptId: "attempt-2" })).rejects.toThrow();
    expect(await confirm({ attemptId: "attempt-2" })).toEqual(messageRefused("unknown"));
    expect(messages).toHaveLength(2);
  });

  it("sends nothing that can't be kept", async () => {
    const { messages, ports, confirm } = stage();
    const broken = async () => {
      throw new Error("database gone");
    };
    ports.messageLog.reserve = broken;
    await expect(confirm()).rejects.toThrow("database gone");
    ports.decisions.append = broken;
    await expect(confirm()).rejects.toThrow("database gone");
    expect(messages).toEqual([]);
  });
});
