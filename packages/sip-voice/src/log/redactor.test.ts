import { describe, expect, it } from "vitest";
import { SipVoiceError } from "../errors.ts";
import type { LogFields, Logger } from "./logger.ts";
import { maskPhoneNumber, redact, redactedLogger } from "./redactor.ts";

/** What must not be in a log, whatever field it came in. */
const personal = [
  "5105550111",
  "510 555 0111",
  "555-0111",
  "Maria",
  "Example",
  "hunter2",
  "I would rather come on Friday",
];

function textOf(fields: LogFields): string {
  return JSON.stringify(redact(fields));
}

describe("no log line leaks a patient's data or a secret", () => {
  it.each<[string, LogFields]>([
    ["a number in its field", { phoneNumber: "+15105550111" }],
    [
      "a number in a field spelled otherwise",
      { phone_number: "+15105550111", PhoneNumber: "15105550111", phone: "510 555 0111" },
    ],
    ["a number as a number", { phoneNumber: 15105550111, to: 15105550111 }],
    ["numbers in a list", { to: ["+15105550111", "+15105550111"], numbers: ["+15105550111"] }],
    ["a number in a text", { reason: "no route to +15105550111 today" }],
    ["a number in a text with spaces", { reason: "no route to +1 510 555 0111" }],
    ["a number in a text with brackets", { reason: "no route to +1 (510) 555-0111, sorry" }],
    ["a number in a text without a country", { reason: "no route to (510) 555-0111 or 510-555-0111" }],
    ["a number in a SIP address", { reason: "INVITE sip:15105550111@127.0.0.1 failed" }],
    ["a number in a room's name", { roomName: "call-_+15105550111_XDowuFKTV2r4" }],
    ["a telephone's identity", { identity: "sip_+15105550111" }],
    ["a number as a field's name", { counts: { "+15105550111": 2 } }],
    ["a caller id that is a name", { from: "Maria Example" }],
    ["a name", { name: "Maria Example" }],
    [
      "a name in a field of its own",
      { patientName: "Maria Example", callerName: "Maria Example", firstName: "Maria" },
    ],
    ["a name in snake case", { patient_name: "Maria Example", last_name: "Example" }],
    [
      "a patient as an object",
      { patient: { id: "p-1", name: "Maria Example", phoneNumber: "+15105550111" } },
    ],
    ["an appointment", { appointment: { id: "a-1", patient: { name: "Maria Example" } } }],
    ["a transcript", { transcript: "I would rather come on Friday" }],
    ["transcripts in a list", { transcripts: [{ text: "I would rather come on Friday" }] }],
    [
      "an utterance",
      { utterance: "I would rather come on Friday", userTranscript: "I would rather come on Friday" },
    ],
    ["attributes", { attributes: { "sip.phoneNumber": "+15105550111", "sip.h.x-name": "Maria" } }],
    ["a brief", { brief: JSON.stringify({ patient: "Maria Example" }), metadata: "Maria Example" }],
    ["secrets", { apiKey: "hunter2", apiSecret: "hunter2", token: "hunter2", password: "hunter2" }],
    [
      "secrets as the environment names them",
      { LIVEKIT_API_SECRET: "hunter2", GOOGLE_API_KEY: "hunter2", env: { TELNYX_API_KEY: "hunter2" } },
    ],
    [
      "secrets in a request",
      { headers: { Authorization: "Bearer hunter2", cookie: "sid=hunter2" }, api_key: "hunter2" },
    ],
    [
      "an error that quotes what it was given",
      { error: new Error("no patient Maria Example at +15105550111") },
    ],
    [
      "an error under another name",
      { err: Object.assign(new Error("Maria"), { code: "E_X", detail: "Maria" }) },
    ],
    [
      "an error with a talkative code",
      { err: Object.assign(new Error("x"), { code: "no route to +15105550111" }) },
    ],
    [
      "an error's cause",
      { error: new SipVoiceError("invalid-brief", "no", { cause: new Error("Maria Example") }) },
    ],
    ["errors in a list", { errors: [new Error("Maria Example")] }],
    ["numbers in a list of its own", { phones: ["+15105550111"], callee: "Maria Example" }],
    ["a list in a list", { data: [[["+15105550111"]]] }],
    ["what lies deep", { a: { b: { c: { d: { name: "Maria", phoneNumber: "+15105550111" } } } } }],
  ])("%s", (_, fields) => {
    const text = textOf(fields);
    for (const secret of personal) expect(text).not.toContain(secret);
  });

  it.each<[string, LogFields]>([
    ["a digit", { digit: "7" }],
    ["digits", { digits: "77" }],
    ["a digit as DTMF tells it", { dtmf: { code: 7, digit: "7" } }],
    ["bytes", { payload: new Uint8Array([7, 7]) }],
  ])("%s", (_, fields) => {
    expect(textOf(fields)).not.toContain("7");
  });

  it("survives what refers to itself", () => {
    const circle: Record<string, unknown> = { name: "Maria" };
    circle.self = circle;
    expect(textOf({ circle })).not.toContain("Maria");
  });
});

describe("what a log line keeps", () => {
  it.each<[LogFields]>([
    [
      {
        attemptId: "t-1",
        callId: "c-1",
        outcome: "busy",
        agentName: "gemini-sip-agent",
        sipStatus: 486,
        ms: 17,
        ok: true,
      },
    ],
    [
      {
        attemptId: "4f0c1c7e-8f0a-4d53-9c06-0d5b1c3d9e10",
        at: 1795339200000,
        earliest: "2026-11-22T12:00:00.000Z",
      },
    ],
    [
      {
        trunkId: "ST_SneqWuNE8Ccn",
        sipCallId: "SCL_Xdb2QqZzU8KB",
        roomName: "call-c-1",
        reason: "did-not-come",
      },
    ],
    [
      {
        phase: "active",
        disposition: "confirmed",
        event: "chose",
        step: "dispatch",
        nothing: null,
        missing: undefined,
      },
    ],
  ])("%j", (fields) => {
    expect(redact(fields)).toEqual(fields);
  });

  it("the last four digits of a number, for a person who knows it", () => {
    expect(redact({ phoneNumber: "+15105550111" })).toEqual({ phoneNumber: "+*******0111" });
  });

  it("an error's name and code", () => {
    expect(redact({ error: new SipVoiceError("livekit-unavailable", "no") })).toEqual({
      error: { error: "SipVoiceError", code: "livekit-unavailable" },
    });
  });

  it("leaves what it was given as it was", () => {
    const fields = { phoneNumber: "+15105550111", nested: { name: "Maria" } };
    redact(fields);
    expect(fields).toEqual({ phoneNumber: "+15105550111", nested: { name: "Maria" } });
  });
});

describe("maskPhoneNumber", () => {
  it.each([
    ["+15105550111", "+*******0111"],
    ["+4415550111", "+******0111"],
    ["+1555011", "+*******"],
    ["+", "+"],
    ["", "+"],
  ])("%s: %s", (number, masked) => {
    expect(maskPhoneNumber(number)).toBe(masked);
  });
});

describe("redactedLogger", () => {
  /** As pino is: methods that need their `this`. */
  class PinoLike implements Logger {
    readonly lines: [string, LogFields, string][] = [];
    debug(fields: LogFields, message: string): void {
      this.lines.push(["debug", fields, message]);
    }
    info(fields: LogFields, message: string): void {
      this.lines.push(["info", fields, message]);
    }
    warn(fields: LogFields, message: string): void {
      this.lines.push(["warn", fields, message]);
    }
    error(fields: LogFields, message: string): void {
      this.lines.push(["error", fields, message]);
    }
  }

  it.each(["debug", "info", "warn", "error"] as const)(
    "passes every %s line through the redactor",
    (level) => {
      const pino = new PinoLike();
      redactedLogger(pino)[level]({ phoneNumber: "+15105550111", callId: "c-1" }, "dialling");
      expect(pino.lines).toEqual([[level, { phoneNumber: "+*******0111", callId: "c-1" }, "dialling"]]);
    },
  );

  it("changes nothing when it is wrapped twice", () => {
    const pino = new PinoLike();
    redactedLogger(redactedLogger(pino)).info({ error: new TypeError("x"), name: "Maria" }, "m");
    expect(pino.lines).toEqual([["info", { error: { error: "TypeError" }, name: "[hidden]" }, "m"]]);
  });
});
