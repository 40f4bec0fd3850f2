import type { DemoBatch } from "../demo/demo.ts";
import { troubledStoreAgent } from "../lab/store-trouble.ts";
import { callOf } from "./scenario-call.ts";
import { clinicEnvironment } from "./scenario-clinic.ts";
import { otherAppointments, scenarioPatient } from "./scenario-patients.ts";
import type { Scenario } from "./scenario-shape.ts";

/** The calls of scenarios, those together for which the clinic is set up alike: a worker starts for each set-up. */
export function batchesOf(scenarios: readonly Scenario[]): DemoBatch[] {
  const batches = new Map<string, DemoBatch>([["[]", { environment: {}, calls: [] }]]);
  for (const [index, scenario] of scenarios.entries()) {
    const environment = clinicEnvironment(scenario.clinic);
    const key = JSON.stringify(Object.entries(environment).sort());
    const file = scenario.clinic?.store === undefined ? undefined : troubledStoreAgent;
    const batch = batches.get(key) ?? { environment, file, calls: [] };
    const call = callOf(scenario, scenarioPatient(scenario, index), otherAppointments(scenario, index));
    batches.set(key, { ...batch, calls: [...batch.calls, call] });
  }
  return [...batches.values()].filter(({ calls }) => calls.length > 0);
}
