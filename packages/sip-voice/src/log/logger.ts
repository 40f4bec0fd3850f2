/** Keyed fields of one log line. Personal data goes only into the fields that the redactor knows. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Where log lines go: static messages with keyed fields, the order of arguments as pino has it, so a pino logger fits as it is.
 *
 * @example
 * ```ts
 * import { type Logger, redactedLogger } from "@clinic/sip-voice";
 *
 * const plain: Logger = { debug: console.debug, info: console.info, warn: console.warn, error: console.error };
 * redactedLogger(plain).info({ phoneNumber: "+15105550111" }, "dialling"); // { phoneNumber: "+*******0111" }
 * ```
 */
export interface Logger {
  /** Steps of a call, for finding faults. */
  debug(fields: LogFields, message: string): void;
  /** What a person running the clinic wants to see. */
  info(fields: LogFields, message: string): void;
  /** Something is off, the call goes on. */
  warn(fields: LogFields, message: string): void;
  /** Something broke. */
  error(fields: LogFields, message: string): void;
}

/** Says nothing: the default where no logger is given. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
