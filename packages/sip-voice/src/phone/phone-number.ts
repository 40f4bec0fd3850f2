import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { SipVoiceError, shapeOf } from "../errors.ts";

declare const e164: unique symbol;

/** A telephone number in E.164 form (ITU-T E.164: `+`, country code, at most 15 digits), checked by {@link parsePhoneNumber}. */
export type PhoneNumber = string & { readonly [e164]: true };

/**
 * What a number is used for, as its country's numbering plan has it.
 * In North America mobile and geographic numbers look alike: `fixed-line-or-mobile`.
 */
export type PhoneNumberKind =
  | "fixed-line"
  | "mobile"
  | "fixed-line-or-mobile"
  | "toll-free"
  | "premium-rate"
  | "shared-cost"
  | "voip"
  | "personal"
  | "pager"
  | "uan"
  | "voicemail"
  | "unknown";

/** What the numbering plan says of a number. */
export interface PhoneNumberDetails {
  /** The number itself. */
  readonly phoneNumber: PhoneNumber;
  /** ISO 3166-1 alpha-2 country, absent for satellite and international services. */
  readonly country: string | undefined;
  /** What the number is used for. */
  readonly kind: PhoneNumberKind;
}

/** How {@link parsePhoneNumber} reads a number. */
export interface ParsePhoneNumberOptions {
  /** ISO 3166-1 alpha-2 country of numbers written without `+`. Without it only the international form is taken. */
  readonly defaultCountry?: string;
}

function find(input: string, options: ParsePhoneNumberOptions) {
  const country = options.defaultCountry as CountryCode | undefined;
  const found = parsePhoneNumberFromString(input.trim(), {
    ...(country ? { defaultCountry: country } : {}),
    extract: false,
  });
  // E.164 has no extensions: without its own, the number would reach somebody else.
  return found?.isValid() && !found.ext ? found : undefined;
}

/**
 * Reads a telephone number in any usual spelling and gives it in E.164 form.
 *
 * @throws SipVoiceError `invalid-phone-number` when it is not a number that can be dialled
 * @example
 * ```ts
 * import { parsePhoneNumber } from "@clinic/sip-voice";
 *
 * parsePhoneNumber("(510) 555-0111", { defaultCountry: "US" }); // "+15105550111"
 * ```
 */
export function parsePhoneNumber(input: string, options: ParsePhoneNumberOptions = {}): PhoneNumber {
  const found = typeof input === "string" ? find(input, options) : undefined;
  if (found) return found.number as string as PhoneNumber;
  throw new SipVoiceError(
    "invalid-phone-number",
    `The phone number is ${shapeOf(input)} that cannot be dialled.`,
    {
      field: "phoneNumber",
      remedy: "Write it in E.164 form: + and country code, as in +15105550111.",
    },
  );
}

/** As {@link parsePhoneNumber}, but gives `undefined` for what is not a number: caller ids may be hidden or malformed. */
export function tryPhoneNumber(
  input: string | undefined,
  options: ParsePhoneNumberOptions = {},
): PhoneNumber | undefined {
  return input ? (find(input, options)?.number as string | undefined as PhoneNumber | undefined) : undefined;
}

function detailsOf(found: NonNullable<ReturnType<typeof find>>): PhoneNumberDetails {
  const kind = found.getType()?.toLowerCase().replaceAll("_", "-").replace("personal-number", "personal");
  return {
    phoneNumber: found.number as string as PhoneNumber,
    country: found.country,
    kind: (kind as PhoneNumberKind | undefined) ?? "unknown",
  };
}

/**
 * {@link tryPhoneNumber} and {@link describePhoneNumber} in one: reading a number is what takes the time in a long list.
 *
 * @example
 * ```ts
 * import { tryPhoneNumberDetails } from "@clinic/sip-voice";
 *
 * console.log(tryPhoneNumberDetails("(510) 555-0111", { defaultCountry: "US" })?.country); // "US"
 * ```
 */
export function tryPhoneNumberDetails(
  input: string,
  options: ParsePhoneNumberOptions = {},
): PhoneNumberDetails | undefined {
  const found = find(input, options);
  return found && detailsOf(found);
}

/** Country and kind of a number, from Google's libphonenumber metadata. */
export function describePhoneNumber(phoneNumber: PhoneNumber): PhoneNumberDetails {
  const found = find(phoneNumber, {});
  return found ? detailsOf(found) : { phoneNumber, country: undefined, kind: "unknown" };
}
