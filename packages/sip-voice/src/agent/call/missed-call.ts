import type { CallLog } from "../../call/call-log.ts";
import type { Attempt } from "../../outbound/attempt.ts";
import type { Ledger } from "../../outbound/ledger.ts";
import type { PhoneNumber } from "../../phone/phone-number.ts";

/** How long after a call of ours somebody who calls is taken to call back. */
const missedWithinMs = 72 * 3_600_000;

/** What {@link missedAppointment} looks at. */
export interface MissedCallOptions {
  /** Where attempts are kept; without it nobody is taken to call back. */
  readonly ledger: Pick<Ledger, "lastAttempt"> | undefined;
  /** Where it is kept who answered. */
  readonly callLog: Pick<CallLog, "read">;
  readonly clinicId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The appointment about which the clinic last called a number and reached nobody; `undefined` when it did not, or reached them. */
export async function missedAppointment(
  phoneNumber: PhoneNumber,
  { ledger, callLog, clinicId, now }: MissedCallOptions,
): Promise<string | undefined> {
  const last = await ledger?.lastAttempt(phoneNumber, clinicId);
  if (last?.appointmentId === undefined || now - (last.dialingAt ?? 0) > missedWithinMs) return undefined;
  return (await wasMissed(last, callLog)) ? last.appointmentId : undefined;
}

async function wasMissed({ callId, outcome }: Attempt, callLog: Pick<CallLog, "read">): Promise<boolean> {
  switch (outcome?.outcome) {
    case "no-answer":
    case "busy":
    case "declined":
      return true;
    case "answered": {
      const party = (await callLog.read(callId))?.finalState?.party;
      return party === "machine" || party === "screener";
    }
    default:
      return false;
  }
}
