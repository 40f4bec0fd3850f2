import * as z from "zod/mini";
import type { CallChoice } from "../call/event.ts";
import type { Language } from "../call/prompt.ts";
import { decodePacket, encodePacket } from "./packet.ts";
import { languageSchema } from "./view.ts";

/** The most bytes of a tap. */
export const longestTap = 1_000;

/**
 * What a patient tapped on the page:
 *
 * - a {@link CallChoice}: what a key does on the telephone, at once and without the model
 * - `choose-slot`: move the appointment to a slot of the view; one that was not offered is refused
 * - `speak-language`: go on in another language
 * - `end`: end the call
 * - `look`: nothing was tapped; the page was opened or came back, and needs the view
 */
export type ClinicTap =
  | { readonly version: 1; readonly tap: CallChoice | "end" | "look" }
  | { readonly version: 1; readonly tap: "choose-slot"; readonly slotId: string }
  | { readonly version: 1; readonly tap: "speak-language"; readonly language: Language };

/** What can be tapped without saying more; each object names every value, or it does not compile. */
const plainTaps = {
  confirm: "confirm",
  reschedule: "reschedule",
  cancel: "cancel",
  operator: "operator",
  "opt-out": "opt-out",
  "call-back": "call-back",
  end: "end",
  look: "look",
} as const satisfies { [Name in CallChoice | "end" | "look"]: Name };

const version = z.literal(1);
const schema = z.union([
  z.object({ version, tap: z.enum(plainTaps) }),
  z.object({
    version,
    tap: z.literal("choose-slot"),
    slotId: z.string().check(z.minLength(1), z.maxLength(40)),
  }),
  z.object({ version, tap: z.literal("speak-language"), language: languageSchema }),
]);

/**
 * Reads what came on the topic `clinic.tap`. A packet that is no tap (malformed, too long, another version) gives
 * `undefined`; fields that are not known are left out.
 *
 * @example
 * ```ts
 * import { parseClinicTap } from "@clinic/sip-voice/web";
 *
 * const tap = parseClinicTap(new TextEncoder().encode('{"version":1,"tap":"choose-slot","slotId":"slot-3"}'));
 * console.log(tap?.tap === "choose-slot" ? tap.slotId : "something else"); // "slot-3"
 * ```
 */
export function parseClinicTap(payload: Uint8Array): ClinicTap | undefined {
  return decodePacket(schema, payload, longestTap);
}

/**
 * The packet of a tap, for the topic `clinic.tap`.
 *
 * @example
 * ```ts
 * import { clinicTopic, encodeClinicTap } from "@clinic/sip-voice/web";
 *
 * declare const participant: {
 *   publishData(data: Uint8Array<ArrayBuffer>, options: { reliable: boolean; topic: string }): Promise<void>; // of livekit-client
 * };
 * const tap = encodeClinicTap({ version: 1, tap: "confirm" });
 * await participant.publishData(tap, { reliable: true, topic: clinicTopic.tap });
 * ```
 */
export function encodeClinicTap(tap: ClinicTap): Uint8Array<ArrayBuffer> {
  return encodePacket(tap);
}
