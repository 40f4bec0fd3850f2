import Table from "cli-table3";
import type { CallReport } from "./call-report.ts";
import type { DemoReport } from "./demo-report.ts";
import type { LiveView } from "./live-view.ts";

/** Prints what the demo found: a table of the calls, what is not as it should be, and a last line. */
export function printReport(report: DemoReport, view: LiveView): void {
  const table = new Table({
    head: [
      "call",
      "patient",
      "outcome",
      "decided",
      "appointment in the database",
      "rung",
      "key heard",
      "checks",
    ],
    style: { head: [], border: [] },
  });
  for (const call of report.calls) table.push(row(call, view));
  view.print("");
  view.print(table.toString());
  for (const call of report.calls) {
    for (const { what, expected, seen } of call.checks.filter(({ ok }) => ok === false))
      view.print(view.styled("red", `  ✗ ${call.name}: ${what}: should be ${expected}, but is ${seen}`));
  }
  for (const { name, torn, repeated } of report.calls) {
    const notes = [
      ...(torn.length > 0 ? [`${torn.length} of its sentences arrived torn`] : []),
      ...(repeated > 0 ? [`the patient had to say something again (${repeated})`] : []),
    ];
    if (notes.length > 0)
      view.print(view.styled("yellow", `  ! ${name}: ${notes.join(", and ")}: is this machine busy?`));
  }
  for (const line of summary(report, view)) view.print(line);
}

function row(call: CallReport, view: LiveView): string[] {
  const { before, after } = call.appointment;
  const moved = before && after && before.start !== after.start ? " (moved)" : "";
  const heard = call.checks
    .filter(({ what }) => what.includes("heard after key"))
    .map(({ seen }) => seen.replace("after ", ""));
  return [
    call.name,
    call.patient,
    judged(call, "outcome", call.outcome, view),
    judged(call, "disposition", call.disposition ?? "", view),
    judged(call, "appointment", after ? `${after.status}, ${after.spoken}${moved}` : "none", view),
    judged(call, "telephones rung", call.rings.length === 0 ? "" : String(call.rings.length), view),
    heard.join(", "),
    verdict(call, view),
  ];
}

/** A value as it was seen; where it is wrong, with what it should be. */
function judged(call: CallReport, what: string, text: string, view: LiveView): string {
  const wrong = call.checks.find((check) => check.what === what && check.ok === false);
  return wrong ? view.styled("red", `${text}\nshould be: ${wrong.expected}`) : text;
}

function verdict({ checks, ok }: CallReport, view: LiveView): string {
  const judgedChecks = checks.filter((check) => check.ok !== null);
  if (judgedChecks.length === 0) return view.styled("yellow", "not verified");
  const held = judgedChecks.filter((check) => check.ok).length;
  return view.styled(ok ? "green" : "red", `${ok ? "✓" : "✗"} ${held}/${judgedChecks.length}`);
}

function* summary({ ok, calls, gemini, seconds, leftBehind }: DemoReport, view: LiveView): Iterable<string> {
  const good = calls.filter((call) => call.ok).length;
  yield "";
  yield gemini === "stand-in"
    ? "The model was the lab's stand-in for Gemini Live, which follows a script (--real-gemini uses the real one)."
    : "The model was the real Gemini. What it says can't be known beforehand: calls that depend on it are shown, not verified.";
  const left = Object.entries(leftBehind).filter(([, count]) => count > 0);
  yield left.length === 0
    ? "Left behind: nothing."
    : view.styled("red", `Left behind: ${left.map(([what, count]) => `${count} ${what}`).join(", ")}.`);
  yield `Set up in ${seconds.setUp} s, ${calls.length} calls in ${seconds.calls} s.`;
  yield view.styled(
    ok ? ["green", "bold"] : ["red", "bold"],
    `${good} of ${calls.length} calls as they should be.`,
  );
}
