import { describe, expect, it } from "vitest";
import { SipVoiceError } from "../errors.ts";
import { sampleAppointment } from "../testing/sample-appointment.ts";
import { type CallBrief, isBriefExpired, parseCallBrief } from "./brief.ts";

const brief: CallBrief = {
  version: 1,
  callId: "c-1",
  attemptId: "t-1",
  clinicId: "main",
  appointmentId: "a-1",
  expiresAt: "2026-11-23T18:00:00Z",
};

function refusalOf(metadata: string): SipVoiceError {
  try {
    parseCallBrief(metadata);
  } catch (error) {
    if (SipVoiceError.is(error)) return error;
    throw error;
  }
  throw new Error("the brief was taken");
}

describe("parseCallBrief", () => {
  it("reads what makeCall sends", () => {
    expect(parseCallBrief(JSON.stringify(brief))).toEqual(brief);
  });

  it("reads an appointment's details where they were sent along", () => {
    const { slotId: _, ...appointment } = sampleAppointment();
    expect(parseCallBrief(JSON.stringify({ ...brief, appointment })).appointment).toEqual(appointment);
  });

  it("leaves out what it does not know, so that a newer sender may add a field", () => {
    expect(parseCallBrief(JSON.stringify({ ...brief, added: "later" }))).toEqual(brief);
  });

  it.each(["", "{", "undefined", "confirm Maria at +15105550111", '{"version":1,'])(
    "refuses '%s': not JSON",
    (metadata) => {
      const error = refusalOf(metadata);
      expect(error).toMatchObject({ code: "invalid-brief", remedy: expect.stringContaining("makeCall") });
      expect(error.message).not.toContain("Maria");
      expect(error.message).not.toContain("5550111");
    },
  );

  it.each(["null", "1", "[]", '"text"', "true"])("refuses %s: JSON, but no brief", (metadata) => {
    expect(refusalOf(metadata)).toMatchObject({ code: "invalid-brief" });
  });

  it("refuses a megabyte without reading it", () => {
    const metadata = JSON.stringify({ ...brief, padding: "x".repeat(1024 * 1024) });
    expect(refusalOf(metadata).message).toContain(String(metadata.length));
  });

  it.each(Object.keys(brief) as (keyof CallBrief)[])("names %s when it is missing", (field) => {
    const { [field]: _, ...rest } = brief;
    const error = refusalOf(JSON.stringify(rest));
    expect(error).toMatchObject({ code: "invalid-brief", field });
    expect(error.message).toContain(field);
  });

  it.each<[string, unknown]>([
    ["version", 2],
    ["version", "1"],
    ["callId", ""],
    ["callId", "Maria".repeat(41)],
    ["attemptId", 15105550111],
    ["clinicId", null],
    ["appointmentId", ["Maria"]],
    ["expiresAt", "tomorrow, says Maria"],
    ["expiresAt", "2026-11-23T18:00:00"],
    ["expiresAt", "2026-02-30T18:00:00Z"],
    ["expiresAt", 1795456800000],
    ["appointment", "Maria"],
  ])("names %s when it is %j, and does not repeat the value", (field, value) => {
    const error = refusalOf(JSON.stringify({ ...brief, [field]: value }));
    expect(error).toMatchObject({ code: "invalid-brief", field });
    expect(error.message).not.toMatch(/Maria|15105550111/);
  });

  it("names what is wrong inside of the appointment", () => {
    const appointment = {
      ...sampleAppointment(),
      patient: { id: "p", name: "Maria", phoneNumber: "555-0111" },
    };
    const error = refusalOf(JSON.stringify({ ...brief, appointment }));
    expect(error.field).toBe("appointment.patient.phoneNumber");
    expect(error.message).not.toMatch(/Maria|0111/);
  });
});

describe("a brief's expiry", () => {
  const expiry = Date.parse(brief.expiresAt);

  it.each([
    [expiry - 1, false],
    [expiry, true],
    [expiry + 1, true],
  ])("at %i: expired %s", (now, expired) => {
    expect(isBriefExpired(brief, now)).toBe(expired);
  });

  it("heeds the offset", () => {
    expect(isBriefExpired({ ...brief, expiresAt: "2026-11-23T10:00:00-08:00" }, expiry - 1)).toBe(false);
    expect(isBriefExpired({ ...brief, expiresAt: "2026-11-23T18:00:00+02:00" }, expiry - 1)).toBe(true);
  });

  it("that cannot be read has come", () => {
    expect(isBriefExpired({ ...brief, expiresAt: "never" }, 0)).toBe(true);
  });
});
