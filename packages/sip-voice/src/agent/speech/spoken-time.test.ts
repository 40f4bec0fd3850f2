import { describe, expect, it } from "vitest";
import { spokenTime } from "./spoken-time.ts";

/** ICU parts the time from its AM or PM with a narrow space. */
const plain = (text: string): string => text.replaceAll(/\s/gu, " ");

describe("spokenTime", () => {
  it.each([
    ["2026-11-27T10:00:00-08:00", "America/Los_Angeles", "Friday, November 27 at 10:00 AM"],
    ["2026-11-27T10:00:00-08:00", "America/New_York", "Friday, November 27 at 1:00 PM"],
    ["2026-11-27T18:00:00Z", "America/Phoenix", "Friday, November 27 at 11:00 AM"],
    // One instant, two days.
    ["2026-11-28T06:30:00Z", "America/Los_Angeles", "Friday, November 27 at 10:30 PM"],
    ["2026-11-28T06:30:00Z", "Asia/Dubai", "Saturday, November 28 at 10:30 AM"],
    // The clocks went back at 2:00 on 1 November 2026: 1:30 comes twice.
    ["2026-11-01T08:30:00Z", "America/Los_Angeles", "Sunday, November 1 at 1:30 AM"],
    ["2026-11-01T09:30:00Z", "America/Los_Angeles", "Sunday, November 1 at 1:30 AM"],
    ["2026-11-01T18:00:00Z", "America/Los_Angeles", "Sunday, November 1 at 10:00 AM"],
    ["2026-10-31T17:00:00Z", "America/Los_Angeles", "Saturday, October 31 at 10:00 AM"],
    // They went forward at 2:00 on 8 March 2026, not in Arizona.
    ["2026-03-08T10:00:00Z", "America/Los_Angeles", "Sunday, March 8 at 3:00 AM"],
    ["2026-03-08T10:00:00Z", "America/Phoenix", "Sunday, March 8 at 3:00 AM"],
    ["2026-03-08T09:59:00Z", "America/Los_Angeles", "Sunday, March 8 at 1:59 AM"],
  ])("says %s in %s as %s", (instant, timeZone, said) => {
    expect(plain(spokenTime(instant, timeZone, "en-US"))).toBe(said);
  });

  it.each([
    ["2026-11-27T10:00:00-08:00", "America/Los_Angeles", ["الجمعة", "نوفمبر", "٢٧|27", "١٠|10"]],
    ["2026-11-28T06:30:00Z", "Asia/Dubai", ["السبت", "نوفمبر", "٢٨|28", "١٠|10", "٣٠|30"]],
    ["2026-11-01T18:00:00Z", "America/Los_Angeles", ["الأحد", "نوفمبر", "١٠|10"]],
    ["2026-10-31T17:00:00Z", "America/Los_Angeles", ["السبت", "أكتوبر", "٣١|31", "١٠|10"]],
  ])("says %s in %s in Arabic, at the clinic's own hour", (instant, timeZone, parts) => {
    const said = spokenTime(instant, timeZone, "ar-XA");
    for (const part of parts) expect(said).toMatch(new RegExp(part, "u"));
    expect(said).not.toMatch(/[a-z]/i);
  });
});
