import { clinicNumbers, patientNumbers } from "../lab/clinic-data.ts";
import type { CallEvidence } from "./call-evidence.ts";
import type { DemoCall } from "./demo-call.ts";

/** One thing that was looked at. */
export interface Check {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  /** `null`: it depends on what the model says, and the real one may say anything, so it is not judged. */
  readonly ok: boolean | null;
}

/** Somebody who waits longer for a first word hangs up; a machine that is busy starts the next call's process in its own time. */
const openerLimitMs = 10_000;
/** A key is answered at once; this leaves room for a machine that is busy. */
const acknowledgementLimitMs = 3_000;

/** Everything that can be said of a call, compared with what should be. */
export function checksOf(call: DemoCall, evidence: CallEvidence, scripted: boolean): Check[] {
  const checks = [
    ...troubleChecks(evidence),
    ...outcomeChecks(call, evidence),
    ...appointmentChecks(call, evidence),
    ...wishChecks(call, evidence),
    ringCheck(call, evidence),
    ...(evidence.outcome === "answered" ? soundChecks(call, evidence) : []),
    ...(evidence.outcome === "answered" && scripted ? modelChecks(call, evidence) : []),
    compare("room afterwards", "removed", evidence.roomGone ? "removed" : "still there"),
  ];
  return scripted || !call.scripted ? checks : checks.map((check) => ({ ...check, ok: null }));
}

function compare(what: string, expected: string, seen: string): Check {
  return { what, expected, seen, ok: expected === seen };
}

function troubleChecks({ trouble, conversation }: CallEvidence): Check[] {
  const seen = trouble ?? conversation?.trouble;
  return seen === undefined ? [] : [{ what: "course of the call", expected: "no trouble", seen, ok: false }];
}

function outcomeChecks({ expect }: DemoCall, { outcome, record, refusedBy }: CallEvidence): Check[] {
  const checks = [compare("outcome", expect.outcome, outcome)];
  const state = record?.finalState;
  if (expect.disposition !== undefined)
    checks.push(compare("disposition", expect.disposition, state?.disposition ?? "no record"));
  if (expect.endedBy !== undefined)
    checks.push(compare("ended by", expect.endedBy, state?.endedBy ?? "no record"));
  if (expect.refusedBy !== undefined)
    checks.push(compare("refused because of", expect.refusedBy.join(", "), refusedBy.join(", ")));
  if (expect.optedOut !== undefined)
    checks.push(compare("opted out", String(expect.optedOut), String(state?.optedOut ?? "no record")));
  if (expect.tools !== undefined)
    checks.push(compare("tools used", listed(expect.tools), listed(toolsUsed(record))));
  return checks;
}

/** What else the patient wished, and what became known of them. */
function wishChecks(
  { expect, others = [] }: DemoCall,
  { record, after, modelSaid, othersChanged }: CallEvidence,
): Check[] {
  const state = record?.finalState;
  const wishes: readonly (readonly [what: string, expected: unknown, seen: unknown])[] = [
    ["transfer", expect.transfer, state?.transfer],
    ["call-back noted", expect.callBack, state?.callBack],
    ["identity", expect.identity, state?.identity],
    ["other party", expect.party, state?.party],
    ["emergency noticed", expect.emergency, state?.emergency],
    ["comes at short notice", expect.walkIn, after?.preferences?.walkIn],
    ["reminder", expect.reminder, after?.preferences?.reminder],
  ];
  const said = (expect.notSaid ?? []).filter((words) =>
    modelSaid.some((sentence) => sentence.toLowerCase().includes(words.toLowerCase())),
  );
  return [
    ...wishes.flatMap(([what, expected, seen]) =>
      expected === undefined ? [] : [compare(what, words(expected), words(seen))],
    ),
    ...(expect.notSaid
      ? [compare("said by the model all the same", "nothing", listed(said, "nothing"))]
      : []),
    ...(others.length > 0
      ? [compare("other appointments", "unchanged", othersChanged ? "changed" : "unchanged")]
      : []),
  ];
}

/** A value of the record or the store as a report shows it; keys in order, so that equal ones look equal. */
function words(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value ?? "none");
  return Object.entries(value)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, each]) => `${name} ${String(each)}`)
    .join(", ");
}

const listed = (names: readonly string[], none = "none"): string => names.join(", ") || none;

/** The tools that did their work; others with what became of them. */
function toolsUsed(record: CallEvidence["record"]): string[] {
  return (record?.entries ?? []).flatMap(({ event }) =>
    event.type === "tool" ? [event.result === "done" ? event.name : `${event.name} (${event.result})`] : [],
  );
}

function appointmentChecks({ expect }: DemoCall, { before, after, oldSlotFree }: CallEvidence): Check[] {
  const checks = [compare("appointment", expect.appointment, after?.status ?? "gone")];
  if (expect.movedTo === undefined) {
    checks.push(compare("appointment's time", before?.start ?? "", after?.start ?? "gone"));
    return checks;
  }
  const day = after
    ? new Date(after.start).toLocaleDateString("en-US", { weekday: "long", timeZone: after.timeZone })
    : "gone";
  checks.push(compare("appointment's day", expect.movedTo, day));
  checks.push(compare("the old slot", "free", oldSlotFree ? "free" : "taken"));
  return checks;
}

function ringCheck(call: DemoCall, { rings }: CallEvidence): Check {
  const [whose, number] =
    call.direction === "outbound"
      ? ["the patient's", call.patient.phoneNumber]
      : ["the operator's", clinicNumbers.operator];
  const expected = call.expect.rings === 0 ? "none" : `${whose} once`;
  const others = rings.some((ring) => ring.number !== number);
  const seen = rings.length === 0 ? "none" : others ? "another" : rings.length === 1 ? `${whose} once` : "";
  // Nobody may pick up a telephone that has no agent, or two, at the other end.
  const agents = rings.every(
    ({ cause, agentsReady }) => cause !== "dial" || call.direction === "inbound" || agentsReady === 1,
  );
  return compare(
    "telephones rung",
    expected,
    agents ? seen || `${whose} ${rings.length} times` : "without exactly one agent ready",
  );
}

function soundChecks(call: DemoCall, { conversation, line }: CallEvidence): Check[] {
  const opener = conversation?.openerAfterMs;
  const speech = line?.speechHeard.length ?? 0;
  const byMachine = call.direction === "outbound" && call.pickedUpBy !== undefined;
  const unasked = call.steps.flatMap((step) => {
    if ("press" in step) return [];
    if (!("answer" in step)) return [step.hears];
    return typeof step.answer === "object" && "hears" in step.answer ? [step.answer.hears] : [];
  });
  return [
    ...(unasked.length === 0
      ? []
      : [compare("sentences heard", listed(unasked), listed(conversation?.unasked ?? []))]),
    ...(byMachine
      ? []
      : [
          {
            what: "introduction heard",
            expected: `within ${openerLimitMs / 1000} s of the answer`,
            seen: opener === undefined ? "not heard" : `after ${opener} ms`,
            ok: opener !== undefined && opener <= openerLimitMs && speech > 0,
          },
        ]),
    ...call.steps
      .filter((step) => "press" in step)
      .map(({ press, hears }): Check => {
        const heard = conversation?.acknowledged.find(({ key }) => key === press)?.afterMs;
        return {
          what: `“${hears}” heard after key ${press}`,
          expected: `within ${acknowledgementLimitMs / 1000} s`,
          seen: heard === undefined ? "not heard" : `after ${heard} ms`,
          ok: heard !== undefined && heard <= acknowledgementLimitMs,
        };
      }),
  ];
}

function modelChecks(call: DemoCall, { conversation, modelSaid }: CallEvidence): Check[] {
  if (call.impatient || (call.direction === "outbound" && call.pickedUpBy !== undefined)) return [];
  const greeting = compare(
    "model's greeting heard",
    "yes",
    conversation?.greetingHeard === true ? "yes" : "no",
  );
  const words = modelSaid.join(" ");
  const isProven = call.expect.identity === "proven";
  if (call.direction === "inbound" && call.unknownBecause !== undefined && !isProven) {
    const disclosed = [...Object.keys(patientNumbers), call.patient.name].filter((name) =>
      words.includes(name),
    );
    if (/\d|[A-Z]\w+day/.test(words)) disclosed.push("a time");
    return [greeting, compare("disclosed to the caller", "nothing", disclosed.join(", ") || "nothing")];
  }
  if (call.greetedUnknown) return [greeting];
  return [greeting, compare("greeted by name", "yes", words.includes(call.patient.name) ? "yes" : "no")];
}
