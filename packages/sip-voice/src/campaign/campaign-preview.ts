import type { AppointmentStore } from "../appointments/store.ts";
import type { CallingPolicy } from "../policy/calling-policy.ts";
import type { ContactPreferences } from "../policy/contact-preferences.ts";
import { decide, type PolicyFacts, type PolicyReason } from "../policy/decision.ts";
import { callableAppointment } from "./callable-appointment.ts";
import type { CampaignContact } from "./contact.ts";
import type { CampaignPace } from "./pace.ts";
import type { SkipReason } from "./try-result.ts";

/** What would become of one contact. */
export type ContactPreview =
  /** It would be called, about then (milliseconds since 1970). */
  | {
      readonly kind: "call";
      readonly contact: CampaignContact;
      readonly at: number;
      readonly appointmentId: string;
    }
  /** The rules refuse it, whatever the time. */
  | { readonly kind: "refused"; readonly contact: CampaignContact; readonly reasons: readonly PolicyReason[] }
  /** There is nothing to call about. */
  | { readonly kind: "skipped"; readonly contact: CampaignContact; readonly reason: SkipReason };

/** What a preview needs. */
export interface PreviewPorts {
  /** The clinic's appointments. */
  readonly appointments: Pick<AppointmentStore, "get">;
  /** Consent and opt-outs. */
  readonly preferences: Pick<ContactPreferences, "get">;
}

/** How a preview reckons. */
export interface PreviewOptions {
  /** The rules. */
  readonly policy: CallingPolicy;
  /** How fast the campaign would call. */
  readonly pace: CampaignPace;
  /** When it would begin, milliseconds since 1970. */
  readonly at: number;
  /** How long a call takes, ringing included, in milliseconds; 60,000 unless given. */
  readonly callMs?: number;
}

interface Candidate {
  readonly contact: CampaignContact;
  readonly appointmentId: string;
  readonly facts: Omit<PolicyFacts, "now">;
  readonly earliest: number;
}

/** When the rules allow a contact to be called from an instant on; reasons when time alone does not. */
function allowedFrom(
  policy: CallingPolicy,
  facts: Omit<PolicyFacts, "now">,
  from: number,
): number | readonly PolicyReason[] {
  const decision = decide(policy, { ...facts, now: from });
  if (decision.allowed) return from;
  return decision.earliest ?? decision.reasons;
}

/**
 * Who would be called when, and who not and why, without calling anybody or writing anything: the first try of each contact, if each call takes as
 * long as `callMs`. Calls of the past are not counted: caps are the ledger's, and may put a call off further.
 *
 * @example
 * ```ts
 * import { type CampaignContact, defaultCallingPolicy, defaultPace, type PreviewPorts, previewCampaign } from "@clinic/sip-voice";
 *
 * async function preview(ports: PreviewPorts, contacts: readonly CampaignContact[]): Promise<void> {
 *   const options = { policy: defaultCallingPolicy, pace: defaultPace, at: Date.now() };
 *   for (const one of await previewCampaign(ports, contacts, options))
 *     console.log(one.contact.listPlace, one.kind === "call" ? new Date(one.at).toISOString() : one.kind);
 * }
 * ```
 */
export async function previewCampaign(
  { appointments, preferences }: PreviewPorts,
  contacts: Iterable<CampaignContact>,
  { policy, pace, at, callMs = 60_000 }: PreviewOptions,
): Promise<readonly ContactPreview[]> {
  const previews: ContactPreview[] = [];
  const candidates: Candidate[] = [];
  for (const contact of contacts) {
    const callable = await callableAppointment(contact, appointments, false, at);
    if ("reason" in callable) {
      previews.push({ kind: "skipped", contact, reason: callable.reason });
      continue;
    }
    const { id: appointmentId, patient } = callable.appointment;
    const { phoneNumber, consent } = contact;
    const preference = await preferences.get(phoneNumber);
    const { timeZone, place } = patient;
    const facts = { phoneNumber, consent, preference, timeZone, place };
    const earliest = allowedFrom(policy, facts, at);
    if (typeof earliest === "number") candidates.push({ contact, appointmentId, facts, earliest });
    else previews.push({ kind: "refused", contact, reasons: earliest });
  }
  const priorityOf = ({ contact }: Candidate): number => contact.priority ?? 0;
  candidates.sort((a, b) => a.earliest - b.earliest || priorityOf(b) - priorityOf(a));
  const concurrency = Math.min(pace.concurrency, Math.max(1, Math.floor(policy.caps.concurrency)));
  const lines = Array.from({ length: concurrency }, () => at);
  let lastBegan = Number.NEGATIVE_INFINITY;
  for (const { contact, appointmentId, facts, earliest } of candidates) {
    const line = lines.indexOf(Math.min(...lines));
    const free = Math.max(earliest, lines[line] ?? at, lastBegan + 1000 / pace.callsPerSecond);
    // The hours may be over by then.
    const begins = allowedFrom(policy, facts, free);
    if (typeof begins !== "number") {
      previews.push({ kind: "refused", contact, reasons: begins });
      continue;
    }
    // One that waits for the next day does not keep the line until then.
    if (begins === free) {
      lines[line] = begins + callMs + pace.pauseMs;
      lastBegan = begins;
    }
    previews.push({ kind: "call", contact, at: begins, appointmentId });
  }
  return previews;
}
