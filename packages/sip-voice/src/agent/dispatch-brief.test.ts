import { describe, expect, it } from "vitest";
import { SipVoiceError } from "../errors.ts";
import { readDispatchBrief } from "./dispatch-brief.ts";

const now = Date.parse("2026-11-23T18:00:00Z");

function briefExpiringAfter(ms: number, more: object = {}): string {
  return JSON.stringify({
    version: 1,
    callId: "call-1",
    attemptId: "attempt-1",
    clinicId: "main",
    appointmentId: "appointment-1",
    expiresAt: new Date(now + ms).toISOString(),
    ...more,
  });
}

describe("readDispatchBrief", () => {
  it.each(["", " ", "\n\t"])("takes metadata %j for a call that came in", (metadata) => {
    expect(readDispatchBrief(metadata, now)).toEqual({ kind: "none" });
  });

  it("gives the brief of an outbound call", () => {
    const read = readDispatchBrief(briefExpiringAfter(8_000), now);
    expect(read).toMatchObject({
      kind: "brief",
      brief: { attemptId: "attempt-1", appointmentId: "appointment-1", clinicId: "main" },
    });
  });

  it.each([
    { ms: -60_000, kind: "expired" },
    { ms: 0, kind: "expired" },
    { ms: 999, kind: "expired" },
    { ms: 1_000, kind: "expired" },
    { ms: 1_001, kind: "brief" },
  ])("finds a brief that has $ms ms left to be $kind, since connecting takes a moment", ({ ms, kind }) => {
    expect(readDispatchBrief(briefExpiringAfter(ms), now).kind).toBe(kind);
  });

  it.each([
    { name: "not JSON", metadata: "{", field: undefined },
    { name: "null", metadata: "null", field: "brief" },
    { name: "a list", metadata: "[]", field: "brief" },
    { name: "another version", metadata: briefExpiringAfter(8_000, { version: 2 }), field: "version" },
    {
      name: "an empty attempt id",
      metadata: briefExpiringAfter(8_000, { attemptId: "" }),
      field: "attemptId",
    },
    {
      name: "an expiry that is no instant",
      metadata: briefExpiringAfter(8_000, { expiresAt: "soon" }),
      field: "expiresAt",
    },
    {
      name: "an appointment without a patient",
      metadata: briefExpiringAfter(8_000, { appointment: { id: "appointment-1" } }),
      field: "appointment.version",
    },
  ])("finds $name to be malformed, and names the field", ({ metadata, field }) => {
    const read = readDispatchBrief(metadata, now);
    expect(read.kind).toBe("malformed");
    if (read.kind !== "malformed") return;
    expect(SipVoiceError.is(read.error)).toBe(true);
    expect(read.error).toMatchObject({ code: "invalid-brief", field });
  });

  it("turns down a megabyte without reading it, and without repeating it", () => {
    const name = "Nadia Haddad";
    const read = readDispatchBrief(briefExpiringAfter(8_000, { name, padding: "x".repeat(1 << 20) }), now);
    expect(read.kind).toBe("malformed");
    if (read.kind !== "malformed") return;
    expect(read.error.message.length).toBeLessThan(300);
    expect(read.error.message).toMatch(/characters/);
    expect(read.error.message).not.toContain(name);
  });

  it("does not repeat what a malformed brief holds", () => {
    const read = readDispatchBrief(`{"patient":"Nadia Haddad"`, now);
    if (read.kind !== "malformed") throw new Error(`was ${read.kind}`);
    expect(JSON.stringify([read.error.message, String(read.error.cause)])).not.toContain("Nadia");
  });
});
