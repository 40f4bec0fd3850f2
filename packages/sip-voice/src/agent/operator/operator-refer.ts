import type { OperatorFailure } from "../../call/state.ts";
import { type Clock, pause } from "../../clock.ts";
import type { RoomGateway, RoomParticipant } from "../../outbound/room-gateway.ts";
import type { PhoneNumber } from "../../phone/phone-number.ts";

/** How much longer than the ringing the room is looked at after a REFER whose end was not told. */
const lookForMs = 10_000;
const lookEveryMs = 500;

/** A telephone that is to be handed on. */
export interface Referral {
  readonly rooms: RoomGateway;
  readonly roomName: string;
  /** The telephone in the room. */
  readonly identity: string;
  readonly to: PhoneNumber;
  readonly ringingTimeoutSeconds: number;
  readonly clock: Clock;
}

/**
 * Hands a telephone to another number, once: a second REFER could ring the operator twice. Where its end was not told
 * (livekit/livekit#4555) the room tells: a telephone that leaves it was transferred, one that stays was not.
 */
export async function refer(referral: Referral): Promise<"reached" | OperatorFailure> {
  const { rooms, roomName, identity, to, ringingTimeoutSeconds, clock } = referral;
  // An answer can be lost long before the ringing ends; until then the telephone may still be handed on.
  const ringsUntil = clock.now() + ringingTimeoutSeconds * 1000;
  const result = await rooms.transfer(roomName, identity, to, ringingTimeoutSeconds);
  if (result.transferred) return "reached";
  return result.reason === "unknown"
    ? await askRoom(referral, Math.max(ringsUntil, clock.now()) + lookForMs)
    : result.reason;
}

async function askRoom(
  { rooms, roomName, identity, clock }: Referral,
  until: number,
): Promise<"reached" | OperatorFailure> {
  let present: readonly RoomParticipant[] | undefined;
  for (;;) {
    present = await rooms.participants(roomName).catch(() => undefined);
    // A room without anybody is gone, and everybody in it was hung up: the agent itself would still be there.
    if (present?.length === 0) return "unknown";
    if (present && !present.some((one) => one.identity === identity)) return "reached";
    if (clock.now() >= until) break;
    await pause(clock, lookEveryMs);
  }
  // Somebody who is still here after that time was rung, and nobody took the call.
  return present ? "no-answer" : "unknown";
}
