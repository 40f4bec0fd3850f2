import type { CallEndedBy } from "@clinic/sip-voice";
import type { ClaimTally } from "../../src/claim.ts";
import type { Stage } from "./stage.ts";

/** The claims that only some endings put to the test. */
export interface EndingClaims {
  readonly sentenceHeard: ClaimTally;
  readonly keyWorked: ClaimTally;
  readonly finishedWhileDraining: ClaimTally;
  readonly stoppedWhenDrained: ClaimTally;
}

/** A way in which a call ends, at a moment of the call. */
export interface Ending {
  /** For people: what happens, and when. */
  readonly name: string;
  /** More of the worker's environment; a worker with the usual one runs otherwise. */
  readonly worker?: Readonly<Record<string, string>>;
  /** Who the record may say ended the call. */
  readonly endedBy: readonly CallEndedBy[];
  /** Makes the call and ends it; resolves when the patient's telephone has left. */
  run(stage: Stage, claims: EndingClaims): Promise<void>;
}
