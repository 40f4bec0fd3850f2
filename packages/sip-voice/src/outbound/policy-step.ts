import type { PolicyCap } from "../policy/attempt-caps.ts";
import { decide, decideCapped, type PolicyDecision, type PolicyFacts } from "../policy/decision.ts";
import type { LoggedDecision } from "../policy/decision-log.ts";
import { decisionRecord } from "../policy/decision-record.ts";
import type { AttemptOutcome } from "./attempt.ts";
import type { CallPorts, PlannedCall } from "./planned-call.ts";

/** The decision on an attempt, with what it was made on. */
export interface DecidedStep {
  readonly facts: PolicyFacts;
  readonly decision: PolicyDecision;
}

async function factsNow(ports: CallPorts, call: PlannedCall): Promise<PolicyFacts> {
  const { preferences, stopSwitch, clock } = ports;
  const { phoneNumber, consent } = call;
  const { patient } = call.appointment;
  const [preference, stoppedAt] = await Promise.all([preferences.get(phoneNumber), stopSwitch?.stoppedAt()]);
  const isPatients = patient.phoneNumber === phoneNumber;
  return {
    phoneNumber,
    // After the wait for the database: what counts is the moment of the decision.
    now: clock.now(),
    timeZone: isPatients ? patient.timeZone : undefined,
    place: isPatients ? patient.place : undefined,
    consent,
    preference,
    stoppedAt,
  };
}

/** Keeps a decision before anything is done on it: a call whose decision can't be kept is not made. */
async function keep(
  { decisions }: CallPorts,
  call: PlannedCall,
  about: LoggedDecision["about"],
  { facts, decision }: DecidedStep,
): Promise<void> {
  const { attemptId, policy } = call;
  const record = decisionRecord(policy, facts, decision);
  await decisions?.append({ attemptId, clinicId: call.appointment.clinicId, about, record });
}

/** Decides on an attempt as things are now, and keeps the decision. */
export async function decideStep(
  ports: CallPorts,
  call: PlannedCall,
  about: "reserve" | "dial",
): Promise<DecidedStep> {
  const facts = await factsNow(ports, call);
  const step = { facts, decision: decide(call.policy, facts) };
  await keep(ports, call, about, step);
  return step;
}

/** The refusal of an attempt whose caps the ledger found full, kept too. */
export async function refuseCapped(
  ports: CallPorts,
  call: PlannedCall,
  facts: PolicyFacts,
  full: readonly PolicyCap[],
): Promise<ReturnType<typeof refusalOf>> {
  const decision = decideCapped(call.policy, facts, full);
  await keep(ports, call, "reserve", { facts, decision });
  return refusalOf(decision, facts);
}

/** What a decision against an attempt comes to. */
export function refusalOf(
  { reasons, earliest }: PolicyDecision & { allowed: false },
  { stoppedAt }: PolicyFacts,
): AttemptOutcome & { outcome: "refused-by-policy" } {
  // A full cap empties by itself, and a switch is turned on again, though nobody can say when.
  const passes = reasons.every(
    ({ rule }) => rule === "cap" || (rule === "stopped" && stoppedAt !== undefined),
  );
  const retry = earliest !== undefined || passes ? "later" : "after-review";
  return { outcome: "refused-by-policy", retry, reasons, ...(earliest === undefined ? {} : { earliest }) };
}
