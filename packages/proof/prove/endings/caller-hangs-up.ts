import type { Ending } from "./ending.ts";
import type { Moment } from "./stage.ts";

/** The caller hangs up. */
export function callerHangsUp(moment: Moment): Ending {
  return {
    name: `the caller hangs up, ${moment}`,
    endedBy: ["patient"],
    async run(stage) {
      const line = await stage.callIn(moment);
      await line.hangUp();
    },
  };
}

/** The patient whom the clinic called hangs up. */
export function calleeHangsUp(moment: Moment): Ending {
  return {
    name: `the patient who was called hangs up, ${moment}`,
    endedBy: ["patient"],
    async run(stage) {
      const { line, result } = await stage.callOutTo(moment);
      await line.hangUp();
      await result.ended;
    },
  };
}
