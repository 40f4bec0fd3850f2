import {
  clinicNumbers,
  type Lab,
  type StoreTrouble,
  startAgentWorker,
  storeTroubleVariable,
  troubledStoreAgent,
} from "@clinic/sip-voice-lab";
import { eventually } from "../../src/eventually.ts";
import type { RunContext } from "../../src/run-context.ts";
import type { Stage } from "../endings/stage.ts";
import type { ObedienceClaims } from "./obedience-claims.ts";

const toldWithinMs = 12_000;
const rungWithinMs = 20_000;
/** A write that takes 5 s has come through by then, if it is going to. */
const lateWriteMs = 6_000;

/** A patient presses 1 on a call whose store is in trouble, and then 0. */
export async function callWithFailingStore(
  { signal }: RunContext,
  stage: Stage,
  trouble: StoreTrouble,
  claims: ObedienceClaims,
): Promise<void> {
  const { lab } = stage;
  await lab.stopWorker();
  const worker = await startAgentWorker(
    { ...lab.workerEnvironment, [storeTroubleVariable]: trouble },
    undefined,
    signal,
    troubledStoreAgent,
  );
  try {
    await pressOneAndZero(lab, stage, trouble, claims);
  } finally {
    await worker.stop();
  }
}

async function pressOneAndZero(
  lab: Lab,
  stage: Stage,
  trouble: string,
  claims: ObedienceClaims,
): Promise<void> {
  const rings = lab.sip.rings().length;
  const line = await stage.telephone.call(clinicNumbers.inbound);
  await line.answered;
  try {
    await stage.until("the opener begins", ({ type }) => type === "prompt");
    const { at } = await line.press("1");
    const told = await Promise.any(
      (["not-stored", "no-appointment"] as const).map(async (prompt) => {
        if ((await stage.hears(line, prompt, at, toldWithinMs)) === undefined) throw new Error("not heard");
        return prompt;
      }),
    ).catch(() => undefined);
    claims.toldNotStored.try(told !== undefined, `${trouble}: nothing was heard (${await stage.story()})`);
    const confirmed = await stage.hasHappened(
      (event) => event.type === "prompt" && event.prompt === "confirmed",
    );
    claims.toldNotStored.try(!confirmed, `${trouble}: it was confirmed all the same`);
    await line.press("0");
    const rung = await eventually(
      () =>
        lab.sip
          .rings()
          .slice(rings)
          .some(({ number }) => number === clinicNumbers.operator),
      rungWithinMs,
    );
    claims.offered.try(rung.came, `${trouble}: the operator was not rung (${await stage.story()})`);
  } finally {
    await line.hangUp();
  }
  if (trouble.startsWith("slow")) await new Promise((resolve) => setTimeout(resolve, lateWriteMs));
  const kept = await stage.hasHappened((event) => event.type === "store" && event.result === "kept");
  const status = (await lab.database.appointments.get(stage.patient.appointment.id))?.status;
  claims.stored.try(!kept, `${trouble}: the record says that it was kept`);
  claims.toldNotStored.note(`${trouble}: afterwards the store has ${status}`);
}
