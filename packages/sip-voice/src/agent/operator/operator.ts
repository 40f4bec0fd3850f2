import type { Room } from "@livekit/rtc-node";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log/logger.ts";
import type { Dialer } from "../../outbound/dialer.ts";
import type { RoomGateway } from "../../outbound/room-gateway.ts";
import { isOpenAt } from "../../policy/opening-hours.ts";
import { detectSipParticipant } from "../../sip/detect-sip-participant.ts";
import type { CallLine } from "../call/call-line.ts";
import { type BridgedAgent, OperatorBridge } from "./operator-bridge.ts";
import type { OperatorPlan } from "./operator-options.ts";
import { refer } from "./operator-refer.ts";
import type { TransferResult } from "./transfer-result.ts";

/** What an {@link Operator} needs. */
export interface OperatorContext {
  /** `undefined` where the clinic has no operator. */
  readonly plan: OperatorPlan | undefined;
  readonly room: Room;
  readonly line: CallLine;
  readonly rooms: RoomGateway;
  /** Without one nobody can be bridged. */
  readonly dialer: Dialer | undefined;
  /** The agent that hands the caller over. */
  readonly agent: BridgedAgent;
  readonly clock: Clock;
  readonly logger: Logger;
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
    const { plan, line, dialer, clock, logger } = this.#o;
    const { party, roomName } = line;
    if (!plan || !party || !roomName) return { reached: false, reason: "no-operator" };
    if (plan.openingHours && !isOpenAt(plan.openingHours, clock.now()))
      return { reached: false, reason: "closed" };
    // A browser has no SIP leg that could be handed on.
    const canRefer = detectSipParticipant(party).isSip;
    if (plan.method === "refer" && canRefer) return await this.#refer(plan, roomName, party.identity);
    if (dialer) {
      const bridge = { ...this.#o, plan, dialer, roomName, caller: party.identity, over: line.over };
      return await new OperatorBridge(bridge).reach();
    }
    logger.error({ method: plan.method }, "an operator can't be bridged without a dialer in the backend");
    if (!canRefer) return { reached: false, reason: "no-operator" };
    return await this.#refer(plan, roomName, party.identity);
  }

  async #refer(plan: OperatorPlan, roomName: string, identity: string): Promise<TransferResult> {
    const { rooms, clock } = this.#o;
    const { phoneNumber: to, ringingTimeoutSeconds } = plan;
    const result = await refer({ rooms, roomName, identity, to, ringingTimeoutSeconds, clock });
    return result === "reached" ? { reached: true, by: "refer" } : { reached: false, reason: result };
  }
}
