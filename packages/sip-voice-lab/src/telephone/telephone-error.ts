/** A call that a simulated telephone placed did not come about: the SIP response that ended it. */
export class CallFailed extends Error {
  /** SIP status, such as 404. */
  readonly sipStatus: number;
  /** Reason phrase, such as `Not Found`. */
  readonly reason: string;

  constructor(sipStatus: number, reason: string) {
    super(`The call failed: ${sipStatus} ${reason}`);
    this.name = "CallFailed";
    this.sipStatus = sipStatus;
    this.reason = reason;
  }
}

/** Something that a test waited for on a line did not happen in time. */
export class TelephoneTimeout extends Error {
  constructor(what: string, timeoutMs: number) {
    super(`The telephone ${what} within ${timeoutMs} ms.`);
    this.name = "TelephoneTimeout";
  }
}

/** The line ended while something was awaited of it. */
export class LineEnded extends Error {
  constructor(by: string) {
    super(`The line ended (by ${by}) before that happened.`);
    this.name = "LineEnded";
  }
}
