import type { AttemptId } from "../call/identifiers.ts";
import { SipVoiceError } from "../errors.ts";
import { detectSipParticipant } from "../sip/detect-sip-participant.ts";
import { dialFailure } from "../sip/dial-outcome.ts";
import { type Attempt, type AttemptOutcome, type AttemptState, telephoneIdentity } from "./attempt.ts";
import type { AttemptHint } from "./attempt-hint.ts";
import {
  type AttemptEvidence,
  type AttemptVerdict,
  judgeAttempt,
  judgedFrom,
  type TelephoneSight,
} from "./attempt-verdict.ts";
import type { CallPorts } from "./planned-call.ts";

/** What reconciliation needs of the outside world. */
export interface ReconcilePorts extends Pick<CallPorts, "ledger" | "clock" | "logger"> {
  /** Where telephones are looked for, and rooms removed. */
  readonly rooms: Pick<CallPorts["rooms"], "participants" | "removeRoom">;
  /** Where the agent wrote what it saw. */
  readonly callLog: Pick<CallPorts["callLog"], "read">;
}

/** How {@link reconcileAttempts} goes about it. */
export interface ReconcileOptions {
  /** What was heard of attempts, from webhooks for example. Those of an attempt that `waits` are to be given again. */
  readonly hints?: readonly AttemptHint[];
}

/** What became of one attempt that was looked at. */
export interface AttemptFinding {
  /** The attempt. */
  readonly attemptId: AttemptId;
  /** How it was found. */
  readonly was: AttemptState;
  /**
   * What was done.
   *
   * - `released`: nobody was rung; its caps were given back
   * - `settled`: it is known what became of it
   * - `unknown`: it awaits a person's review
   * - `line-freed`: it had been answered, and the telephone has left
   * - `waits`: nothing yet
   * - `taken`: another process was quicker
   * - `failed`: the ledger could not be written; nothing is lost, it is looked at again next time
   */
  readonly became: "released" | "settled" | "unknown" | "line-freed" | "waits" | "taken" | "failed";
  /** What is now known of it. */
  readonly outcome?: AttemptOutcome;
  /** For one that `waits`: when to look again, milliseconds since 1970; sooner when there are hints. */
  readonly lookAgainAt?: number;
}

/** What {@link reconcileAttempts} found. */
export interface ReconcileReport {
  /** One for each attempt that was looked at, the oldest first. */
  readonly findings: readonly AttemptFinding[];
  /** False when the ledger failed on the way: attempts after that one were not looked at. */
  readonly complete: boolean;
}

/** Looks for an attempt's telephone; a LiveKit that does not answer has seen nothing. */
async function sightOf({ rooms, logger }: ReconcilePorts, attempt: Attempt): Promise<TelephoneSight> {
  const { attemptId, roomName } = attempt;
  try {
    const identity = telephoneIdentity(attemptId);
    const telephone = (await rooms.participants(roomName)).find((one) => one.identity === identity);
    if (!telephone) return { seen: "absent" };
    const sip = detectSipParticipant(telephone);
    const isUp = sip.isSip && (sip.callStatus === "active" || sip.callStatus === "automation");
    return isUp ? { seen: "answered", sipCallId: sip.callId ?? "" } : { seen: "present" };
  } catch (error) {
    logger.warn({ error, attemptId }, "the room of an attempt could not be looked at");
    return { seen: "not-asked" };
  }
}

async function evidenceOf(
  ports: ReconcilePorts,
  attempt: Attempt,
  hints: readonly AttemptHint[],
): Promise<AttemptEvidence> {
  // A reservation is judged by its lease alone, and nobody is asked about a dial that its own process may be at.
  const isEarly = attempt.state === "dialing" && ports.clock.now() < judgedFrom(attempt);
  const wentBack = ports.clock.now() < (attempt.dialingAt ?? 0);
  if (attempt.state === "reserved" || (isEarly && !wentBack)) {
    return { telephone: { seen: "not-asked" }, record: undefined, hints };
  }
  const telephone = await sightOf(ports, attempt);
  const record = await ports.callLog.read(attempt.callId).catch(() => undefined);
  return { telephone, record, hints };
}

/** Does what was decided. Each step is one transaction that another process may have been quicker with. */
async function carryOut(
  ports: ReconcilePorts,
  attempt: Attempt,
  verdict: Exclude<AttemptVerdict, { verdict: "wait" }>,
): Promise<Pick<AttemptFinding, "became" | "outcome">> {
  const { ledger, rooms, clock } = ports;
  const { attemptId, lease, roomName } = attempt;
  // After the ledger has shut its holder out, never before: a dial into a room that is gone would ring without an agent.
  const clear = () => rooms.removeRoom(roomName).catch(() => {});
  switch (verdict.verdict) {
    case "release": {
      const { outcome } = await ledger.release(attemptId, lease, dialFailure("cancelled"), clock.now());
      await clear();
      return { became: "released", ...(outcome ? { outcome } : {}) };
    }
    case "settle":
      await ledger.settle(attemptId, verdict.outcome, clock.now());
      if (verdict.isOver) await ledger.freeLine(attemptId);
      return { became: "settled", outcome: verdict.outcome };
    case "free-line":
      await ledger.freeLine(attemptId);
      return { became: "line-freed" };
    case "give-up":
      await ledger.settle(attemptId, dialFailure("unknown"), clock.now());
      await clear();
      return { became: "unknown", outcome: dialFailure("unknown") };
  }
}

/** Looks at one attempt, and does what is to be done. */
export async function reconcileAttempt(
  ports: ReconcilePorts,
  attempt: Attempt,
  hints: readonly AttemptHint[] = [],
): Promise<AttemptFinding> {
  const { attemptId, state: was } = attempt;
  const verdict = judgeAttempt(attempt, await evidenceOf(ports, attempt, hints), ports.clock.now());
  if (verdict.verdict === "wait") return { attemptId, was, became: "waits", lookAgainAt: verdict.until };
  try {
    const done = await carryOut(ports, attempt, verdict);
    ports.logger.info(
      { attemptId, was, became: done.became },
      "an attempt that was left behind was reconciled",
    );
    return { attemptId, was, ...done };
  } catch (error) {
    const isTaken = SipVoiceError.is(error) && error.code === "ledger-misuse";
    ports.logger[isTaken ? "debug" : "warn"]({ error, attemptId }, "an attempt was not reconciled");
    return { attemptId, was, became: isTaken ? "taken" : "failed" };
  }
}

/**
 * Finds out what became of attempts whose process may be gone: on start, when a webhook gave a hint, and now and then. Rooms,
 * telephones, call records and hints are looked at. A reservation that has run out is released and its room removed. A dial
 * is left to its own process first; then a telephone that was seen answered, or a definite sign of why nobody answered,
 * settles it. That nothing is there never settles it and never leads to another dial: after ringing, call limit and a minute
 * it becomes `unknown` and waits for a person (see {@link settleReviewed}). Several processes may do so at once.
 *
 * @throws SipVoiceError `store-unavailable` when the ledger can't be read at all
 * @example
 * ```ts
 * import { memoryCallLog, memoryLedger, reconcileAttempts, silentLogger, systemClock } from "@clinic/sip-voice";
 * import { liveKitRoomGateway } from "@clinic/sip-voice/livekit";
 *
 * const rooms = await liveKitRoomGateway({ url: "ws://127.0.0.1:7880", apiKey: "key", apiSecret: "secret" });
 * const ports = { ledger: memoryLedger(), callLog: memoryCallLog(), rooms, clock: systemClock, logger: silentLogger };
 * const { findings } = await reconcileAttempts(ports);
 * for (const { attemptId, was, became } of findings) console.log(attemptId, was, became);
 * ```
 */
export async function reconcileAttempts(
  ports: ReconcilePorts,
  { hints = [] }: ReconcileOptions = {},
): Promise<ReconcileReport> {
  const { ledger } = ports;
  const hintsOf = new Map<AttemptId, AttemptHint[]>();
  for (const hint of hints) hintsOf.set(hint.attemptId, [...(hintsOf.get(hint.attemptId) ?? []), hint]);
  const attempts = [...(await ledger.underWay())];
  const isListed = new Set(attempts.map(({ attemptId }) => attemptId));
  const findings: AttemptFinding[] = [];
  for (const attemptId of hintsOf.keys()) {
    // A late hint may still settle what a person would have to look at.
    const attempt = isListed.has(attemptId) ? undefined : await ledger.get(attemptId);
    if (attempt?.state === "unknown") attempts.push(attempt);
  }
  for (const attempt of attempts) {
    const finding = await reconcileAttempt(ports, attempt, hintsOf.get(attempt.attemptId));
    findings.push(finding);
    if (finding.became === "failed") return { findings, complete: false };
  }
  return { findings, complete: true };
}
