import { setTimeout as sleep } from "node:timers/promises";
import { mustCome } from "../../src/eventually.ts";
import type { Ending } from "./ending.ts";
import type { Moment, Stage } from "./stage.ts";

async function ringUnanswered(stage: Stage): Promise<string> {
  stage.telephone.behaviour = { kind: "does-not-answer" };
  const rung = (): string | undefined =>
    stage.lab.sip.rings().find(({ number }) => number === stage.patient.phoneNumber)?.room;
  await mustCome("the telephone rings", () => rung() !== undefined, 40_000);
  return rung() ?? "";
}

/** Somebody deletes the room while the patient's telephone rings. */
export function roomDeletedWhileRinging(afterMs: number): Ending {
  return {
    name: `the room is deleted ${afterMs} ms after it began to ring`,
    endedBy: ["room-closed", "patient"],
    async run(stage) {
      stage.telephone.behaviour = { kind: "does-not-answer" };
      const calling = stage.callOut();
      const room = await ringUnanswered(stage);
      await sleep(afterMs);
      await stage.lab.rooms.deleteRoom(room);
      const { outcome } = await calling;
      if (outcome === "answered") throw new Error("Nobody answered, and yet it is called answered.");
    },
  };
}

/** Whoever called gives the call up while it rings: `makeCall` then removes the room. */
export function callGivenUpWhileRinging(afterMs: number): Ending {
  return {
    name: `the call is given up ${afterMs} ms after it began to ring`,
    endedBy: ["room-closed", "patient"],
    async run(stage) {
      stage.telephone.behaviour = { kind: "does-not-answer" };
      const control = new AbortController();
      const calling = stage.callOut(control.signal);
      await ringUnanswered(stage);
      await sleep(afterMs);
      control.abort();
      const { outcome } = await calling;
      if (outcome !== "cancelled") throw new Error(`The call was given up, and yet it is called ${outcome}.`);
    },
  };
}

/** Somebody deletes the room of a call that goes on. */
export function roomDeleted(moment: Moment): Ending {
  return {
    name: `the room is deleted, ${moment}`,
    endedBy: ["room-closed", "patient"],
    async run(stage) {
      const line = await stage.callIn(moment);
      await stage.lab.rooms.deleteRoom(line.room);
      await line.ended;
    },
  };
}

/** The patient's telephone is busy: its line never comes up, and the room goes at once. */
export const telephoneBusy: Ending = {
  name: "the telephone is busy",
  endedBy: ["room-closed", "patient"],
  async run(stage) {
    stage.telephone.behaviour = { kind: "busy" };
    const { outcome } = await stage.callOut();
    if (outcome !== "busy") throw new Error(`The telephone was busy, and yet it is called ${outcome}.`);
  },
};
