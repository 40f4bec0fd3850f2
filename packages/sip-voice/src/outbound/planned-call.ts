import type { Appointment } from "../appointments/appointment.ts";
import type { CallLog } from "../call/call-log.ts";
import type { AttemptId, CallId } from "../call/identifiers.ts";
import type { Clock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import type { PhoneNumber } from "../phone/phone-number.ts";
import type { CallingPolicy } from "../policy/calling-policy.ts";
import type { Consent, ContactPreferences } from "../policy/contact-preferences.ts";
import type { DecisionLog } from "../policy/decision-log.ts";
import type { StopSwitch } from "../policy/stop-switch.ts";
import type { Dialer } from "./dialer.ts";
import type { Ledger } from "./ledger.ts";
import type { RoomGateway } from "./room-gateway.ts";

/** The outside world of an outbound call. */
export interface CallPorts {
  /** Where attempts are kept. */
  readonly ledger: Ledger;
  /** Consent and opt-outs. */
  readonly preferences: ContactPreferences;
  /** Where the policy's decisions are kept; nowhere unless given. */
  readonly decisions?: DecisionLog | undefined;
  /** The switch that stops all dialling. */
  readonly stopSwitch?: StopSwitch | undefined;
  /** Where the agent writes what happens on the call. */
  readonly callLog: CallLog;
  /** Rooms and agents. */
  readonly rooms: RoomGateway;
  /** Rings telephones. */
  readonly dialer: Dialer;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Where log lines go. */
  readonly logger: Logger;
}

/** The trunk that calls go out through, and what it carries. */
export interface OutboundTrunk {
  /** LiveKit's id of it, `ST_…`; whoever shares it names it alike. */
  readonly id: string;
  /** How many calls it carries at one time, those that ring included: the carrier's channel limit. */
  readonly channels: number;
}

/** One outbound call, with everything decided. */
export interface PlannedCall {
  /** The number to ring. */
  readonly phoneNumber: PhoneNumber;
  /** What the call is about. */
  readonly appointment: Appointment;
  /** The consent that the clinic has. */
  readonly consent: Consent | undefined;
  /** The rules. */
  readonly policy: CallingPolicy;
  /** The idempotency key. */
  readonly attemptId: AttemptId;
  /** The call. */
  readonly callId: CallId;
  /** The name that the agent's worker registered with. */
  readonly agentName: string;
  /** Whether the brief carries the appointment's details. */
  readonly briefDetails: boolean;
  /** How long to let it ring, in seconds. */
  readonly ringingTimeoutSeconds: number;
  /** After how many seconds the call is ended. */
  readonly callLimitSeconds: number;
  /** How long one dispatch of the agent is waited for, in milliseconds. */
  readonly agentPatienceMs: number;
  /** How many dispatches are tried. */
  readonly agentDispatches: number;
  /** The trunk whose lines are counted. Without one the carrier is the first to say that it is full. */
  readonly trunk?: OutboundTrunk | undefined;
  /** Gives the call up. */
  readonly signal: AbortSignal | undefined;
}
