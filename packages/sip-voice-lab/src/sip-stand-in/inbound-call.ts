import { ParticipantKind, type Room, RoomEvent, TrackKind } from "@livekit/rtc-node";
import { Deferred } from "../telephone/deferred.ts";
import { livekitId } from "../telephone/sip-leg.ts";
import type { PlaceCallOptions, Telephone } from "../telephone/telephone.ts";
import { CallFailed } from "../telephone/telephone-error.ts";
import { TelephoneLine } from "../telephone/telephone-line.ts";
import { inboundParticipant, routeInbound } from "./inbound-route.ts";
import { milliseconds } from "./milliseconds.ts";
import type { Switchboard } from "./switchboard.ts";

/** From the agent's track being subscribed to `active`: with the subscription itself about the recorded 125 ms. */
const TRACK_TO_ACTIVE_MS = 100;
const DEFAULT_RINGING_MS = 30_000;

/**
 * Carries a call of a telephone into a room, by trunk and dispatch rule. Resolves with the ringing line.
 * @throws CallFailed with 404 when no trunk or rule takes it.
 */
export async function placeInboundCall(
  board: Switchboard,
  telephone: Telephone,
  to: string,
  options: PlaceCallOptions,
): Promise<TelephoneLine> {
  if (telephone.isInUse) throw new CallFailed(486, "Busy Here");
  const from = options.hideNumber === "anonymous" ? "anonymous" : telephone.number;
  const record = telephone.note({
    at: performance.now(),
    direction: "placed",
    otherNumber: to,
    outcome: "ringing",
  });
  const route = routeInbound(board.resources, from, to);
  if (!route) {
    record.outcome = "refused";
    throw new CallFailed(404, "Not Found");
  }
  const callId = livekitId("SCL_");
  const hidden = options.hideNumber === true;
  const shape = inboundParticipant(route, { from, to, hidden, callId, sequence: board.nextSequence() });
  const agentAudio = new Deferred<void>();
  let line: TelephoneLine;
  try {
    line = await TelephoneLine.open(
      telephone.number,
      "inbound",
      {
        livekit: board.livekit,
        ...shape,
        metadata: route.rule.metadata,
        roomPreset: route.rule.roomPreset,
        ...(route.rule.roomConfig ? { roomConfig: route.rule.roomConfig } : {}),
      },
      (room) => whenAgentSpeaks(room, agentAudio),
    );
  } catch (error) {
    record.outcome = "refused";
    throw new CallFailed(500, `Server Internal Error: ${(error as Error).message}`);
  }
  board.keep(line, { callId, trunkId: route.trunk.sipTrunkId });
  telephone.addLine(line);
  void line.ended.then(() => {
    if (record.outcome === "ringing") record.outcome = "given-up";
  });
  await line.openAudio();
  const { ringingTimeoutMs = milliseconds(route.trunk.ringingTimeout) ?? DEFAULT_RINGING_MS } = options;
  const timer = setTimeout(() => {
    if (!line.isUp) void line.end({ by: "caller" }, { failure: new CallFailed(408, "Request Timeout") });
  }, ringingTimeoutMs);
  void line.ended.then(() => clearTimeout(timer));
  // The caller may hang up at any point of it; then there is nothing left to answer.
  answerWhenAgentSpeaks().catch(() => undefined);
  return line;

  async function answerWhenAgentSpeaks(): Promise<void> {
    await agentAudio.promise;
    await board.wait(TRACK_TO_ACTIVE_MS, line);
    await line.leg.setAttributes({ "sip.callStatus": "active" });
    clearTimeout(timer);
    record.outcome = "answered";
    line.markAnswered();
    board.limitDuration(line, milliseconds(route?.trunk.maxCallDuration));
  }
}

function whenAgentSpeaks(room: Room, agentAudio: Deferred<void>): void {
  room.on(RoomEvent.TrackSubscribed, (track, _publication, participant) => {
    if (participant.kind === ParticipantKind.AGENT && track.kind === TrackKind.KIND_AUDIO)
      agentAudio.resolve();
  });
}
