import type { TelephoneLine } from "@clinic/sip-voice-lab";
import { mustCome } from "../../src/eventually.ts";
import type { Ending } from "./ending.ts";
import type { Moment, Stage } from "./stage.ts";

/** Waits for the clinic to hang up. */
async function clinicHangsUp(line: TelephoneLine): Promise<void> {
  await mustCome("the clinic hangs up", () => line.isOver, 20_000);
  await endedByClinic(line);
}

async function endedByClinic(line: TelephoneLine): Promise<void> {
  const { by } = await line.ended;
  if (by !== "room") throw new Error(`The line was ended by the ${by}.`);
}

/** The patient says goodbye and waits for the clinic to hang up. */
export async function saysGoodbye(stage: Stage, line: TelephoneLine): Promise<void> {
  await stage.sayUntil(line, "goodbye", "the clinic hangs up", () => line.isOver);
  await endedByClinic(line);
}

/** The patient calls and says goodbye: the model calls `endCall`. */
export function agentHangsUp(moment: Moment): Ending {
  return {
    name: `the agent hangs up (endCall), ${moment}`,
    endedBy: ["agent"],
    async run(stage) {
      await saysGoodbye(stage, await stage.callIn(moment));
    },
  };
}

/** The clinic calls and the patient says goodbye. */
export const agentHangsUpOutbound: Ending = {
  name: "the agent hangs up (endCall), on a call that it made",
  endedBy: ["agent"],
  async run(stage) {
    const { line, result } = await stage.callOutTo("listening");
    await saysGoodbye(stage, line);
    await result.ended;
  },
};

/** The patient wants no more calls: the agent says so and hangs up. */
export const agentHangsUpOnOptOut: Ending = {
  name: "the agent hangs up (key 9), opener",
  endedBy: ["agent"],
  async run(stage) {
    const line = await stage.callIn("opener");
    await line.press("9");
    await clinicHangsUp(line);
  },
};
