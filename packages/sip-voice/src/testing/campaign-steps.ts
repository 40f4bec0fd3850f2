import { expect } from "vitest";
import type { NewCampaign } from "../campaign/campaign.ts";
import type { CampaignStore, TryEnd, TryStart } from "../campaign/campaign-store.ts";
import type { CampaignContact } from "../campaign/contact.ts";
import { type CampaignPace, defaultPace } from "../campaign/pace.ts";
import { defaultRetryPlan } from "../campaign/retry-plan.ts";
import { SipVoiceError } from "../errors.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";

/** When the campaigns of the cases are made. */
export const now = Date.parse("2026-11-23T10:00:00-08:00");
/** A pace that holds nothing up. */
export const fast: CampaignPace = { concurrency: 100, pauseMs: 0, callsPerSecond: 100 };
/** The campaign of the cases. */
export const recall: NewCampaign = {
  id: "recall",
  clinicId: "main",
  pace: defaultPace,
  retries: { ...defaultRetryPlan, mostTries: 2 },
  createdAt: now,
};

/** The first, second, ... contact; each has a number of its own up to 99. */
export function contact(ordinal: number, more: Partial<CampaignContact> = {}): CampaignContact {
  const phoneNumber = parsePhoneNumber(`+1510555${String(100 + ordinal).padStart(4, "0")}`);
  return { id: `c-${ordinal}`, phoneNumber, appointments: [{ id: `appointment-${ordinal}` }], ...more };
}

/** The first so many contacts. */
export const contacts = (count: number): CampaignContact[] =>
  Array.from({ length: count }, (_, index) => contact(index + 1));
/** A try of a contact. */
export const tryOf = (ordinal: number, tryNumber = 1, campaignId = recall.id) => ({
  campaignId,
  contactId: `c-${ordinal}`,
  tryNumber,
});

/** A running campaign with so many contacts. */
export async function running(store: CampaignStore, count: number): Promise<void> {
  await store.create(recall);
  expect(await store.addContacts(recall.id, contacts(count))).toMatchObject({ added: count });
  expect(await store.setState(recall.id, "running")).toBe("running");
}

/** Each call begins at an instant of its own: several at one would be more than a pace allows. */
export const beginOf = (ordinal: number, tryNumber = 1): number => now + 10 * (ordinal + tryNumber);

/** Begins a try that has to begin. */
export async function begun(
  store: CampaignStore,
  ordinal: number,
  tryNumber = 1,
  at = beginOf(ordinal, tryNumber),
) {
  const start = await store.beginTry(tryOf(ordinal, tryNumber), fast, at);
  expect(start.kind).toBe("begun");
  return start as TryStart & { kind: "begun" };
}

/** A try whose number was busy. */
export const busy = (next: TryEnd["next"], endedAt = now + 20_000): TryEnd => ({
  result: { outcome: "busy", callId: "call-1", appointmentId: "appointment-1", sipStatus: 486 },
  endedAt,
  rang: true,
  counts: "rung",
  next,
});

/** Expects a step to be refused for a field. */
export async function expectInvalid(step: Promise<unknown>, field: string): Promise<void> {
  const error = await step.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(SipVoiceError.is(error) && [error.code, error.field]).toEqual(["invalid-option", field]);
}
