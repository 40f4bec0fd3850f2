import type { Appointment } from "../appointments/appointment.ts";
import type { AttemptId } from "../call/identifiers.ts";
import type { Clock } from "../clock.ts";
import type { EndedCall } from "../outbound/call-result.ts";
import type { CallingPolicy } from "../policy/calling-policy.ts";
import type { Consent, ContactPreferences } from "../policy/contact-preferences.ts";
import { decide, type PolicyReason } from "../policy/decision.ts";
import type { DecisionLog } from "../policy/decision-log.ts";
import { decisionRecord } from "../policy/decision-record.ts";
import type { StopSwitch } from "../policy/stop-switch.ts";
import type { DialOutcomeName, Retry } from "../sip/dial-outcome.ts";
import type { MessageLog } from "./message-log.ts";
import { type MessageResult, type Messenger, messageRefused } from "./messenger.ts";

/** The outside world of a confirmation. */
export interface ConfirmationPorts {
  /** Sends it. */
  readonly messenger: Messenger;
  /** Keeps it from being sent twice. */
  readonly messageLog: MessageLog;
  /** Consent and opt-outs. */
  readonly preferences: ContactPreferences;
  /** The switch that stops all dialling stops messages too. */
  readonly stopSwitch?: StopSwitch;
  /** Where the decision is kept. */
  readonly decisions?: DecisionLog;
  /** Where time comes from. */
  readonly clock: Clock;
}

/** A call after its end, and what may be said of it by text message. */
export interface ConfirmationRequest {
  /** The attempt of the call: there is one confirmation for it at the most. */
  readonly attemptId: AttemptId;
  /** The appointment, as the store has it after the call. */
  readonly appointment: Appointment;
  /** What became of the dial. */
  readonly outcome: DialOutcomeName;
  /** What is left of the call, when it was answered. */
  readonly ended?: Pick<EndedCall, "state" | "disposition" | "reached">;
  /** The rules; the hours, destinations and opt-outs of calls hold for messages. */
  readonly policy: CallingPolicy;
  /** The consent to **text messages** that the clinic has: without it, one who did not answer gets none. */
  readonly textConsent?: Consent;
  /** What the message says. Say who sends it, no more of the appointment than is needed, and how to stop messages. */
  readonly text: (appointment: Appointment, why: ConfirmationReason) => string;
}

/** Why a patient gets a confirmation: they asked for it on the call, or were not reached. */
export type ConfirmationReason = "asked" | "not-reached";

/** What came of {@link confirmBySms}. */
export type ConfirmationResult =
  | MessageResult
  /** There is nothing to confirm, or nobody wants it. */
  | { readonly sent: false; readonly reason: "not-wanted"; readonly retry: "never" }
  /** The rules said no; nothing was reserved, so it may be asked for again. */
  | {
      readonly sent: false;
      readonly reason: "refused-by-policy";
      readonly retry: Retry;
      readonly reasons: readonly PolicyReason[];
      /** When time alone would allow it, milliseconds since 1970. */
      readonly earliest?: number;
    };

const notReached: readonly DialOutcomeName[] = ["no-answer", "busy", "unreachable"];

/** Why there should be a confirmation, if there should. */
function reasonFor(request: ConfirmationRequest, now: number): ConfirmationReason | undefined {
  const { appointment, outcome, ended, textConsent } = request;
  const { state, disposition, reached } = ended ?? {};
  const isOver = appointment.status === "cancelled" || Date.parse(appointment.start) <= now;
  if (isOver || state?.optedOut || disposition === "wrong-number" || disposition === "cancelled")
    return undefined;
  // Whoever was not proven to be the patient can't ask for the patient's appointments.
  if (state?.reminder?.channel === "sms" && state.identity === "proven") return "asked";
  if (state?.reminder) return undefined;
  const nobodySpoke = outcome === "answered" && (reached === "machine" || reached === "screener");
  return textConsent && (nobodySpoke || notReached.includes(outcome)) ? "not-reached" : undefined;
}

/**
 * Confirms an appointment by text message after a call, when the patient asked for it on the call (`reminder` by `sms`, identity
 * proven), or was not reached and has consented to text messages. At most one message for an attempt, whatever crashes in
 * between; an opt-out, a consent that was taken back, the stop switch and the calling hours hold for it too.
 *
 * @throws SipVoiceError `store-unavailable` when the decision or the message can't be kept: then nothing was sent
 * @example
 * ```ts
 * import { type ConfirmationPorts, type ConfirmationRequest, confirmBySms, defaultCallingPolicy } from "@clinic/sip-voice";
 *
 * declare const ports: ConfirmationPorts;
 * declare const call: Pick<ConfirmationRequest, "attemptId" | "appointment" | "outcome">;
 * const result = await confirmBySms(ports, {
 *   ...call,
 *   policy: defaultCallingPolicy,
 *   textConsent: { basis: "written", recordedAt: "2026-10-01T09:00:00Z" },
 *   text: ({ start, timeZone }) =>
 *     `Riverside Clinic: your appointment is on ${new Date(start).toLocaleString("en-US", { timeZone })}. Reply STOP to opt out.`,
 * });
 * if (!result.sent) console.log(result.reason, result.retry);
 * ```
 */
export async function confirmBySms(
  ports: ConfirmationPorts,
  request: ConfirmationRequest,
): Promise<ConfirmationResult> {
  const { messenger, messageLog, clock } = ports;
  const { attemptId, appointment } = request;
  const why = reasonFor(request, clock.now());
  if (!why) return { sent: false, reason: "not-wanted", retry: "never" };
  const refusal = await refusalOf(ports, request, why);
  if (refusal) return refusal;
  const text = request.text(appointment, why);
  const key = `confirmation/${attemptId}`;
  const reservation = await messageLog.reserve({ key, clinicId: appointment.clinicId, at: clock.now() });
  if (reservation.kind === "known") return reservation.result ?? messageRefused("unknown");
  const result = await messenger.send({ to: appointment.patient.phoneNumber, text });
  await messageLog.settle(key, result, clock.now());
  return result;
}

/** Asks the rules of calls, and keeps what they said. */
async function refusalOf(
  { preferences, stopSwitch, decisions, clock }: ConfirmationPorts,
  { attemptId, appointment, policy, textConsent }: ConfirmationRequest,
  why: ConfirmationReason,
): Promise<ConfirmationResult | undefined> {
  const { phoneNumber, timeZone, place } = appointment.patient;
  const preference = await preferences.get(phoneNumber);
  const stoppedAt = await stopSwitch?.stoppedAt();
  const now = clock.now();
  const asked: Consent = { basis: "spoken", recordedAt: new Date(now).toISOString() };
  const facts = {
    phoneNumber,
    now,
    timeZone,
    place,
    // What is on record is a consent to calls.
    consent: why === "asked" ? asked : textConsent,
    preference: { ...preference, consent: undefined },
    stoppedAt,
  };
  const decision = decide(policy, facts);
  const record = decisionRecord(policy, facts, decision);
  await decisions?.append({ attemptId, clinicId: appointment.clinicId, about: "message", record });
  if (decision.allowed) return undefined;
  const { reasons, earliest } = decision;
  const retry = earliest === undefined ? "after-review" : "later";
  return {
    sent: false,
    reason: "refused-by-policy",
    retry,
    reasons,
    ...(earliest === undefined ? {} : { earliest }),
  };
}
