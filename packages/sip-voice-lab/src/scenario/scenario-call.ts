import type { CallPatient } from "../demo/call-patient.ts";
import type { DemoCall, DemoExpectation, DemoStep } from "../demo/demo-call.ts";
import type { TelephoneBehaviour } from "../telephone/index.ts";
import type { Scenario } from "./scenario-shape.ts";

/** The call that a scenario describes, for a patient of its own. */
export function callOf(scenario: Scenario, patient: CallPatient): DemoCall {
  const { name, title, caller, telephone } = scenario;
  const common = {
    name,
    title,
    patient,
    steps: scenario.steps.map(stepOf),
    expect: expectationOf(scenario.expect),
    ...(scenario.impatient ? { impatient: true as const } : {}),
  };
  if (scenario.direction === "outbound")
    return {
      ...common,
      direction: "outbound",
      telephone: behaviourOf(telephone),
      ...(scenario["opted-out"] ? { optedOut: true as const } : {}),
    };
  const unknownBecause = {
    known: undefined,
    unknown: "strange-number",
    hidden: "number-hidden",
    anonymous: "anonymous",
  } as const;
  const reason = unknownBecause[caller];
  return { ...common, direction: "inbound", ...(reason ? { unknownBecause: reason } : {}) };
}

function stepOf(step: Scenario["steps"][number]): DemoStep {
  const hears = (step.hear ?? "") as Extract<DemoStep, { press: unknown }>["hears"];
  if (step.press !== undefined)
    return {
      press: step.press as Extract<DemoStep, { press: unknown }>["press"],
      hears,
      ...(step.model === undefined ? {} : { model: new RegExp(step.model, "i") }),
    };
  if (step.say !== undefined)
    return {
      say: step.say,
      ...(step.words === undefined ? {} : { words: step.words }),
      answer: step.answer === undefined ? "hangs-up" : new RegExp(step.answer, "i"),
    };
  return step["close-model"] === undefined ? { hears } : { closeModel: step["close-model"], hears };
}

function behaviourOf(telephone: Scenario["telephone"]): TelephoneBehaviour {
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
  const { outcome, disposition, appointment, rings, tools } = expect;
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
  };
}
