import type { Language } from "../../call/prompt.ts";
import { SipVoiceError } from "../../errors.ts";
import { type PhoneNumber, parsePhoneNumber } from "../../phone/phone-number.ts";
import { checkOpeningHours, type OpeningHours } from "../../policy/opening-hours.ts";

/**
 * How a caller is handed to a person. `refer`: the carrier connects the caller's telephone with the operator's, and the agent
 * is out of it (SIP REFER). `bridge`: the operator is dialled into the call's room, hears a summary first, and then the caller.
 */
export type OperatorMethod = "refer" | "bridge";

/**
 * The clinic's operator: the person whom callers are handed to.
 *
 * @example
 * ```ts
 * import type { OperatorOptions } from "@clinic/sip-voice/agent";
 *
 * const day = [{ from: "08:00", to: "18:00" }];
 * const operator: OperatorOptions = {
 *   phoneNumber: "+15105550199",
 *   method: "bridge",
 *   openingHours: { timeZone: "America/Los_Angeles", week: { 1: day, 2: day, 3: day, 4: day, 5: day } },
 *   ringingTimeoutSeconds: 20,
 * };
 * ```
 */
export interface OperatorOptions {
  /** The operator's number in E.164 form. */
  readonly phoneNumber: string;
  /** How callers on a telephone are handed over; `refer` unless given. Who calls from a browser can only be bridged. */
  readonly method?: OperatorMethod;
  /** When the operator is there; outside of these hours nobody is rung. Always unless given. */
  readonly openingHours?: OpeningHours;
  /** How long the operator's telephone may ring, in seconds, 5 to 80; 30 unless given. */
  readonly ringingTimeoutSeconds?: number;
  /** After how many seconds a conversation with a bridged operator is ended; 3,600 unless given. */
  readonly talkLimitSeconds?: number;
  /** The language of the summary that a bridged operator hears; English unless given. */
  readonly language?: Language;
}

/** {@link OperatorOptions} with everything that was left out. */
export interface OperatorPlan extends Required<Omit<OperatorOptions, "phoneNumber" | "openingHours">> {
  readonly phoneNumber: PhoneNumber;
  readonly openingHours: OpeningHours | undefined;
}

/**
 * Checks the options and fills in what was left out.
 *
 * @throws SipVoiceError `invalid-phone-number` or `invalid-option`
 */
export function operatorPlan(options: OperatorOptions): OperatorPlan {
  const { method = "refer", ringingTimeoutSeconds = 30, talkLimitSeconds = 3_600, openingHours } = options;
  const wrong = (field: string, remedy: string): SipVoiceError =>
    new SipVoiceError("invalid-option", `operator.${field} has the wrong shape.`, {
      field: `operator.${field}`,
      remedy,
    });
  if (method !== "refer" && method !== "bridge") throw wrong("method", 'Use "refer" or "bridge".');
  // A `makeCall` in the same process allows no more ringing either: above that, carriers give up first.
  if (!(ringingTimeoutSeconds >= 5 && ringingTimeoutSeconds <= 80))
    throw wrong("ringingTimeoutSeconds", "Use 5 to 80 seconds.");
  if (!(talkLimitSeconds >= 60)) throw wrong("talkLimitSeconds", "Use a minute or more.");
  if (openingHours) checkOpeningHours(openingHours, "operator.openingHours");
  return {
    phoneNumber: parsePhoneNumber(options.phoneNumber),
    method,
    openingHours,
    ringingTimeoutSeconds: Math.round(ringingTimeoutSeconds),
    talkLimitSeconds: Math.round(talkLimitSeconds),
    language: options.language ?? "en-US",
  };
}
