import type { LogFields, Logger } from "./logger.ts";

// Field names are compared in lower case without `_` and `-`, so that every way to spell one is the same.
const numberField =
  /^(?:to|from|caller|callee|callerid)$|phones?$|(?:phone|caller|callee|operator|patient)numbers?$/;
const hiddenField = new RegExp(
  [
    "^(?:address|attributes|birthdate|body|brief|dateofbirth|dob|digits?|dtmf|email|headers|identity|metadata|name)$",
    "^(?:patient|prompt|said|text)$",
    "(?:caller|display|family|first|full|given|last|participant|patient|user)name$",
    "apikey|authorization|cookie|credential|password|secret|token$|transcript|utterance",
  ].join("|"),
);
/** With `+` in any spelling; as North Americans write it; with the country code alone, as in SIP addresses. */
const numberInText =
  /\+\d(?:[\s().-]*\d){6,14}|\(?\b\d{3}\)?[\s.-]{1,2}\d{3}[\s.-]\d{4}\b|(?<![\w-])1[2-9]\d{9}(?![\w-])/g;

/** `+*******0111`: enough for a person to recognise a number that they know, and not more. */
export function maskPhoneNumber(phoneNumber: string): string {
  const digits = phoneNumber.replace(/\D/g, "");
  const shown = digits.length > 7 ? digits.slice(-4) : "";
  return `+${"*".repeat(digits.length - shown.length)}${shown}`;
}

function maskText(text: string): string {
  return text.replace(numberInText, maskPhoneNumber);
}

function redactObject(object: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [maskText(key), redactValue(key, value, depth)]),
  );
}

function redactValue(key: string, value: unknown, depth: number): unknown {
  if (value === undefined || value === null) return value;
  const field = key.toLowerCase().replace(/[_-]/g, "");
  if (numberField.test(field)) return typeof value === "string" ? maskPhoneNumber(value) : "[hidden]";
  if (hiddenField.test(field)) return "[hidden]";
  if (typeof value === "string") return maskText(value);
  if (value instanceof Error) {
    const code = redactValue("code", (value as { code?: unknown }).code, depth + 1);
    return { error: value.name, ...(code === undefined ? {} : { code }) };
  }
  if (typeof value !== "object") return value;
  if (ArrayBuffer.isView(value)) return "[bytes]";
  if (depth > 3) return "[deep]";
  if (Array.isArray(value)) return value.map((item) => redactValue(key, item, depth + 1));
  return redactObject(value, depth + 1);
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
  return redactObject(fields, 0);
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
