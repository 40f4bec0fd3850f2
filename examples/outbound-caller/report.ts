import type { CampaignReportRow, CampaignRun, ContactPreview } from "@clinic/sip-voice";
import { maskPhoneNumber } from "@clinic/sip-voice";
import { countsInWords } from "./progress-view.ts";

/** What a run comes to, for machines. */
export interface RunReport {
  readonly campaignId: string;
  readonly reason: CampaignRun["reason"];
  readonly progress: CampaignRun["progress"];
  readonly rejected: number;
  readonly sameNumber: readonly string[];
  readonly rows: readonly CampaignReportRow[];
}

/** The report for people. */
export function reportLines({
  campaignId,
  reason,
  progress,
  rejected,
  sameNumber,
  rows,
}: RunReport): string[] {
  const review = rows.filter(({ state }) => state === "for-review");
  const decided = rows.flatMap(({ disposition }) =>
    disposition && disposition !== "none" ? [disposition] : [],
  );
  const counts = new Map<string, number>();
  for (const one of decided) counts.set(one, (counts.get(one) ?? 0) + 1);
  const place = ({ listPlace, contactId }: CampaignReportRow): string => listPlace ?? contactId;
  return [
    "",
    `Campaign ${campaignId}: ${reason}. ${countsInWords(progress)}.`,
    ...(counts.size > 0 ? [`Decisions: ${[...counts].map(([what, n]) => `${n} ${what}`).join(", ")}.`] : []),
    ...(rejected > 0 ? [`${rejected} rows of the list were rejected.`] : []),
    ...(sameNumber.length > 0
      ? [`Left out, since another contact has their number: ${sameNumber.join(", ")}.`]
      : []),
    ...(review.length > 0 ? ["For a person to look at:"] : []),
    ...review.map((row) => {
      const why = row.skipped ?? row.rules?.join(", ");
      return `  ${place(row)}  ${row.phoneNumber}  ${row.outcome ?? ""}${why ? ` (${why})` : ""}`;
    }),
    ...(reason === "stopped" || reason === "later"
      ? [`Go on with the same command and --campaign ${campaignId} --resume.`]
      : []),
  ];
}

/** 0 when every row was worked off, whatever became of it; 1 when not. */
export function exitCodeOf({ reason, rejected, sameNumber, rows }: RunReport): 0 | 1 {
  const misfits = rows.some(({ outcome, state }) => outcome === "skipped" && state === "for-review");
  return reason === "finished" && rejected === 0 && sameNumber.length === 0 && !misfits ? 0 : 1;
}

/** One contact of a dry run, as plain JSON. */
export function previewRow(preview: ContactPreview) {
  const { contact, kind } = preview;
  return {
    contactId: contact.id,
    ...(contact.listPlace === undefined ? {} : { listPlace: contact.listPlace }),
    phoneNumber: maskPhoneNumber(contact.phoneNumber),
    kind,
    ...(preview.kind === "call" ? { at: new Date(preview.at).toISOString() } : {}),
    ...(preview.kind === "refused" ? { reasons: preview.reasons.map(({ explanation }) => explanation) } : {}),
    ...(preview.kind === "skipped" ? { reasons: [preview.reason] } : {}),
  };
}

/** A dry run for people. */
export function previewLines(previews: readonly ContactPreview[]): string[] {
  const count = (kind: ContactPreview["kind"]): number => previews.filter((one) => one.kind === kind).length;
  return [
    ...previews.map(previewRow).map(({ listPlace, contactId, phoneNumber, kind, at, reasons = [] }) => {
      const what =
        at === undefined ? `${kind}: ${reasons.join(" ")}` : `call at about ${new Date(at).toLocaleString()}`;
      return `${listPlace ?? contactId}  ${phoneNumber}  ${what}`;
    }),
    "",
    `${count("call")} would be called, ${count("refused")} refused, ${count("skipped")} skipped. Nobody was called.`,
  ];
}
