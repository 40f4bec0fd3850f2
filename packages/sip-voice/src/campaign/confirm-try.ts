import type { AppointmentStore } from "../appointments/store.ts";
import type { CallLog } from "../call/call-log.ts";
import {
  type ConfirmationPorts,
  type ConfirmationRequest,
  type ConfirmationResult,
  confirmBySms,
} from "../messaging/confirm-by-sms.ts";
import type { CampaignEvent } from "./campaign-event.ts";
import { attemptIdOfTry } from "./campaign-try.ts";
import type { TryOutcome } from "./retry-plan.ts";

/** The outside world of {@link confirmTry}: that of a campaign, with a messenger. */
export interface ConfirmTryPorts extends ConfirmationPorts {
  /** The clinic's appointments. */
  readonly appointments: Pick<AppointmentStore, "get">;
  /** Where the agent wrote what the patient asked for. */
  readonly callLog: Pick<CallLog, "read">;
}

/** The outcome of the dial behind that of a try; none where nobody was dialled. */
function dialOutcomeOf(outcome: TryOutcome): ConfirmationRequest["outcome"] | undefined {
  switch (outcome) {
    case "machine":
    case "message-left":
    case "screener":
      return "answered";
    case "skipped":
    case "broken":
      return undefined;
    default:
      return outcome;
  }
}

/**
 * Confirms an appointment by text message after a try of a campaign, by the rules of {@link confirmBySms}. One who was not reached
 * gets the message after the last try, not after each.
 *
 * @returns what came of it; `undefined` when nobody was dialled, the contact is called again, or the appointment is gone
 * @throws SipVoiceError `store-unavailable` when something can't be read or kept: then nothing was sent
 * @example
 * ```ts
 * import { type CampaignEvent, type ConfirmTryPorts, confirmTry, defaultCallingPolicy } from "@clinic/sip-voice";
 *
 * declare const ports: ConfirmTryPorts;
 * export function onEvent(event: CampaignEvent): void {
 *   if (event.type !== "try-ended") return;
 *   const text = () => "Riverside Clinic: see you tomorrow. To change it call 510-555-0100. Reply STOP for no more messages.";
 *   confirmTry(ports, event, { policy: defaultCallingPolicy, text }).catch(() => console.error("not confirmed"));
 * }
 * ```
 */
export async function confirmTry(
  ports: ConfirmTryPorts,
  event: CampaignEvent & { readonly type: "try-ended" },
  options: Pick<ConfirmationRequest, "policy" | "textConsent" | "text">,
): Promise<ConfirmationResult | undefined> {
  const { result, next } = event.end;
  const { appointmentId, callId } = result;
  const outcome = dialOutcomeOf(result.outcome);
  if (!outcome || appointmentId === undefined) return undefined;
  // Whoever talked to us is not called again; all others may be.
  if (result.outcome !== "answered" && !("end" in next)) return undefined;
  const appointment = await ports.appointments.get(appointmentId);
  if (!appointment) return undefined;
  const state = callId === undefined ? undefined : (await ports.callLog.read(callId))?.finalState;
  const { disposition = "none", reached = "unknown" } = result;
  const ended = outcome === "answered" ? { ended: { disposition, reached, state } } : {};
  return await confirmBySms(ports, {
    ...options,
    attemptId: attemptIdOfTry(event.try),
    appointment,
    outcome,
    ...ended,
  });
}
