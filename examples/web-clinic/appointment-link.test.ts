import { SignJWT } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { appointmentLinks } from "./appointment-link.ts";

const secret = "a secret of the tests, 32 characters";
const key = new TextEncoder().encode(secret);
const links = appointmentLinks(secret);

afterEach(() => {
  vi.useRealTimers();
});

describe("the link to an appointment", () => {
  it("opens the appointment that it was signed for, until it expires", async () => {
    vi.useFakeTimers({ now: new Date("2026-11-22T08:00:00Z"), toFake: ["Date"] });
    const link = await links.sign("appointment-maria", 2);
    expect(await links.verify(link)).toBe("appointment-maria");
    vi.setSystemTime(new Date("2026-11-22T09:59:00Z"));
    expect(await links.verify(link)).toBe("appointment-maria");
    vi.setSystemTime(new Date("2026-11-22T10:01:00Z"));
    expect(await links.verify(link)).toBeUndefined();
  });

  it("opens nothing when it was changed, signed by somebody else, or for something else", async () => {
    const link = await links.sign("appointment-maria", 2);
    const [header, , signature] = link.split(".");
    const other = Buffer.from(
      JSON.stringify({ sub: "appointment-omar", aud: "web-clinic", exp: 9e9 }),
    ).toString("base64url");
    const unsigned = Buffer.from('{"alg":"none"}').toString("base64url");
    const token = (audience: string) =>
      new SignJWT().setProtectedHeader({ alg: "HS256" }).setSubject("appointment-omar").setAudience(audience);
    for (const forged of [
      "",
      "appointment-maria",
      `${header}.${other}.${signature}`,
      `${unsigned}.${other}.`,
      await appointmentLinks("another secret of the tests, also long").sign("appointment-omar", 2),
      await token("another-service").setExpirationTime("1h").sign(key),
      await token("web-clinic").sign(key),
    ]) {
      expect(await links.verify(forged)).toBeUndefined();
    }
  });
});
