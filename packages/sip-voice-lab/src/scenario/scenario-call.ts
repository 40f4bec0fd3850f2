import type { CallPatient } from "../demo/call-patient.ts";
import type { DemoCall, DemoExpectation, DemoStep } from "../demo/demo-call.ts";
import type { TelephoneBehaviour } from "../telephone/index.ts";
import { reminderOf } from "./scenario-patients.ts";
import type { Scenario } from "./scenario-shape.ts";

/** The call that a scenario describes, for a patient of its own. */
export function callOf(scenario: Scenario, patient: CallPatient, others: readonly string[] = []): DemoCall {
  const { name, title, caller, telephone, operator, clinic } = scenario;
  const isUnproven = clinic?.identity === "date-of-birth" || sharesNumber(scenario);
  const before = scenario["called-before"];
  const common = {
    name,
    title,
    patient,
    others,
    alone: true as const,
    ...(isUnproven ? { greetedUnknown: true as const } : {}),
    ...(operator ? { operator: behaviourOf(operator) } : {}),
    steps: scenario.steps.map(stepOf),
    expect: expectationOf(scenario.expect),
    ...(scenario.impatient ? { impatient: true as const } : {}),
  };
  if (scenario.direction === "outbound")
    return {
      ...common,
      direction: "outbound",
      telephone: behaviourOf(telephone),
      ...(telephone?.does === "has-answering-machine" ? { pickedUpBy: "answering-machine" as const } : {}),
      ...(telephone?.does === "screens-calls" ? { pickedUpBy: "screener" as const } : {}),
      ...(scenario["opted-out"] ? { optedOut: true as const } : {}),
    };
  const unknownBecause = {
    known: undefined,
    unknown: "strange-number",
    hidden: "number-hidden",
    anonymous: "anonymous",
  } as const;
  const reason = unknownBecause[caller];
  return {
    ...common,
    direction: "inbound",
    ...(reason ? { unknownBecause: reason } : {}),
    ...(before ? { calledBefore: behaviourOf({ does: before.telephone }) } : {}),
  };
}

/** Whether the number is that of several patients: none of them is greeted by name. */
function sharesNumber({ patient, appointments = [] }: Scenario): boolean {
  return new Set(appointments.map((one) => one.patient ?? patient)).size > 1;
}

function stepOf(step: Scenario["steps"][number]): DemoStep {
  const hears = (step.hear ?? "") as Extract<DemoStep, { press: unknown }>["hears"];
  if (step.press !== undefined)
    return {
      press: step.press as Extract<DemoStep, { press: unknown }>["press"],
      hears,
      ...(step.model === undefined ? {} : { model: new RegExp(step.model, "i") }),
    };
  const answer = step.answer === undefined ? { hears } : new RegExp(step.answer, "i");
  if (step.keys !== undefined) return { keys: step.keys, answer };
  if (step.say !== undefined)
    return {
      say: step.say,
      ...(step.words === undefined ? {} : { words: step.words }),
      answer: step["hangs-up"] ? "hangs-up" : answer,
    };
  return step["close-model"] === undefined ? { hears } : { closeModel: step["close-model"], hears };
}

function behaviourOf(
  telephone: { readonly does: string; readonly "after-ms"?: number | undefined } | undefined,
): TelephoneBehaviour {
  switch (telephone?.does) {
    case "is-busy":
      return { kind: "busy" };
    case "declines":
      return { kind: "declines", afterMs: telephone["after-ms"] ?? 500 };
    case "does-not-answer":
      return { kind: "does-not-answer" };
    default:
      return { kind: "answers", afterMs: telephone?.["after-ms"] ?? 500 };
  }
}

function expectationOf(expect: Scenario["expect"]): DemoExpectation {
  const { outcome, disposition, appointment, rings, tools, transfer } = expect;
  const { identity, party, emergency, reminder } = expect;
  return {
    outcome,
    appointment,
    rings,
    ...(disposition === undefined ? {} : { disposition }),
    ...(expect["ended-by"] === undefined ? {} : { endedBy: expect["ended-by"] }),
    ...(expect["moved-to"] === undefined ? {} : { movedTo: expect["moved-to"] }),
    ...(expect["opted-out"] === undefined ? {} : { optedOut: expect["opted-out"] }),
    ...(expect["refused-by"] === undefined ? {} : { refusedBy: expect["refused-by"] }),
    ...(tools === undefined ? {} : { tools }),
    ...(transfer === undefined ? {} : { transfer }),
    ...(identity === undefined ? {} : { identity }),
    ...(party === undefined ? {} : { party }),
    ...(emergency === undefined ? {} : { emergency }),
    ...(reminder === undefined ? {} : { reminder: reminderOf(reminder) }),
    ...(expect["call-back"] === undefined ? {} : { callBack: expect["call-back"] }),
    ...(expect["walk-in"] === undefined ? {} : { walkIn: expect["walk-in"] }),
    ...(expect["not-said"] === undefined ? {} : { notSaid: expect["not-said"] }),
  };
}
