import type { LogFields, Logger } from "./logger.ts";

const numberFields = new Set(["phoneNumber", "callerNumber", "to", "from", "operatorNumber", "trunkPhoneNumber"]);
const hiddenFields = new Set([
  "accessToken",
  "apiKey",
  "apiSecret",
  "attributes",
  "authorization",
  "body",
  "brief",
  "dateOfBirth",
  "digit",
  "digits",
  "identity",
  "metadata",
  "name",
  "password",
  "patient",
  "patientName",
  "prompt",
  "text",
  "token",
  "transcript",
]);
const e164InText = /\+\d{7,15}/g;

/** `+*******0111`: enough for a person to recognise a number that they know, and not more. */
export function maskPhoneNumber(phoneNumber: string): string {
  const shown = phoneNumber.length > 8 ? phoneNumber.slice(-4) : "";
  return `+${"*".repeat(Math.max(phoneNumber.length - 1 - shown.length, 0))}${shown}`;
}

function redactValue(key: string, value: unknown, depth: number): unknown {
  if (value === undefined || value === null) return value;
  if (numberFields.has(key)) return typeof value === "string" ? maskPhoneNumber(value) : "[hidden]";
  if (hiddenFields.has(key)) return "[hidden]";
  if (typeof value === "string") return value.replace(e164InText, maskPhoneNumber);
  if (value instanceof Error) {
    const code = (value as { code?: unknown }).code;
    return { error: value.name, ...(code === undefined ? {} : { code }) };
  }
  if (typeof value !== "object") return value;
  if (depth > 3) return "[deep]";
  if (Array.isArray(value)) return value.map((item) => redactValue(key, item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, redactValue(k, v, depth + 1)]));
}

/**
 * The one redactor: masks phone numbers, and hides names, digits, transcripts, tokens and secrets by the name of their field.
 * An error is reduced to its name and code, since messages of other libraries may quote what they were given.
 *
 * @example
 * ```ts
 * import { redact } from "@clinic/sip-voice";
 *
 * redact({ digit: "1", phoneNumber: "+15105550111" }); // { digit: "[hidden]", phoneNumber: "+*******0111" }
 * ```
 */
export function redact(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, redactValue(key, value, 0)]));
}

/** Wraps a logger so that every line passes the {@link redact | redactor}. */
export function redactedLogger(logger: Logger): Logger {
  return {
    debug: (fields, message) => logger.debug(redact(fields), message),
    info: (fields, message) => logger.info(redact(fields), message),
    warn: (fields, message) => logger.warn(redact(fields), message),
    error: (fields, message) => logger.error(redact(fields), message),
  };
}
