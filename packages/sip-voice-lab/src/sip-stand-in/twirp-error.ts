/** HTTP status of each Twirp error code that the stand-in or SIP statuses come to (Twirp wire protocol v7). */
const HTTP_STATUS = {
  aborted: 409,
  bad_route: 404,
  canceled: 408,
  deadline_exceeded: 408,
  failed_precondition: 412,
  internal: 500,
  invalid_argument: 400,
  malformed: 400,
  not_found: 404,
  permission_denied: 403,
  resource_exhausted: 429,
  unauthenticated: 401,
  unavailable: 503,
} as const;

/** A Twirp error code. */
export type TwirpCode = keyof typeof HTTP_STATUS;

/** An error that goes to the API's client in Twirp's shape. */
export class TwirpError extends Error {
  readonly code: TwirpCode;
  readonly meta: Readonly<Record<string, string>> | undefined;

  constructor(code: TwirpCode, message: string, meta?: Readonly<Record<string, string>>) {
    super(message);
    this.name = "TwirpError";
    this.code = code;
    this.meta = meta;
  }

  /** HTTP status that goes with the code. */
  get httpStatus(): number {
    return HTTP_STATUS[this.code];
  }

  /** The JSON body. */
  toJSON(): { code: string; msg: string; meta?: Readonly<Record<string, string>> } {
    return { code: this.code, msg: this.message, ...(this.meta ? { meta: this.meta } : {}) };
  }
}

/** LiveKit's API passes on what its services say behind these words. */
export function serviceError(code: TwirpCode, message: string): TwirpError {
  return new TwirpError(code, `twirp error unknown: ${message}`);
}

// LiveKit's mapping of SIP statuses to error codes, as of livekit-server 1.13.5; statuses not listed go by their class.
const CODE_OF_SIP_STATUS: Readonly<Record<number, TwirpCode>> = {
  301: "not_found",
  302: "not_found",
  401: "permission_denied",
  402: "permission_denied",
  403: "permission_denied",
  404: "not_found",
  407: "unauthenticated",
  408: "deadline_exceeded",
  409: "failed_precondition",
  410: "not_found",
  433: "permission_denied",
  480: "resource_exhausted",
  481: "not_found",
  482: "failed_precondition",
  483: "failed_precondition",
  486: "resource_exhausted",
  487: "aborted",
  491: "aborted",
  504: "deadline_exceeded",
  505: "invalid_argument",
  513: "invalid_argument",
  600: "resource_exhausted",
  603: "permission_denied",
  604: "not_found",
  607: "permission_denied",
  608: "permission_denied",
};

/** The error code that LiveKit gives a final SIP response. */
export function codeOfSipStatus(status: number): TwirpCode {
  const byClass: TwirpCode = status >= 500 && status < 600 ? "failed_precondition" : "invalid_argument";
  return CODE_OF_SIP_STATUS[status] ?? byClass;
}

/** The error of a dial or transfer that ended with a final SIP response. The SDK makes a `SipCallError` of it. */
export function sipStatusError(status: number, reason: string): TwirpError {
  const message = `twirp error unknown: sip status: ${status}: ${reason}`;
  return new TwirpError(codeOfSipStatus(status), message, {
    sip_status: reason,
    sip_status_code: String(status),
  });
}
