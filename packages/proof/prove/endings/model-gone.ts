import { setTimeout as sleep } from "node:timers/promises";
import type { TelephoneLine } from "@clinic/sip-voice-lab";
import { eventually } from "../../src/eventually.ts";
import type { Ending } from "./ending.ts";
import type { Moment, Stage } from "./stage.ts";

const sentenceWithinMs = 3_000;
const acknowledgedWithinMs = 3_000;

/** Presses 1; tells what is wrong unless the appointment is then confirmed in the store and the patient heard so. */
export async function confirmByKey(stage: Stage, line: TelephoneLine): Promise<string | undefined> {
  const { at } = await line.press("1");
  const { lab, patient } = stage;
  const { came } = await eventually(
    async () => (await lab.database.appointments.get(patient.appointment.id))?.status === "confirmed",
    2_000,
  );
  if (!came) return "the key changed nothing in the store";
  const heardAfter = await stage.hears(line, "confirmed", at, acknowledgedWithinMs);
  return heardAfter === undefined ? "the key's acknowledgement was not heard" : undefined;
}

/** The model's socket is closed by the far end with this code; the caller then confirms by key and hangs up. */
export function modelGone(code: number, moment: Moment): Ending {
  const name = `the model's socket closes with ${code}, ${moment}`;
  return {
    name,
    endedBy: ["patient"],
    async run(stage, { sentenceHeard, keyWorked }) {
      const line = await stage.callIn(moment);
      const goneAt = performance.now();
      stage.gemini.closeSessions(code);
      const heardAfter = await stage.hears(line, "apology", goneAt, sentenceWithinMs);
      sentenceHeard.try(heardAfter !== undefined, `${name}: no sentence was heard`);
      if (heardAfter !== undefined) sentenceHeard.note(`${code}, ${moment}: ${Math.round(heardAfter)} ms`);
      const failure = line.isUp ? await confirmByKey(stage, line) : "the line was down";
      keyWorked.try(failure === undefined, `${name}: ${failure}`);
      await sleep(300);
      await line.hangUp();
    },
  };
}
