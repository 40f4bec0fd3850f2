import { expect, it } from "vitest";
import { memoryAppointmentStore } from "../appointments/memory-store.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { defaultCallingPolicy } from "../policy/calling-policy.ts";
import { memoryContactPreferences } from "../policy/contact-preferences.ts";
import { sampleAppointment } from "../testing/sample-appointment.ts";
import { previewCampaign } from "./campaign-preview.ts";
import type { CampaignContact } from "./contact.ts";
import { defaultPace } from "./pace.ts";

const consent = { basis: "written", recordedAt: "2026-10-01T09:00:00Z" } as const;
const numberOf = (ordinal: number) => parsePhoneNumber(`+1510555010${ordinal}`);
const contact = (ordinal: number, more: Partial<CampaignContact> = {}): CampaignContact => ({
  id: `c-${ordinal}`,
  phoneNumber: numberOf(ordinal),
  appointments: [{ id: `a-${ordinal}` }],
  consent,
  ...more,
});

it("tells who would be called when, and who not and why", async () => {
  const ordinals = [1, 2, 3, 4, 5];
  const appointments = memoryAppointmentStore({
    appointments: ordinals.map((ordinal) =>
      sampleAppointment({
        id: `a-${ordinal}`,
        start: "2026-12-03T10:00:00-08:00",
        patient: { id: `p-${ordinal}`, name: "Nadia Haddad", phoneNumber: numberOf(ordinal) },
      }),
    ),
  });
  const preferences = memoryContactPreferences();
  await preferences.optOut(numberOf(3), "2026-11-01T09:00:00Z");
  const at = Date.parse("2026-11-23T20:58:00-08:00");
  const list = [
    contact(1),
    contact(2, { priority: 5 }),
    contact(3),
    contact(4, { appointments: [{ id: "gone" }] }),
    contact(5, { timeZone: "Pacific/Honolulu", place: "US-HI" }),
  ];
  const previews = await previewCampaign({ appointments, preferences }, list, {
    policy: defaultCallingPolicy,
    pace: defaultPace,
    at,
  });
  const of = (ordinal: number) => previews.find((one) => one.contact.id === `c-${ordinal}`);
  expect(previews).toHaveLength(5);
  expect(of(2)).toMatchObject({ kind: "call", at });
  // 90 seconds later it is still allowed; the one after that would be too late in California, not in Hawaii.
  expect(of(1)).toMatchObject({ kind: "call", at: at + 90_000 });
  expect(of(5)).toMatchObject({ kind: "call", at: at + 180_000, appointmentId: "a-5" });
  expect(of(3)).toMatchObject({ kind: "refused", reasons: [{ rule: "do-not-call" }] });
  expect(of(4)).toMatchObject({ kind: "skipped", reason: "no-appointment" });
  const [late] = await previewCampaign({ appointments, preferences }, [contact(1)], {
    policy: defaultCallingPolicy,
    pace: defaultPace,
    at: at + 3_600_000,
  });
  expect(late).toMatchObject({ kind: "call", at: Date.parse("2026-11-24T08:00:00-08:00") });
});
