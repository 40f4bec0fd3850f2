import type { TransferSIPParticipantRequest } from "@livekit/protocol";
import type { TelephoneCallRecord } from "../telephone/telephone.ts";
import { ringPlan } from "../telephone/telephone-behaviour.ts";
import { milliseconds } from "./milliseconds.ts";
import { LineGone, type Switchboard } from "./switchboard.ts";
import { serviceError, sipStatusError } from "./twirp-error.ts";

const REFER_TO_REFUSAL_MS = 25;
/** How long after a request that "timed out" its telephone leaves. */
const LOST_TO_DEPARTURE_MS = 1_500;
/** LiveKit's default for a transfer. */
const DEFAULT_RINGING_MS = 30_000;

/** The number in `tel:+1...` or `sip:+1...@host`, with or without angle brackets; undefined for anything else. */
export function transferNumber(uri: string): string | undefined {
  const match = /^<?(?:tel:|sips?:)([^@;>]+)(?:[@;>].*)?$/i.exec(uri.trim());
  return match?.[1];
}

/**
 * Transfers a telephone to another by REFER. When the other is picked up, the first leaves its room; when not, the
 * call goes on as it was and the request fails.
 */
export async function transfer(board: Switchboard, request: TransferSIPParticipantRequest): Promise<void> {
  const number = transferNumber(request.transferTo);
  if (!request.participantIdentity) throw serviceError("invalid_argument", "missing participant identity");
  if (!request.transferTo) throw serviceError("invalid_argument", "missing transfer to");
  if (!number) {
    throw serviceError(
      "invalid_argument",
      "transfer_to must be a valid SIP(s) or TEL URI (sip:, sips: or tel:)",
    );
  }
  const line = board.lineOf(request.roomName, request.participantIdentity);
  if (!line?.isUp) throw serviceError("not_found", "participant does not exist");

  let record: TelephoneCallRecord | undefined;
  try {
    const target = board.telephones.get(number);
    if (!target) {
      await board.wait(REFER_TO_REFUSAL_MS, line);
      throw sipStatusError(404, "Not Found");
    }
    const plan = target.isInUse ? ringPlan({ kind: "busy" }) : ringPlan(target.behaviour);
    record = target.note({
      at: performance.now(),
      direction: "received",
      otherNumber: line.number,
      transferredFrom: line.number,
      outcome: "ringing",
    });
    await board.countRing(number, line, "transfer");
    const timeoutMs = milliseconds(request.ringingTimeout) ?? DEFAULT_RINGING_MS;
    const ringsForMs = plan.result === "nothing" ? Number.POSITIVE_INFINITY : plan.ringsForMs;
    await board.wait(Math.max(REFER_TO_REFUSAL_MS, Math.min(ringsForMs, timeoutMs)), line);
    if (ringsForMs >= timeoutMs || plan.result === "nothing") {
      throw serviceError("deadline_exceeded", "request timed out");
    }
    if (plan.result === "refused") {
      record.outcome = "refused";
      throw sipStatusError(plan.refusal.status, plan.refusal.reason);
    }
    record.outcome = "answered";
    if (plan.responseLost) {
      // As in livekit/livekit#4555: the request is told that it timed out, and the transfer happens all the same.
      void board.wait(LOST_TO_DEPARTURE_MS, line).then(
        () => line.end({ by: "transfer" }),
        () => undefined,
      );
      throw serviceError("deadline_exceeded", "request timed out");
    }
    await line.end({ by: "transfer" });
  } catch (error) {
    if (record?.outcome === "ringing") record.outcome = "given-up";
    if (error instanceof LineGone) throw serviceError("canceled", "context canceled");
    throw error;
  }
}
