import * as z from "zod/mini";
import type { AppointmentStatus } from "../appointments/appointment.ts";
import type { Language } from "../call/prompt.ts";
import type { CallPhase, Disposition, TransferStatus } from "../call/state.ts";
import { SipVoiceError } from "../errors.ts";
import { decodePacket, encodePacket } from "./packet.ts";

/** The most bytes of a view: LiveKit carries 15 KiB in one reliable packet. */
export const longestView = 15_000;
/** The most slots that one view offers. */
export const mostSlots = 12;

/** An appointment as a patient sees it. */
export interface ViewAppointment {
  /** The patient's name. */
  readonly patientName: string;
  /** Whom they come to see. */
  readonly provider: string;
  /** The instant at which it begins, RFC 3339. */
  readonly start: string;
  /** IANA time zone of the clinic. */
  readonly timeZone: string;
  /** Length in minutes. */
  readonly durationMinutes: number;
  /** The day of `start` at the clinic, in the view's language: `Tuesday, November 24`. */
  readonly day: string;
  /** The time of `start` at the clinic, in the view's language: `10:00 AM`. */
  readonly time: string;
  /** Where it stands. */
  readonly status: AppointmentStatus;
}

/** A time that can be tapped. */
export interface ViewSlot {
  /** Names the slot in this call, and in no other. */
  readonly id: string;
  /** The instant at which it begins, RFC 3339. */
  readonly start: string;
  /** IANA time zone of the clinic. */
  readonly timeZone: string;
  /** Whom the patient would see. */
  readonly provider: string;
  /** The day of `start` at the clinic, in the view's language: `Tuesday, November 24`. */
  readonly day: string;
  /** The time of `start` at the clinic, in the view's language: `10:00 AM`. */
  readonly time: string;
}

/** What went wrong with the last tap. */
export type ViewNotice = "not-stored" | "slot-taken" | "no-slots";

/** The call as a patient sees it. */
export interface ViewCall {
  /** Where the call stands. */
  readonly phase: CallPhase;
  /** What the patient decided. */
  readonly disposition: Disposition;
  /** Whether the model answers. Taps work without it. */
  readonly model: "working" | "lost";
  /** How a transfer to the operator goes. */
  readonly transfer: TransferStatus;
  /** Whether somebody will call the patient back. */
  readonly callBack: boolean;
  /** Whether the patient wants no more calls. */
  readonly optedOut: boolean;
}

/** Everything that a page shows of a call. Each view is whole: a page needs the newest one only. */
export interface ClinicView {
  /** Version of this shape. */
  readonly version: 1;
  /** Grows with each view of a call; a page drops a view that is older than the one it shows. */
  readonly sequence: number;
  /** The clinic's name. */
  readonly clinicName: string;
  /** The language that the agent speaks now, and of the words in this view. */
  readonly language: Language;
  /** The languages that can be chosen. */
  readonly languages: readonly Language[];
  /** The call. */
  readonly call: ViewCall;
  /** The appointment; `null` when there is none, or when it is not known yet that the patient is who they should be. */
  readonly appointment: ViewAppointment | null;
  /** Times that were offered in this call and can be tapped, the earliest first. */
  readonly slots: readonly ViewSlot[];
  /** What went wrong with the last tap, if anything. */
  readonly notice: ViewNotice | null;
}

// Each object names every value of its type, or it does not compile.
const languages = { "en-US": "en-US", "ar-XA": "ar-XA" } as const satisfies { [Name in Language]: Name };
const phases = {
  starting: "starting",
  ringing: "ringing",
  active: "active",
  transferring: "transferring",
  ended: "ended",
} as const satisfies { [Name in CallPhase]: Name };
const dispositions = {
  none: "none",
  confirmed: "confirmed",
  cancelled: "cancelled",
  rescheduled: "rescheduled",
  "reschedule-requested": "reschedule-requested",
  "wrong-number": "wrong-number",
} as const satisfies { [Name in Disposition]: Name };
const transfers = {
  none: "none",
  requested: "requested",
  completed: "completed",
  failed: "failed",
} as const satisfies { [Name in TransferStatus]: Name };
const statuses = {
  booked: "booked",
  confirmed: "confirmed",
  "reschedule-requested": "reschedule-requested",
  cancelled: "cancelled",
} as const satisfies { [Name in AppointmentStatus]: Name };

/** A language of {@link Language}, as it comes over the network. */
export const languageSchema = z.enum(languages);

const text = z.string().check(z.maxLength(400));
const place = {
  start: z.iso.datetime({ offset: true }),
  timeZone: text,
  provider: text,
  day: text,
  time: text,
};
const schema = z.object({
  version: z.literal(1),
  sequence: z.int().check(z.minimum(1)),
  clinicName: text,
  language: languageSchema,
  languages: z.array(languageSchema).check(z.maxLength(20)),
  call: z.object({
    phase: z.enum(phases),
    disposition: z.enum(dispositions),
    model: z.enum(["working", "lost"]),
    transfer: z.enum(transfers),
    callBack: z.boolean(),
    optedOut: z.boolean(),
  }),
  appointment: z.nullable(
    z.object({ ...place, patientName: text, durationMinutes: z.number(), status: z.enum(statuses) }),
  ),
  slots: z.array(z.object({ ...place, id: z.string().check(z.maxLength(40)) })).check(z.maxLength(mostSlots)),
  notice: z.nullable(z.enum(["not-stored", "slot-taken", "no-slots"])),
});

/**
 * Reads what came on the topic `clinic.view`. A packet that is no view (malformed, too long, another version) gives
 * `undefined`; fields that are not known are left out.
 *
 * @example
 * ```ts
 * import { clinicTopic, parseClinicView } from "@clinic/sip-voice/web";
 *
 * function onData(payload: Uint8Array, topic: string | undefined): void {
 *   const view = topic === clinicTopic.view ? parseClinicView(payload) : undefined;
 *   if (view) document.documentElement.lang = view.language;
 * }
 * declare const document: { documentElement: { lang: string } };
 * ```
 */
export function parseClinicView(payload: Uint8Array): ClinicView | undefined {
  return decodePacket(schema, payload, longestView);
}

/**
 * The packet of a view, for the topic `clinic.view`.
 *
 * @throws SipVoiceError `invalid-option` when it is no view or does not fit into a packet; no value is repeated
 * @example
 * ```ts
 * import { type ClinicView, encodeClinicView } from "@clinic/sip-voice/web";
 *
 * declare const view: ClinicView;
 * console.log(encodeClinicView(view).byteLength <= 15_000); // true
 * ```
 */
export function encodeClinicView(view: ClinicView): Uint8Array<ArrayBuffer> {
  const checked = schema.safeParse(view);
  if (!checked.success) {
    const field = checked.error.issues[0]?.path.join(".") || "view";
    throw new SipVoiceError("invalid-option", `The view's ${field} has the wrong shape.`, { field });
  }
  const packet = encodePacket(view);
  if (packet.byteLength <= longestView) return packet;
  throw new SipVoiceError(
    "invalid-option",
    `The view has ${packet.byteLength} bytes; ${longestView} are the most.`,
    { field: "view", remedy: "Offer fewer slots at a time." },
  );
}
