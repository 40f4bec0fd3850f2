import type { RemoteParticipant } from "@livekit/rtc-node";
import { agentAttribute } from "../../call/readiness.ts";
import type { Logger } from "../../log/logger.ts";
import type { RoomGateway } from "../../outbound/room-gateway.ts";

/** What {@link grantedAppointment} needs. */
export interface GrantOptions {
  readonly rooms: Pick<RoomGateway, "participants">;
  readonly roomName: string;
  readonly logger: Logger;
}

/** The appointment that the server put into a visitor's token, as it was when they came. */
export async function grantedAppointment(
  visitor: RemoteParticipant,
  { rooms, roomName, logger }: GrantOptions,
): Promise<string | undefined> {
  const appointmentId = visitor.attributes[agentAttribute.appointment];
  const members = appointmentId ? await rooms.participants(roomName) : [];
  if (!members.some((one) => one.identity === visitor.identity && one.mayChangeAttributes)) {
    return appointmentId;
  }
  logger.error({}, "a visitor may change their own attributes: no appointment is shown to them");
  return undefined;
}
