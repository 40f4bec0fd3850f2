import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { detectSipParticipant, type SipParticipant } from "./detect-sip-participant.ts";
import { isParticipantKind, participantKind } from "./participant-kind.ts";

interface RecordedParticipant {
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string>>;
}

function recorded<Shape>(name: string): Shape {
  const file = new URL(`../../../sip-voice-lab/test/recorded/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Shape;
}

function telephone(attributes: Readonly<Record<string, string>>): SipParticipant {
  const sip = detectSipParticipant({ kind: participantKind.sip, attributes });
  if (!sip.isSip) throw new Error("not a telephone");
  return sip;
}

describe("a recorded telephone", () => {
  it("that called in is inbound, with both numbers, trunk, rule, call and status", () => {
    const participant = recorded<RecordedParticipant>("inbound-sip-participant");
    expect(detectSipParticipant(participant)).toEqual({
      isSip: true,
      phoneNumber: "+15105550100",
      trunkPhoneNumber: "+17205550174",
      trunkId: "ST_o64rLV7WumYM",
      callId: "SCL_3VixL7aDNUUt",
      ruleId: "SDR_WTfM9eZjHzdT",
      callStatus: "ringing",
      direction: "inbound",
      headers: {},
      attributes: participant.attributes,
    });
  });

  it("that was dialled is outbound, since no dispatch rule took the call", () => {
    const { answered_then_callee_hangs_up: events } = recorded<{
      answered_then_callee_hangs_up: readonly RecordedParticipant[];
    }>("outbound-sip-participant");
    expect(detectSipParticipant(events[0]!)).toMatchObject({
      isSip: true,
      direction: "outbound",
      ruleId: undefined,
      phoneNumber: "+15105550188",
      trunkPhoneNumber: "+15105550173",
      callId: "SCL_Xdb2QqZzU8KB",
      callStatus: "dialing",
    });
  });
});

describe("who is a telephone", () => {
  const attributes = { "sip.phoneNumber": "+15105550100", "sip.ruleID": "SDR_1", "sip.callStatus": "active" };

  it.each([
    ["a browser that sends sip.* attributes", participantKind.standard],
    ["an ingress", participantKind.ingress],
    ["an egress", participantKind.egress],
    ["an agent", participantKind.agent],
    ["a kind that LiveKit adds later", 7],
    ["a browser whose kind is spelled out", "STANDARD"],
    ["somebody without a kind", undefined],
  ])("not %s", (_, kind) => {
    expect(detectSipParticipant({ kind, attributes })).toEqual({ isSip: false });
  });

  it.each([3, "SIP", "sip"])("kind %s is, also before it has attributes", (kind) => {
    expect(detectSipParticipant({ kind })).toMatchObject({
      isSip: true,
      direction: "outbound",
      phoneNumber: undefined,
    });
  });

  it("a kind's number does not count as another kind", () => {
    expect(isParticipantKind(4, "agent")).toBe(true);
    expect(isParticipantKind(4, "sip")).toBe(false);
    expect(isParticipantKind("3", "sip")).toBe(false);
    expect(isParticipantKind(null, "standard")).toBe(false);
  });
});

describe("a telephone's attributes", () => {
  it.each(["", "anonymous", "Anonymous", "unavailable", "restricted", "+266696687", "unknown"])(
    "with the caller's number hidden as '%s' give no number",
    (phoneNumber) => {
      expect(telephone({ "sip.phoneNumber": phoneNumber, "sip.ruleID": "SDR_1" })).toMatchObject({
        phoneNumber: undefined,
        direction: "inbound",
      });
    },
  );

  it("without a number, as with hidePhoneNumber, give none", () => {
    expect(telephone({ "sip.callID": "SCL_1" }).phoneNumber).toBeUndefined();
  });

  it("that are empty are absent", () => {
    expect(
      telephone({ "sip.trunkID": "", "sip.callID": "", "sip.ruleID": "", "sip.callStatus": "" }),
    ).toMatchObject({
      trunkId: undefined,
      callId: undefined,
      ruleId: undefined,
      callStatus: undefined,
      direction: "outbound",
    });
  });

  it.each(["dialing", "ringing", "automation", "active", "hangup", "on-hold-someday"])(
    "pass the call status on as it came: %s",
    (callStatus) => {
      expect(telephone({ "sip.callStatus": callStatus }).callStatus).toBe(callStatus);
    },
  );

  it("give SIP headers by lower-case name and nothing else as a header", () => {
    const { headers } = telephone({
      "sip.h.X-Clinic": "north",
      "sip.h.p-asserted-identity": "x",
      "sip.hostname": "127.0.0.1",
      "X-Other": "y",
    });
    expect(headers).toEqual({ "x-clinic": "north", "p-asserted-identity": "x" });
  });

  it("cannot reach the prototype through a header's name", () => {
    const { headers } = telephone({ "sip.h.__proto__": "polluted" });
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
    expect(Object.keys(headers)).toEqual(["__proto__"]);
  });
});
