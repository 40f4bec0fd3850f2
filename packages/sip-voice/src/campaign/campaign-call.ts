import type { Appointment } from "../appointments/appointment.ts";
import type { EndedCall } from "../outbound/call-result.ts";
import { placeCall } from "../outbound/place-call.ts";
import type { CallPorts, PlannedCall } from "../outbound/planned-call.ts";
import { isStoreLost, type StorePatience } from "./store-patience.ts";
import type { TryEvent } from "./try-end.ts";

/** What one call of a campaign is made with. */
export interface CampaignCall {
  /** The call. */
  readonly plan: PlannedCall & { readonly appointment: Appointment };
  /** How long a database that is gone is waited for. */
  readonly patience: StorePatience;
  /** Told when the telephone was answered. */
  readonly onAnswer: (callId: string) => void;
}

/**
 * Makes one call to its end. While the database is gone it waits, and then asks for the same attempt again: the ledger tells what became
 * of it, and never lets it be dialled twice.
 */
export async function makeCampaignCall(
  ports: CallPorts,
  { plan, patience, onAnswer }: CampaignCall,
): Promise<TryEvent> {
  const { ledger, logger } = ports;
  const { attemptId, signal, appointment } = plan;
  // Only this is asked again: once a telephone was answered, what became of it must not be thrown away.
  const keeping = { ...ports, ledger: { ...ledger, settle: patientSettle(ports, patience) } };
  const call = await patience.ask(async () => {
    try {
      return await placeCall(keeping, plan);
    } catch (error) {
      if (isStoreLost(error)) throw error;
      logger.warn({ error, attemptId }, "a call of the campaign could not be made");
      return undefined;
    }
  });
  if (!call) return { kind: "broken" };
  if (call.outcome !== "answered")
    return { kind: "called", appointmentId: appointment.id, call, ended: undefined };
  onAnswer(call.callId);
  const hangUp = (): void => void call.hangUp().catch(() => {});
  if (signal?.aborted) hangUp();
  signal?.addEventListener("abort", hangUp, { once: true });
  let ended: EndedCall;
  try {
    ended = await call.ended;
  } finally {
    signal?.removeEventListener("abort", hangUp);
  }
  return { kind: "called", appointmentId: appointment.id, call, ended };
}

/** Settles an attempt also when the database is gone for a while: else nobody would know that the telephone was answered. */
function patientSettle({ ledger }: CallPorts, patience: StorePatience): CallPorts["ledger"]["settle"] {
  return async (attemptId, outcome, at) => {
    let isRepeated = false;
    return await patience.ask(async () => {
      if (isRepeated) {
        // The first time may have been kept although its answer was lost.
        const kept = await ledger.get(attemptId);
        if (kept?.outcome?.outcome === outcome.outcome) return kept;
      }
      isRepeated = true;
      return await ledger.settle(attemptId, outcome, at);
    });
  };
}
