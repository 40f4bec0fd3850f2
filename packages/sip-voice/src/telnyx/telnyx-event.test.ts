import { describe, expect, it } from "vitest";
import { sampleAttempt } from "../testing/index.ts";
import { attemptHintOf } from "./call-hint.ts";
import { type TelnyxEvent, telnyxEventOf } from "./telnyx-event.ts";

const at = "2026-11-23T18:00:30.000Z";
const webhook = (event_type: string, payload: object) => ({
  data: { record_type: "event", id: "e-1", event_type, occurred_at: at, payload },
  meta: { attempt: 1 },
});
const eventOf = (type: string, payload: object): TelnyxEvent | undefined =>
  telnyxEventOf(webhook(type, payload)).event;
const from = { phone_number: "+15105550111", carrier: "Any", line_type: "Wireless" };

describe("telnyxEventOf", () => {
  it.each([
    ["STOP", "stop"],
    [" Unsubscribe. ", "stop"],
    ["Opt out!", "stop"],
    ["start", "start"],
    ["Please stop by at noon", undefined],
    ["", undefined],
  ])("takes the message %j for %s", (text, wants) => {
    const payload = { direction: "inbound", from, to: [{ phone_number: "+15105550100" }], text };
    expect(eventOf("message.received", payload)).toEqual({
      type: "text-received",
      at,
      from: from.phone_number,
      wants,
    });
  });

  it.each([
    ["delivered", "text-delivered"],
    ["delivery_failed", "text-failed"],
    ["sending_failed", "text-failed"],
  ])("tells of a message that is %s", (status, type) => {
    expect(eventOf("message.finalized", { id: "m-1", to: [{ ...from, status }] })).toEqual({
      type,
      at,
      messageId: "m-1",
    });
  });

  it("tells of calls, to a number or a SIP address", () => {
    expect(eventOf("call.answered", { to: "+15105550111" })).toEqual({
      type: "call-answered",
      at,
      to: "+15105550111",
    });
    const ended = {
      to: "sip:+15105550111@sip.telnyx.com",
      sip_hangup_cause: "486",
      hangup_cause: "user_busy",
    };
    expect(eventOf("call.hangup", ended)).toEqual({
      type: "call-ended",
      at,
      to: "+15105550111",
      sipStatus: 486,
    });
    expect(eventOf("call.hangup", { to: "+15105550111", sip_hangup_cause: "unspecified" })).toMatchObject({
      sipStatus: undefined,
    });
  });

  it("knows nothing of other events, hidden numbers and other shapes", () => {
    expect(eventOf("call.machine.detection.ended", { to: "+15105550111" })).toBeUndefined();
    expect(eventOf("call.hangup", { to: "anonymous" })).toBeUndefined();
    expect(eventOf("message.received", { from: { phone_number: "22395" }, text: "x" })).toBeUndefined();
    expect(() => telnyxEventOf({ data: { id: 1 } })).toThrow();
  });
});

describe("attemptHintOf", () => {
  const dialingAt = Date.parse("2026-11-23T18:00:00Z");
  const attempt = (attemptId: string, more: object = {}) => ({
    ...sampleAttempt({ attemptId }),
    state: "dialing" as const,
    lease: 1,
    dialingAt,
    finishedAt: undefined,
    lineUntil: dialingAt + 400_000,
    outcome: undefined,
    ...more,
  });
  const ended = (sipStatus?: number): TelnyxEvent => ({
    type: "call-ended",
    at,
    to: attempt("a").phoneNumber,
    sipStatus,
  });

  it("says why the one attempt on the number was not answered", () => {
    expect(attemptHintOf(ended(486), [attempt("a")])).toMatchObject({
      attemptId: "a",
      saw: "left",
      outcome: { outcome: "busy", sipStatus: 486 },
    });
  });

  it("says that it was answered, or that it left", () => {
    const answered = { type: "call-answered", at, to: attempt("a").phoneNumber } as const;
    expect(attemptHintOf(answered, [attempt("a")])).toEqual({ attemptId: "a", saw: "answered" });
    for (const status of [200, undefined]) {
      expect(attemptHintOf(ended(status), [attempt("a")])).toEqual({ attemptId: "a", saw: "left" });
    }
  });

  it("says nothing where it can't be told which attempt it was", () => {
    expect(attemptHintOf(ended(486), [])).toBeUndefined();
    expect(attemptHintOf(ended(486), [attempt("a"), attempt("b")])).toBeUndefined();
    expect(
      attemptHintOf(ended(486), [attempt("a", { dialingAt: undefined, state: "reserved" })]),
    ).toBeUndefined();
    expect(attemptHintOf(ended(486), [attempt("a", { dialingAt: dialingAt + 120_000 })])).toBeUndefined();
    const text = { type: "text-delivered", at, messageId: "m-1" } as const;
    expect(attemptHintOf(text, [attempt("a")])).toBeUndefined();
  });
});
