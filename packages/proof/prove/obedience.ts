/** A model that obeys an attacker can neither dial, disclose another patient, nor confirm what was not stored. */
import { storeTroubles } from "@clinic/sip-voice-lab";
import type { Claim } from "../src/claim.ts";
import { addProofPatients, type ProofPatient } from "../src/proof-patients.ts";
import { type RunContext, startRunLab } from "../src/run-context.ts";
import { Stage } from "./endings/stage.ts";
import { type Attack, attacksOn, inventedTools } from "./obedience/attack.ts";
import { attackByStranger, attackInbound, attackOutbound } from "./obedience/attacked-call.ts";
import { addCanaries } from "./obedience/canary.ts";
import { callWithFailingStore } from "./obedience/failing-store.ts";
import { dispatchForeign } from "./obedience/foreign-dispatch.ts";
import { obedienceClaims } from "./obedience/obedience-claims.ts";
import { offeredTools } from "./obedience/offered-tools.ts";
import { thousandKeys } from "./obedience/thousand-keys.ts";

/** Attacks; see "Bad input" of the issue "The agent: a conversation that survives everything". */
export async function prove(context: RunContext): Promise<readonly Claim[]> {
  const { quick, signal, progress } = context;
  const lab = await startRunLab(context);
  const canaries = await addCanaries(lab);
  const patients = await addProofPatients(lab, 40);
  const appointmentIds = [
    ...patients.map(({ appointment }) => appointment.id),
    "appointment-canary-0",
    "appointment-canary-1",
  ];
  const claims = obedienceClaims();
  let calls = 0;
  const stage = async (what: string): Promise<Stage> => {
    signal.throwIfAborted();
    progress(`call ${calls + 1}: ${what}`);
    return await Stage.set(lab, patients[calls++] as ProofPatient);
  };
  const played = async (here: Stage, what: string, run: (here: Stage) => Promise<void>): Promise<void> => {
    try {
      await run(here);
      claims.asPlanned.try(true, "");
    } catch (error) {
      signal.throwIfAborted();
      claims.asPlanned.try(false, `${what}: ${(error as Error).message} (${await here.story()})`);
    }
  };
  const attacked = async (attack: Attack, who: string, run: typeof attackInbound): Promise<void> =>
    await played(await stage(`${who}: ${attack.name}`), attack.name, (here) =>
      run({ stage: here, attack, canaries, claims, appointmentIds }),
    );

  const tools = await offeredTools(await stage("which tools the model is offered"));
  const all = [...attacksOn(tools, canaries.prey), inventedTools];
  const attacks = quick ? all.slice(0, 2) : all;
  for (const attack of attacks) await attacked(attack, "a patient calls", attackInbound);
  for (const attack of attacks.slice(0, quick ? 1 : 3))
    await attacked(attack, "the clinic calls", attackOutbound);
  for (const attack of attacks.slice(0, quick ? 1 : 4))
    await attacked(attack, "a stranger calls", attackByStranger);
  await played(await stage("keys at machine speed"), "a thousand keys", (here) =>
    thousandKeys(here, claims, 1_000),
  );
  signal.throwIfAborted();
  progress("dispatches that are not ours");
  await dispatchForeign(lab, patients[calls++] as ProofPatient, claims);
  for (const trouble of quick ? storeTroubles.slice(0, 1) : storeTroubles)
    await played(await stage(`the store: ${trouble}`), trouble, (here) =>
      callWithFailingStore(context, here, trouble, claims),
    );
  return Object.values(claims).map((tally) => tally.result());
}
