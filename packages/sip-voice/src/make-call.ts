import type { Appointment } from "./appointments/appointment.ts";
import { defaultAgentName } from "./call/agent-name.ts";
import type { CallLog } from "./call/call-log.ts";
import type { AttemptId, CallId } from "./call/identifiers.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type EnvironmentSpec, isUrl, readEnvironment } from "./environment.ts";
import { SipVoiceError, shapeOf } from "./errors.ts";
import { type Logger, silentLogger } from "./log/logger.ts";
import { redactedLogger } from "./log/redactor.ts";
import type { CallResult } from "./outbound/call-result.ts";
import type { Dialer } from "./outbound/dialer.ts";
import type { Ledger } from "./outbound/ledger.ts";
import { placeCall } from "./outbound/place-call.ts";
import type { CallPorts, OutboundTrunk } from "./outbound/planned-call.ts";
import type { RoomGateway } from "./outbound/room-gateway.ts";
import { parsePhoneNumber } from "./phone/phone-number.ts";
import { type CallingPolicy, defaultCallingPolicy } from "./policy/calling-policy.ts";
import type { Consent, ContactPreferences } from "./policy/contact-preferences.ts";
import type { DecisionLog } from "./policy/decision-log.ts";
import { checkCallingPolicy } from "./policy/policy-check.ts";
import type { StopSwitch } from "./policy/stop-switch.ts";

/** How {@link makeCall} calls. Whatever of the outside world is not given comes from the environment. */
export interface MakeCallOptions {
  /** The consent that the clinic has; without one, and none on record, the call is refused. */
  readonly consent?: Consent;
  /** The idempotency key; a new one unless given. The same id never rings a telephone twice. */
  readonly attemptId?: AttemptId;
  /** The id of the call; a new one unless given. */
  readonly callId?: CallId;
  /** The rules; {@link defaultCallingPolicy} unless given. */
  readonly policy?: CallingPolicy;
  /** The name that the agent's worker registered with; {@link defaultAgentName} unless given. */
  readonly agentName?: string;
  /** Send the appointment's details with the dispatch, for an agent that cannot reach the store. */
  readonly briefDetails?: boolean;
  /** How long to let it ring, in whole seconds, at least 15; 30 unless given. */
  readonly ringingTimeoutSeconds?: number;
  /** After how many whole seconds the call is ended; 300 unless given. */
  readonly callLimitSeconds?: number;
  /** How long one dispatch of the agent is waited for, in milliseconds; 10,000 unless given. */
  readonly agentPatienceMs?: number;
  /** How many dispatches are tried before the call is given up; 2 unless given. */
  readonly agentDispatches?: number;
  /**
   * The trunk whose lines are counted in the ledger over all processes and clinics: when it is full nobody is rung and nothing
   * is reserved (`trunk-capacity`). `OUTBOUND_TRUNK_ID` with `OUTBOUND_TRUNK_CHANNELS` unless given, where that is set.
   */
  readonly trunk?: OutboundTrunk;
  /** Gives the call up: before the dial at once, after it by removing the room. */
  readonly signal?: AbortSignal;
  /** Where attempts are kept; the database `SIP_VOICE_DB` unless given. */
  readonly ledger?: Ledger;
  /** Consent and opt-outs; the database `SIP_VOICE_DB` unless given. */
  readonly preferences?: ContactPreferences;
  /**
   * Where each decision of the policy is kept; the database `SIP_VOICE_DB` where one is opened. A call whose decision can't be kept is
   * not made.
   */
  readonly decisions?: DecisionLog;
  /** The switch that stops all dialling; the database `SIP_VOICE_DB` where one is opened. */
  readonly stopSwitch?: StopSwitch;
  /** Where the agent writes what happens; the database `SIP_VOICE_DB` unless given. */
  readonly callLog?: CallLog;
  /** Rooms and agents; `LIVEKIT_URL`, `LIVEKIT_API_KEY` and `LIVEKIT_API_SECRET` unless given. */
  readonly rooms?: RoomGateway;
  /** Rings telephones; the same LiveKit with `OUTBOUND_TRUNK_ID` unless given. */
  readonly dialer?: Dialer;
  /** Where time comes from; the machine's clock unless given. */
  readonly clock?: Clock;
  /** Where log lines go, redacted; nowhere unless given. */
  readonly logger?: Logger;
  /** The environment variables to read; the process's own unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

function wholeNumber(field: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new SipVoiceError("invalid-option", `${field} must be a whole number from ${least} to ${most}.`, {
    field,
  });
}

/** Ids and names of at most the length that a brief may carry: an agent would refuse another, long after the reservation. */
function shortText(field: string, value: string): string {
  const seen: unknown = value;
  if (typeof seen === "string" && seen !== "" && seen.length <= 200) return seen;
  throw new SipVoiceError("invalid-option", `${field} is ${shapeOf(seen)}.`, {
    field,
    remedy: "Pass a text of 1 to 200 characters, or leave it out.",
  });
}

function checkAppointment(appointment: Appointment): Appointment {
  const remedy = "Pass an appointment as an AppointmentStore gives it.";
  const seen: unknown = appointment;
  if (typeof seen !== "object" || seen === null) {
    throw new SipVoiceError("invalid-appointment", `The appointment is ${shapeOf(seen)}.`, {
      field: "appointment",
      remedy,
    });
  }
  for (const field of ["id", "clinicId", "start"] as const) {
    const value: unknown = appointment[field];
    if (typeof value === "string" && value !== "" && (field !== "start" || Date.parse(value))) continue;
    throw new SipVoiceError("invalid-appointment", `The appointment's ${field} is ${shapeOf(value)}.`, {
      field,
      remedy,
    });
  }
  if (!appointment.patient?.id)
    throw new SipVoiceError("invalid-appointment", "The appointment has no patient.", {
      field: "patient",
      remedy,
    });
  return appointment;
}

const databaseVariables = {
  SIP_VOICE_DB: {
    remedy:
      "Set it to the path of the SQLite database, as in clinic.sqlite, or pass `ledger`, `preferences` and `callLog`.",
  },
} as const;

const liveKitVariables = {
  LIVEKIT_URL: {
    remedy: "Set it to your LiveKit server, as in wss://example.livekit.cloud.",
    accepts: (url: string) => isUrl(url, "ws", "wss", "http", "https"),
  },
  LIVEKIT_API_KEY: { remedy: "Copy it from your LiveKit project's settings." },
  LIVEKIT_API_SECRET: { remedy: "Copy it from your LiveKit project's settings." },
} as const;

const trunkVariables = {
  OUTBOUND_TRUNK_ID: {
    remedy: "Set it to the outbound trunk's id, ST_...: `list-sip-trunks` shows it.",
    accepts: (id: string) => id.startsWith("ST_"),
  },
  OUTBOUND_TRUNK_CHANNELS: {
    remedy: "Set it to the number of calls that the trunk carries at one time, as in 10, or leave it out.",
    optional: true,
    accepts: (channels: string) => /^[1-9]\d{0,4}$/.test(channels),
  },
} as const;

interface OutsideWorld {
  readonly ports: CallPorts;
  readonly trunk: OutboundTrunk | undefined;
}

function checkTrunk({ id, channels }: OutboundTrunk): void {
  shortText("trunk.id", id);
  wholeNumber("trunk.channels", channels, 1, 99_999);
}

/** Builds whatever was not given out of the environment. The adapters are loaded only when they are needed. */
async function outsideWorldOf(options: MakeCallOptions): Promise<OutsideWorld> {
  const environment = options.environment ?? process.env;
  let { ledger, preferences, decisions, stopSwitch, callLog, rooms, dialer } = options;
  const needsDatabase = !(ledger && preferences && callLog);
  const needsLiveKit = !(rooms && dialer);
  const spec: EnvironmentSpec = {
    ...(needsDatabase ? databaseVariables : {}),
    ...(needsLiveKit ? liveKitVariables : {}),
    ...(dialer ? {} : trunkVariables),
  };
  // Everything that is missing is said at once, before anything is opened.
  const values = readEnvironment(spec, environment);
  const variable = (name: string): string => values[name] ?? "";

  if (needsDatabase) {
    const { sharedClinicDatabase } = await import("./sqlite/index.ts");
    const database = sharedClinicDatabase(variable("SIP_VOICE_DB"));
    ledger ??= database.ledger;
    preferences ??= database.preferences;
    callLog ??= database.callLog;
    decisions ??= database.decisions;
    stopSwitch ??= database.stopSwitch;
  }
  if (needsLiveKit) {
    const { liveKitDialer, liveKitRoomGateway } = await import("./livekit/index.ts");
    const connection = {
      url: variable("LIVEKIT_URL"),
      apiKey: variable("LIVEKIT_API_KEY"),
      apiSecret: variable("LIVEKIT_API_SECRET"),
    };
    rooms ??= await liveKitRoomGateway(connection);
    dialer ??= await liveKitDialer({ ...connection, trunkId: variable("OUTBOUND_TRUNK_ID") });
  }
  const clock = options.clock ?? systemClock;
  const logger = redactedLogger(options.logger ?? silentLogger);
  const kept = { ledger, preferences, decisions, stopSwitch, callLog };
  const ports = { ...kept, rooms, dialer, clock, logger } as CallPorts;
  const channels = Number(values.OUTBOUND_TRUNK_CHANNELS ?? 0);
  const trunk = channels > 0 ? { id: variable("OUTBOUND_TRUNK_ID"), channels } : undefined;
  return { ports, trunk: options.trunk ?? trunk };
}

/**
 * Calls a patient about an appointment. In this order: the policy is asked, the attempt is reserved durably, a room is
 * made and the agent dispatched into it; only when exactly one agent is ready, the attempt is marked as dialling,
 * durably, and the telephone is rung, once. What becomes of it is a value: a busy line is not an error.
 *
 * @param phoneNumber - the number in E.164 form
 * @throws SipVoiceError for misuse (`invalid-phone-number`, `invalid-appointment`, `invalid-option`, `invalid-environment`)
 * and for broken infrastructure (`store-unavailable`, `livekit-unavailable`, `missing-package`)
 * @example
 * ```ts
 * import { type Appointment, makeCall } from "@clinic/sip-voice";
 *
 * async function remind(appointment: Appointment): Promise<string> {
 *   const consent = { basis: "given-at-booking", recordedAt: "2026-10-01T09:00:00Z" } as const;
 *   const result = await makeCall("+15105550111", appointment, { consent });
 *   if (result.outcome !== "answered") return result.outcome; // "busy", "no-answer", "refused-by-policy", ...
 *   return (await result.ended).disposition; // "confirmed", "cancelled", ...
 * }
 * ```
 */
export async function makeCall(
  phoneNumber: string,
  appointment: Appointment,
  options: MakeCallOptions = {},
): Promise<CallResult> {
  const number = parsePhoneNumber(phoneNumber);
  const checked = checkAppointment(appointment);
  const {
    ringingTimeoutSeconds = 30,
    callLimitSeconds = 300,
    agentPatienceMs = 10_000,
    agentDispatches = 2,
  } = options;
  const policy = options.policy ?? defaultCallingPolicy;
  checkCallingPolicy(policy);
  const plan = {
    phoneNumber: number,
    appointment: checked,
    consent: options.consent,
    policy,
    attemptId: shortText("attemptId", options.attemptId ?? crypto.randomUUID()),
    callId: shortText("callId", options.callId ?? crypto.randomUUID()),
    agentName: shortText("agentName", options.agentName ?? defaultAgentName),
    briefDetails: options.briefDetails ?? false,
    // Shorter ringing is unlawful in the United States: 15 seconds or 4 rings (47 CFR 64.1200(a)(6)).
    ringingTimeoutSeconds: wholeNumber("ringingTimeoutSeconds", ringingTimeoutSeconds, 15, 80),
    callLimitSeconds: wholeNumber("callLimitSeconds", callLimitSeconds, 10, 3600),
    agentPatienceMs: wholeNumber("agentPatienceMs", agentPatienceMs, 100, 120_000),
    agentDispatches: wholeNumber("agentDispatches", agentDispatches, 1, 5),
    signal: options.signal,
  };
  if (options.trunk) checkTrunk(options.trunk);
  const { ports, trunk } = await outsideWorldOf(options);
  return await placeCall(ports, { ...plan, trunk });
}
