import * as z from "zod/mini";
import type { Appointment } from "../appointments/appointment.ts";
import { SipVoiceError } from "../errors.ts";
import type { AttemptId, CallId } from "./identifiers.ts";

/**
 * The JSON that an agent is dispatched with for an outbound call. It carries the appointment's id; the details
 * too only where the agent cannot reach the store, since dispatch metadata passes through LiveKit in clear.
 */
export interface CallBrief {
  /** Version of this shape. */
  readonly version: 1;
  /** The call. */
  readonly callId: CallId;
  /** The dial attempt; the agent says with it that it is ready. */
  readonly attemptId: AttemptId;
  /** The clinic that calls. */
  readonly clinicId: string;
  /** The appointment that the call is about. */
  readonly appointmentId: string;
  /** The appointment as it was when the call was planned, where the agent cannot reach the store. */
  readonly appointment?: Appointment;
  /** After this instant (RFC 3339) the agent must not take the call up. */
  readonly expiresAt: string;
}

const appointmentSchema = z.object({
  id: z.string(),
  version: z.string(),
  clinicId: z.string(),
  patient: z.object({
    id: z.string(),
    name: z.string(),
    phoneNumber: z.string().check(z.regex(/^\+\d{7,15}$/)),
    timeZone: z.optional(z.string()),
  }),
  provider: z.string(),
  start: z.iso.datetime({ offset: true }),
  timeZone: z.string(),
  durationMinutes: z.number(),
  status: z.enum(["booked", "confirmed", "reschedule-requested", "cancelled"]),
  slotId: z.optional(z.string()),
});

const schema = z.object({
  version: z.literal(1),
  callId: z.string().check(z.minLength(1), z.maxLength(200)),
  attemptId: z.string().check(z.minLength(1), z.maxLength(200)),
  clinicId: z.string().check(z.minLength(1), z.maxLength(200)),
  appointmentId: z.string().check(z.minLength(1), z.maxLength(200)),
  appointment: z.optional(appointmentSchema),
  expiresAt: z.iso.datetime({ offset: true }),
});

const longest = 64 * 1024;

/**
 * Reads a brief from a dispatch's metadata.
 *
 * @throws SipVoiceError `invalid-brief`; `field` names the first field that is wrong, never its value
 * @example
 * ```ts
 * import { parseCallBrief } from "@clinic/sip-voice";
 *
 * const brief = parseCallBrief(
 *   '{"version":1,"callId":"c-1","attemptId":"t-1","clinicId":"main","appointmentId":"a-1","expiresAt":"2026-11-22T12:00:00Z"}',
 * );
 * console.log(brief.attemptId); // "t-1"
 * ```
 */
export function parseCallBrief(metadata: string): CallBrief {
  const remedy = "Dispatch the agent through makeCall, or with a CallBrief of version 1 as JSON.";
  if (metadata.length > longest) {
    throw new SipVoiceError(
      "invalid-brief",
      `The brief has ${metadata.length} characters; ${longest} are the most.`,
      { remedy },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(metadata);
  } catch {
    // Not as the cause: the parser's message quotes what it read.
    throw new SipVoiceError("invalid-brief", "The brief is not JSON.", { remedy });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data as unknown as CallBrief;
  const field = parsed.error.issues[0]?.path.join(".") || "brief";
  throw new SipVoiceError("invalid-brief", `The brief's ${field} is missing or has the wrong shape.`, {
    field,
    remedy,
  });
}

/** Whether a brief is too old to be acted on at the instant `now` (milliseconds since 1970). */
export function isBriefExpired(brief: CallBrief, now: number): boolean {
  // An instant that cannot be read has passed.
  return !(Date.parse(brief.expiresAt) > now);
}
