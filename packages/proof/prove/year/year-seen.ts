/** One patient of the year, and where that patient truly is: what the checker goes by. */
export interface YearContact {
  readonly id: number;
  readonly number: string;
  readonly clinic: string;
  /** From when to before when the clinic wants to call, milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
  /** What the clinic has on file, and gives to the policy. */
  readonly timeZone?: string;
  readonly place?: string;
  readonly consentAt?: string;
  /** Every zone in which the patient may be. */
  readonly trueZones: readonly string[];
  /** Whose hours hold: a state's two letters, or `any:` and a zone when it may be any state of that zone. */
  readonly trueHours: string;
}

/** One ring of a telephone. */
export interface YearCall {
  readonly contact: number;
  readonly number: string;
  readonly clinic: string;
  readonly at: number;
  /** When it was over. */
  readonly endedAt: number;
}

/** A dial that rang nobody, as the trunk was full; it is tried again ten minutes later. */
export interface YearFullTrunk {
  readonly contact: number;
  readonly at: number;
}

/** From when on a number's owner wanted no calls, until when. */
export interface YearOptOut {
  readonly number: string;
  readonly at: number;
  readonly undoneAt: number;
}

/** Everything that the checker gets to see of a year. */
export interface YearSeen {
  readonly contacts: readonly YearContact[];
  readonly calls: readonly YearCall[];
  readonly fullTrunks: readonly YearFullTrunk[];
  readonly optOuts: readonly YearOptOut[];
}
