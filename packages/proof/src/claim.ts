/** A claim about safety and how it fared. */
export interface Claim {
  /** The claim, as a sentence. */
  readonly claim: string;
  /** How many times it was put to the test. */
  readonly tried: number;
  /** How many times it held. */
  readonly held: number;
  /** What was seen: the failures first, then the figures. */
  readonly evidence: string;
}

/** Whether a claim held every time. One that was never put to the test has not held. */
export function holds({ tried, held }: Claim): boolean {
  return tried > 0 && held === tried;
}

const failuresTold = 5;

/** Counts how a claim fares. */
export class ClaimTally {
  readonly #claim: string;
  readonly #failures: string[] = [];
  readonly #notes: string[] = [];
  #tried = 0;

  /** Makes a tally for a claim that was not tried yet. */
  constructor(claim: string) {
    this.#claim = claim;
  }

  /** Puts the claim to the test once; `failure` says what was seen when it did not hold. */
  try(held: boolean, failure: string): void {
    this.#tried += 1;
    if (!held) this.#failures.push(failure);
  }

  /** Adds a figure to the evidence. */
  note(text: string): void {
    this.#notes.push(text);
  }

  /** The claim as it stands. */
  result(): Claim {
    const told = this.#failures.slice(0, failuresTold);
    const more = this.#failures.length - told.length;
    const evidence = [...told, ...(more > 0 ? [`and ${more} more failures`] : []), ...this.#notes];
    return {
      claim: this.#claim,
      tried: this.#tried,
      held: this.#tried - this.#failures.length,
      evidence: evidence.join("; "),
    };
  }
}

/** The claims for people. */
export function claimsText(claims: readonly Claim[]): string {
  return claims
    .map((claim) => {
      const verdict = holds(claim) ? "HOLDS" : claim.tried === 0 ? "NEVER TRIED" : "FAILS";
      const evidence = claim.evidence === "" ? "" : `\n       ${claim.evidence}`;
      return `${verdict.padEnd(6)} ${claim.held} of ${claim.tried}: ${claim.claim}${evidence}`;
    })
    .join("\n");
}
