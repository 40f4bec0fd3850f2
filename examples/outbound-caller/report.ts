import { maskPhoneNumber } from "@clinic/sip-voice";
import type { CallList } from "./call-list.ts";
import type { CallListRow } from "./call-list-row.ts";
import type { CallerProgress, CallerReport } from "./caller.ts";
import type { RowReport } from "./row-report.ts";

/** A row as people recognise it, without the patient's number in clear. */
function heading(number: number, total: number, row: CallListRow): string {
  return `${String(number).padStart(String(total).length)} of ${total}  ${maskPhoneNumber(row.phoneNumber)}`;
}

function inWords({ outcome, disposition, earlier, reasons, earliest }: RowReport): string {
  const words = disposition === undefined ? outcome : `${outcome}, ${disposition}`;
  const when = earlier ? " (in an earlier run, not rung now)" : "";
  const why = reasons.length === 0 ? "" : `: ${reasons.join(" ")}`;
  return `${words}${when}${why}${earliest === undefined ? "" : ` Earliest: ${earliest}.`}`;
}

/** One line of progress. */
export function progressLine(progress: CallerProgress, total: number): string {
  if (progress.type === "done") {
    return `${heading(progress.number, total, progress.report.row)}  ${inWords(progress.report)}`;
  }
  const { phase, disposition } = progress.state;
  const decided = disposition === "none" ? "" : `, ${disposition}`;
  return `${heading(progress.number, total, progress.row)}  ... ${phase}${decided}`;
}

function counted(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => `${count} ${value}`).join(", ");
}

/** The summary for people. */
export function summaryLines({ rejected }: CallList, { reports, notCalled }: CallerReport): string[] {
  const decisions = reports.flatMap(({ disposition }) => disposition ?? []);
  const toReview = reports.filter(({ retry }) => retry === "after-review");
  return [
    "",
    `Outcomes: ${counted(reports.map(({ outcome }) => outcome)) || "none"}`,
    ...(decisions.length > 0 ? [`Decisions: ${counted(decisions)}`] : []),
    ...section(
      "For a person to look at",
      toReview.map((report) => `${report.row.place}: ${inWords(report)}`),
    ),
    ...section(
      "Not worked off",
      notCalled.map(({ place }) => place),
    ),
    ...section(
      "Rejected",
      rejected.map(({ place, field, reason }) => `${place}, ${field}: ${reason}`),
    ),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

/** The same for machines: rows by place and appointment, numbers masked. */
export function reportForMachines({ rejected }: CallList, { reports, notCalled, failure }: CallerReport) {
  const identity = ({ place, appointmentId, attemptId, phoneNumber }: CallListRow) => ({
    place,
    appointmentId,
    attemptId,
    phoneNumber: maskPhoneNumber(phoneNumber),
  });
  return {
    rows: reports.map(({ row, ...rest }) => ({ ...identity(row), ...rest })),
    notCalled: notCalled.map(identity),
    rejected,
    broken: failure !== undefined,
  };
}

/** 0 when every row of the list was worked off, 1 when not. */
export function exitCodeOf({ rejected }: CallList, { reports, notCalled, failure }: CallerReport): 0 | 1 {
  const misfits = reports.filter(({ outcome, retry }) => outcome === "skipped" && retry === "after-review");
  const left = rejected.length + misfits.length + notCalled.length;
  return left > 0 || failure !== undefined ? 1 : 0;
}
