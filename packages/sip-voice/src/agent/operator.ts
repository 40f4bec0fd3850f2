import type { Clock } from "../clock.ts";
import type { RoomGateway } from "../outbound/room-gateway.ts";
import { isOpenAt } from "../policy/opening-hours.ts";
import { detectSipParticipant } from "../sip/detect-sip-participant.ts";
import type { CallLine } from "./call-line.ts";
import type { OperatorPlan } from "./operator-options.ts";
import { refer } from "./operator-refer.ts";
import type { TransferResult } from "./transfer-result.ts";

/** What an {@link Operator} needs. */
export interface OperatorContext {
  /** `undefined` where the clinic has no operator. */
  readonly plan: OperatorPlan | undefined;
  readonly line: CallLine;
  readonly rooms: RoomGateway;
  readonly clock: Clock;
}

/** The clinic's operator, as one call reaches them. */
export class Operator {
  readonly #o: OperatorContext;

  /** Makes the operator of one call; nobody is rung yet. */
  constructor(context: OperatorContext) {
    this.#o = context;
  }

  /** Hands the caller over; resolves when the operator has them, or is known not to. */
  async reach(): Promise<TransferResult> {
    const { plan, line, rooms, clock } = this.#o;
    const { party, roomName } = line;
    if (!plan || !party || !roomName) return { reached: false, reason: "no-operator" };
    if (plan.openingHours && !isOpenAt(plan.openingHours, clock.now()))
      return { reached: false, reason: "closed" };
    // A browser has no SIP leg that could be handed on.
    if (!detectSipParticipant(party).isSip) return { reached: false, reason: "no-operator" };
    const { phoneNumber: to, ringingTimeoutSeconds } = plan;
    const { identity } = party;
    const result = await refer({ rooms, roomName, identity, to, ringingTimeoutSeconds, clock });
    return result === "reached" ? { reached: true, by: "refer" } : { reached: false, reason: result };
  }
}
