import { type CreateSIPParticipantRequest, SIPParticipantInfo } from "@livekit/protocol";
import { DisconnectReason } from "@livekit/rtc-node";
import { livekitId } from "../telephone/sip-leg.ts";
import type { Telephone, TelephoneCallRecord } from "../telephone/telephone.ts";
import { type RingPlan, ringPlan, type SipRefusal } from "../telephone/telephone-behaviour.ts";
import { CallFailed } from "../telephone/telephone-error.ts";
import { TelephoneLine } from "../telephone/telephone-line.ts";
import { milliseconds } from "./milliseconds.ts";
import { LineGone, type Switchboard } from "./switchboard.ts";
import { serviceError, sipStatusError } from "./twirp-error.ts";

// The timings of `recorded/outbound-sip-participant.json`, less what joining and subscribing take here by themselves.
const REQUEST_TO_JOIN_MS = 20;
const INVITE_TO_REFUSAL_MS = 25;
const RINGING_TO_TRACK_MS = 40;
const TAG_TO_ACTIVE_MS = 2;
const ACTIVE_TO_RESPONSE_MS = 5;
/** After a 486 the participant was still there 1.5 s later. */
const REFUSED_STAYS_MS = 2000;
/** LiveKit's server-side default. */
const DEFAULT_RINGING_MS = 180_000;

/** The answer to the request must not be sent: its connection is to be destroyed. */
export class ResponseLost extends Error {}

/**
 * Dials: joins the telephone to the room, rings it, and puts the call through or not.
 * With `waitUntilAnswered` it resolves when answered and throws when not; without, it resolves once the telephone has
 * joined, and only the room shows what became of it.
 */
export async function dial(
  board: Switchboard,
  request: CreateSIPParticipantRequest,
): Promise<SIPParticipantInfo> {
  const call = await joinTelephone(board, request);
  const outcome = connect(call).catch((error: unknown) => {
    if (error instanceof LineGone) throw serviceError("canceled", "context canceled");
    throw error;
  });
  if (request.waitUntilAnswered) await outcome;
  else outcome.catch(() => undefined);
  return new SIPParticipantInfo({
    participantId: call.participantId,
    participantIdentity: call.line.identity,
    roomName: request.roomName,
    sipCallId: call.callId,
  });
}

interface OutboundCall {
  readonly board: Switchboard;
  readonly request: CreateSIPParticipantRequest;
  readonly callId: string;
  readonly trunkId: string;
  readonly from: string;
  readonly line: TelephoneLine;
  readonly participantId: string;
}

async function joinTelephone(
  board: Switchboard,
  request: CreateSIPParticipantRequest,
): Promise<OutboundCall> {
  if (!request.sipCallTo) throw serviceError("invalid_argument", "missing sip callee number");
  if (request.sipCallTo.includes("@"))
    throw serviceError("invalid_argument", "the callee must be a number, not a URI");
  if (!request.roomName) throw serviceError("invalid_argument", "missing room name");
  const trunk = board.resources.outbound.get(request.sipTrunkId);
  if (!trunk) throw serviceError("not_found", "requested sip trunk does not exist");
  if (board.cpuExhausted) throw serviceError("unavailable", "cpu exhausted");

  const callId = livekitId("SCL_");
  const from = request.sipNumber || (trunk.numbers[0] ?? "");
  const numbers = {
    "sip.phoneNumber": request.sipCallTo,
    "sip.hostname": trunk.address,
    "sip.trunkPhoneNumber": from,
  };
  await new Promise((resolve) => setTimeout(resolve, REQUEST_TO_JOIN_MS));
  const line = await TelephoneLine.open(request.sipCallTo, "outbound", {
    livekit: board.livekit,
    room: request.roomName,
    identity: request.participantIdentity || `sip_${request.sipCallTo}`,
    name: request.participantName || (request.hidePhoneNumber ? "" : `Phone ${request.sipCallTo}`),
    metadata: request.participantMetadata,
    attributes: {
      ...request.participantAttributes,
      "sip.callStatus": "dialing",
      "sip.callID": callId,
      "sip.trunkID": trunk.sipTrunkId,
      ...(request.hidePhoneNumber ? {} : numbers),
    },
  });
  board.keep(line, { callId, trunkId: trunk.sipTrunkId });
  return {
    board,
    request,
    callId,
    trunkId: trunk.sipTrunkId,
    from,
    line,
    participantId: line.leg.participantId,
  };
}

async function connect(call: OutboundCall): Promise<void> {
  const { board, request } = call;
  if (board.isFull(call.trunkId, call.callId)) {
    return refuse(call, { status: 403, reason: "User channel limit exceeded D1" });
  }
  const telephone = board.telephones.get(request.sipCallTo);
  if (!telephone) return refuse(call, { status: 404, reason: "Not Found" });

  const plan = telephone.isInUse ? ringPlan({ kind: "busy" }) : ringPlan(telephone.behaviour);
  const record: TelephoneCallRecord = {
    at: performance.now(),
    direction: "received",
    otherNumber: call.from,
    outcome: "ringing",
  };
  telephone.note(record);
  try {
    await board.countRing(telephone.number, call.line, "dial");
    await ring(call, telephone, record, plan);
  } catch (error) {
    if (record.outcome === "ringing") record.outcome = "given-up";
    throw error;
  }
}

async function ring(
  call: OutboundCall,
  telephone: Telephone,
  record: TelephoneCallRecord,
  plan: RingPlan,
): Promise<void> {
  const { board, request, line } = call;
  if (plan.result === "refused" && plan.ringsForMs === 0) {
    record.outcome = "refused";
    return refuse(call, plan.refusal);
  }
  if (line.isOver) throw new LineGone();
  await line.leg.setAttributes({ "sip.callStatus": "ringing" });
  telephone.addLine(line);
  const ringingSince = performance.now();
  const audio = board.wait(RINGING_TO_TRACK_MS, line).then(() => line.openAudio());
  audio.catch(() => undefined);

  const timeoutMs = milliseconds(request.ringingTimeout) ?? DEFAULT_RINGING_MS;
  const ringsForMs = plan.result === "nothing" ? Number.POSITIVE_INFINITY : plan.ringsForMs;
  await board.wait(Math.min(ringsForMs, timeoutMs), line);
  if (ringsForMs >= timeoutMs) {
    record.outcome = "given-up";
    endSoon(line, 1, DisconnectReason.USER_UNAVAILABLE, new CallFailed(487, "Request Terminated"));
    throw serviceError("canceled", "sip request timed out");
  }
  if (plan.result === "refused") {
    record.outcome = "refused";
    return refuse(call, plan.refusal);
  }
  if (plan.result === "nothing") throw new LineGone();
  // Nobody is put through to a line without audio, however fast the telephone was picked up.
  await audio;
  await putThrough(call, record);
  if (plan.responseLost) throw new ResponseLost(`after ${Math.round(performance.now() - ringingSince)} ms`);
  await board.wait(ACTIVE_TO_RESPONSE_MS, line);
}

async function putThrough(call: OutboundCall, record: TelephoneCallRecord): Promise<void> {
  const { board, request, line } = call;
  await line.leg.setAttributes({ "sip.callTag": livekitId("p"), "sip.callIDFull": livekitId("PiE") });
  await board.wait(TAG_TO_ACTIVE_MS, line);
  await line.leg.setAttributes({ "sip.callStatus": "active" });
  if (line.isOver) throw new LineGone();
  record.outcome = "answered";
  line.markAnswered();
  board.limitDuration(line, milliseconds(request.maxCallDuration));
}

async function refuse(call: OutboundCall, refusal: SipRefusal): Promise<never> {
  await call.board.wait(INVITE_TO_REFUSAL_MS, call.line);
  const failure = new CallFailed(refusal.status, refusal.reason);
  endSoon(call.line, REFUSED_STAYS_MS, disconnectReason(refusal.status), failure);
  throw sipStatusError(refusal.status, refusal.reason);
}

function endSoon(line: TelephoneLine, afterMs: number, reason: DisconnectReason, failure: CallFailed): void {
  const timer = setTimeout(() => void line.end({ by: "room" }, { reason, failure }), afterMs);
  void line.ended.then(() => clearTimeout(timer));
}

function disconnectReason(status: number): DisconnectReason {
  if ([486, 600, 603, 607].includes(status)) return DisconnectReason.USER_REJECTED;
  if ([404, 408, 410, 480, 484, 604].includes(status)) return DisconnectReason.USER_UNAVAILABLE;
  if ([401, 403, 407].includes(status)) return DisconnectReason.SIP_TRUNK_FAILURE;
  return DisconnectReason.UNKNOWN_REASON;
}
