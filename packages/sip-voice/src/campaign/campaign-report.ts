import type { AttemptId, CallId } from "../call/identifiers.ts";
import type { CallParty, Disposition } from "../call/state.ts";
import { maskPhoneNumber } from "../log/redactor.ts";
import type { Ledger } from "../outbound/ledger.ts";
import type { PolicyRule } from "../policy/decision.ts";
import type { CampaignStore, ContactRow } from "./campaign-store.ts";
import { attemptIdOfTry } from "./campaign-try.ts";
import type { TryOutcome } from "./retry-plan.ts";
import type { SkipReason } from "./try-result.ts";

/** What became of one contact, as plain JSON and without a number in clear. */
export interface CampaignReportRow {
  /** The contact. */
  readonly contactId: string;
  /** Where it stands in its list. */
  readonly listPlace?: string;
  /** Its number, masked. */
  readonly phoneNumber: string;
  /** Its appointments. */
  readonly appointmentIds: readonly string[];
  /** `waiting`, `calling`, or why it is not called again. */
  readonly state: ContactRow["state"];
  /** How many tries may have rung. */
  readonly rungTries: number;
  /** The attempt of its last try that has ended. */
  readonly attemptId?: AttemptId;
  /** What that try came to; what the ledger has found out since goes before `unknown`. */
  readonly outcome?: TryOutcome;
  /** The call of that try. */
  readonly callId?: CallId;
  /** The appointment that it was about. */
  readonly appointmentId?: string;
  /** What the patient decided. */
  readonly disposition?: Disposition;
  /** Who took the call. */
  readonly reached?: CallParty;
  /** The rules that refused it. */
  readonly rules?: readonly PolicyRule[];
  /** Why it was skipped. */
  readonly skipped?: SkipReason;
  /** When its next try may be made, RFC 3339 in UTC, while it waits for one. */
  readonly notBefore?: string;
  /** When that try ended, RFC 3339 in UTC. */
  readonly endedAt?: string;
}

const rowsAtOnce = 200;
const instant = (ms: number): string => new Date(ms).toISOString();

/** The ports of a report. */
export interface CampaignReportPorts {
  /** The campaigns. */
  readonly campaigns: Pick<CampaignStore, "rows">;
  /** The attempts. */
  readonly ledger: Pick<Ledger, "get">;
}

async function reportRow(
  { ledger }: CampaignReportPorts,
  campaignId: string,
  row: ContactRow,
): Promise<CampaignReportRow> {
  const { contact, state, tryNumber, rungTries, notBefore, endedAt, lastResult } = row;
  const isNext = state === "waiting" || state === "calling";
  const lastTry = { campaignId, contactId: contact.id, tryNumber: isNext ? tryNumber - 1 : tryNumber };
  const attemptId = lastResult ? attemptIdOfTry(lastTry) : undefined;
  // Somebody may have looked at it since, or a webhook have told.
  const attempt = lastResult?.outcome === "unknown" && attemptId ? await ledger.get(attemptId) : undefined;
  return {
    contactId: contact.id,
    ...(contact.listPlace === undefined ? {} : { listPlace: contact.listPlace }),
    phoneNumber: maskPhoneNumber(contact.phoneNumber),
    appointmentIds: contact.appointments.map(({ id }) => id),
    state,
    rungTries,
    ...(attemptId === undefined ? {} : { attemptId }),
    ...lastResult,
    ...(attempt?.outcome ? { outcome: attempt.outcome.outcome } : {}),
    ...(state === "waiting" && notBefore > 0 ? { notBefore: instant(notBefore) } : {}),
    ...(endedAt === undefined ? {} : { endedAt: instant(endedAt) }),
  };
}

/**
 * What became of each contact of a campaign, in the order of its list, one after the other: however many they are, they are not in memory
 * together. It may be asked for while the campaign runs.
 *
 * @example
 * ```ts
 * import { type CampaignReportPorts, campaignReport } from "@clinic/sip-voice";
 *
 * async function forReview(ports: CampaignReportPorts): Promise<void> {
 *   for await (const row of campaignReport(ports, "recall-2026-11-24"))
 *     if (row.state === "for-review") console.log(row.listPlace, row.outcome, row.rules);
 * }
 * ```
 */
export async function* campaignReport(
  ports: CampaignReportPorts,
  campaignId: string,
): AsyncGenerator<CampaignReportRow, void, undefined> {
  let from: string | undefined;
  do {
    const page = await ports.campaigns.rows(campaignId, from, rowsAtOnce);
    for (const row of page.rows) yield await reportRow(ports, campaignId, row);
    from = page.next;
  } while (from !== undefined);
}
