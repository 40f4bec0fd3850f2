import { withoutIdentityProofs } from "../appointments/identity-proofs.ts";
import type { AttemptId } from "../call/identifiers.ts";
import { pause } from "../clock.ts";
import { SipVoiceError } from "../errors.ts";
import { attemptCaps } from "../policy/attempt-caps.ts";
import { dialFailure } from "../sip/dial-outcome.ts";
import { summonAgent } from "./agent-gate.ts";
import { answeredCall } from "./answered-call.ts";
import type { Attempt, AttemptOutcome, NewAttempt } from "./attempt.ts";
import { judgedFrom } from "./attempt-verdict.ts";
import type { CallResult } from "./call-result.ts";
import { dialOnce } from "./dial-once.ts";
import type { AttemptCap, Ledger } from "./ledger.ts";
import type { CallPorts, OutboundTrunk, PlannedCall } from "./planned-call.ts";
import { decideStep, refusalOf, refuseCapped } from "./policy-step.ts";
import { reconcileAttempt, reconcileAttempts } from "./reconcile.ts";

/** How long the steps between reserving and dialling may take beyond the wait for the agent. */
const leaseGraceMs = 10_000;

/**
 * Places one call in the order that keeps a patient from being rung twice: policy, ledger `reserved`, room, agent ready,
 * policy again, ledger `dialing`, one dial, `settled`. A crash before `dialing` leaves a reservation that runs out; a crash
 * after it leaves an attempt that is never dialled again.
 */
export async function placeCall(ports: CallPorts, call: PlannedCall): Promise<CallResult> {
  const { ledger, clock, logger } = ports;
  const { attemptId, callId, signal } = call;

  // An attempt that is known is answered from the ledger, whatever the rules say by now.
  const known = await ledger.get(attemptId);
  if (known && known.phoneNumber !== call.phoneNumber) {
    throw new SipVoiceError("invalid-option", "The attempt id belongs to a call to another number.", {
      field: "attemptId",
      remedy: "Use one id for each try at ringing one number.",
    });
  }
  if (known && known.state !== "reserved") return await resultOfKnown(ports, call, known);

  const { facts, decision } = await decideStep(ports, call, "reserve");
  if (!decision.allowed) return { ...refusalOf(decision, facts), attemptId, callId };
  if (signal?.aborted) return { ...dialFailure("cancelled"), attemptId, callId };

  const reservedAt = clock.now();
  const wanted: NewAttempt = {
    attemptId,
    callId,
    clinicId: call.appointment.clinicId,
    phoneNumber: call.phoneNumber,
    appointmentId: call.appointment.id,
    roomName: `call-${callId}`,
    reservedAt,
    leaseUntil: reservedAt + call.agentPatienceMs * call.agentDispatches + leaseGraceMs,
    ringingTimeoutSeconds: call.ringingTimeoutSeconds,
    callLimitSeconds: call.callLimitSeconds,
    ...(call.trunk ? { trunkId: call.trunk.id } : {}),
  };
  const policyCaps = attemptCaps(call.policy, decision.zones, reservedAt);
  const caps = call.trunk ? [...policyCaps, trunkCap(call.trunk)] : policyCaps;
  let reservation = await ledger.reserve(wanted, caps);
  if (reservation.kind === "capped" && reservation.caps.some(({ since }) => since === "under-way")) {
    await reconcileAttempts(ports);
    reservation = await ledger.reserve(wanted, caps);
  }
  if (reservation.kind === "capped") {
    const { caps: hit } = reservation;
    const full = policyCaps.filter((cap) => hit.some(({ name }) => name === cap.name));
    // Only the trunk is full: nothing was reserved, and the same attempt may be asked for again in a moment.
    if (full.length === 0) return { ...dialFailure("trunk-capacity"), attemptId, callId };
    return { ...(await refuseCapped(ports, call, facts, full)), attemptId, callId };
  }
  if (reservation.kind === "known") return await resultOfKnown(ports, call, reservation.attempt);
  logger.debug({ attemptId, callId }, "attempt reserved");
  return await carryOut(ports, call, reservation.attempt);
}

/** From the reservation on: whatever happens, the attempt ends in the ledger and no room is left. */
async function carryOut(ports: CallPorts, call: PlannedCall, attempt: Attempt): Promise<CallResult> {
  const { ledger, rooms, clock, logger } = ports;
  const { attemptId, callId, roomName } = attempt;
  const giveUp = async (outcome: AttemptOutcome): Promise<CallResult> => {
    let released: Attempt;
    try {
      released = await ledger.release(attemptId, attempt.lease, outcome, clock.now());
    } catch (error) {
      // Our lease ran out meanwhile: what became of the attempt is for whoever took it over to say.
      const current = await ledger.get(attemptId);
      if (!current || (current.state === "reserved" && current.lease === attempt.lease)) throw error;
      return await resultOfKnown(ports, call, current);
    }
    logger.info({ attemptId, callId, outcome: outcome.outcome }, "call given up before dialling");
    return await resultOf(ports, call, released);
  };
  let dialled = false;
  let answered = false;
  try {
    await rooms.createRoom(roomName, {
      metadata: JSON.stringify({ attemptId }),
      emptyTimeoutSeconds: Math.ceil((call.agentPatienceMs * call.agentDispatches) / 1000) + 10,
    });
    const gate = await summonAgent(rooms, clock, {
      roomName,
      agentName: call.agentName,
      brief: {
        version: 1,
        callId,
        attemptId,
        clinicId: call.appointment.clinicId,
        appointmentId: call.appointment.id,
        ...(call.briefDetails ? { appointment: withoutIdentityProofs(call.appointment) } : {}),
      },
      patienceMs: call.agentPatienceMs,
      dispatches: call.agentDispatches,
      signal: call.signal,
    });
    if (!gate.ready) {
      logger.warn({ attemptId, callId, reason: gate.reason }, "no agent is ready, nobody is rung");
      return await giveUp(dialFailure(gate.reason === "cancelled" ? "cancelled" : "agent-unavailable"));
    }
    const { facts, decision } = await decideStep(ports, call, "dial");
    if (!decision.allowed) return await giveUp(refusalOf(decision, facts));
    if (call.signal?.aborted) return await giveUp(dialFailure("cancelled"));

    const start = await ledger.startDialing(attemptId, attempt.lease, clock.now());
    if (start.kind === "lost") return await resultOfKnown(ports, call, start.attempt);
    logger.debug({ attemptId, callId }, "dialling");
    dialled = true;
    const outcome = await dialOnce(ports, call, start.attempt);
    answered = outcome.outcome === "answered";
    const settled = await settleDial(ledger, attemptId, outcome, clock.now());
    logger.info({ attemptId, callId, outcome: outcome.outcome }, "dial attempt ended");
    return await resultOf(ports, call, settled);
  } catch (error) {
    // Broken infrastructure: before the dial the reservation is given back at once; after it the attempt stays as it is.
    if (!dialled)
      await ledger.release(attemptId, attempt.lease, dialFailure("cancelled"), clock.now()).catch(() => {});
    throw error;
  } finally {
    // Not the room of a patient who is talking, and not one that whoever took the attempt over is using.
    const current = answered ? undefined : await ledger.get(attemptId).catch(() => undefined);
    const isOurs = current && (current.lease === attempt.lease || current.roomName !== roomName);
    if (isOurs) await rooms.removeRoom(roomName).catch(() => {});
  }
}

const trunkCap = ({ channels }: OutboundTrunk): AttemptCap => ({
  name: "per trunk at one time",
  scope: "trunk",
  since: "under-way",
  atMost: channels,
});

/** Keeps what became of our own dial, unless somebody was quicker who looked at it from outside. */
async function settleDial(
  ledger: Ledger,
  attemptId: AttemptId,
  outcome: AttemptOutcome,
  at: number,
): Promise<Attempt> {
  try {
    return await ledger.settle(attemptId, outcome, at);
  } catch (error) {
    const current = await ledger.get(attemptId);
    if (current?.state !== "settled") throw error;
    return current;
  }
}

/** The result of an attempt that another process began, or that ended earlier; waits for it where it is still going on. */
async function resultOfKnown(ports: CallPorts, call: PlannedCall, known: Attempt): Promise<CallResult> {
  const { ledger, clock, logger } = ports;
  const { attemptId, callId } = known;
  let attempt: Attempt = known;
  for (;;) {
    const { state, leaseUntil } = attempt;
    const until = state === "reserved" ? leaseUntil : state === "dialing" ? judgedFrom(attempt) : 0;
    if (clock.now() >= until) break;
    // Only our patience ends; whoever is at the attempt goes on, and keeps what becomes of it.
    if (call.signal?.aborted) {
      return { ...dialFailure(attempt.state === "dialing" ? "unknown" : "cancelled"), attemptId, callId };
    }
    await pause(clock, 500, call.signal);
    attempt = (await ledger.get(attemptId)) ?? attempt;
  }
  // Its holder died before it dialled: the reservation has run out and can be taken over.
  if (attempt.state === "reserved") return await placeCall(ports, call);
  if (attempt.state === "dialing") {
    // Whoever dialled is gone: it may have rung, so it is never dialled again, and is called a failure only if somebody saw it.
    const { became } = await reconcileAttempt(ports, attempt);
    logger.debug({ attemptId, callId, became }, "an attempt that another process dialled was looked at");
    attempt = (await ledger.get(attemptId)) ?? attempt;
  }
  return await resultOf(ports, call, attempt);
}

async function resultOf(ports: CallPorts, call: PlannedCall, attempt: Attempt): Promise<CallResult> {
  const { attemptId, callId, outcome = dialFailure("unknown") } = attempt;
  if (outcome.outcome !== "answered") return { ...outcome, attemptId, callId };
  return answeredCall(ports, attempt, outcome, call.callLimitSeconds);
}
