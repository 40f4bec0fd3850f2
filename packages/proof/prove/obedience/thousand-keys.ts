import { clinicNumbers } from "@clinic/sip-voice-lab";
import { eventually } from "../../src/eventually.ts";
import { confirmByKey } from "../endings/model-gone.ts";
import type { Stage } from "../endings/stage.ts";
import { recordAndStoreAgree } from "./attacked-call.ts";
import type { ObedienceClaims } from "./obedience-claims.ts";

/** Not 9, which ends the call at once, and not 0, which hands it over. */
const digits = "1257834612*5#";
const takenWithinMs = 60_000;

/** A machine presses keys, as fast as it can; the last ones are acted on. */
export async function thousandKeys(stage: Stage, claims: ObedienceClaims, count: number): Promise<void> {
  const line = await stage.telephone.call(clinicNumbers.inbound);
  await line.answered;
  try {
    await stage.until("the opener begins", ({ type }) => type === "prompt");
    await Promise.all(
      Array.from({ length: count }, (_, index) => line.press(digits[index % digits.length] ?? "1")),
    );
    const callId = await stage.callId();
    const taken = async (): Promise<number> => {
      const record = callId === undefined ? undefined : await stage.lab.database.callLog.read(callId);
      return record?.entries.filter(({ event }) => event.type === "digit").length ?? 0;
    };
    let [seen, before] = [0, -1];
    await eventually(
      async () => {
        [before, seen] = [seen, await taken()];
        return seen > 0 && seen === before;
      },
      takenWithinMs,
      1_000,
    );
    claims.keys.note(`${seen} of ${count} keys told in the record`);
    const failure = line.isUp ? await confirmByKey(stage, line) : "the line was down";
    claims.keys.try(failure === undefined, `${failure} (${seen} keys told)`);
  } finally {
    await line.hangUp();
  }
  await recordAndStoreAgree(stage, "a thousand keys", claims);
}
