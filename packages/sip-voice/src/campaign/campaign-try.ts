import type { AttemptId } from "../call/identifiers.ts";

/** One try at calling one contact of a campaign. */
export interface CampaignTry {
  /** The campaign. */
  readonly campaignId: string;
  /** The contact. */
  readonly contactId: string;
  /** Its number among the contact's tries, from 1. */
  readonly tryNumber: number;
}

/**
 * The attempt id of a try, `<campaign>:<contact>:<number>`: whoever works on after a crash asks the ledger for the same attempt.
 *
 * @example
 * ```ts
 * import { attemptIdOfTry } from "@clinic/sip-voice";
 *
 * console.log(attemptIdOfTry({ campaignId: "recall-2026-11-24", contactId: "c-17", tryNumber: 1 })); // recall-2026-11-24:c-17:1
 * ```
 */
export function attemptIdOfTry({ campaignId, contactId, tryNumber }: CampaignTry): AttemptId {
  return `${campaignId}:${contactId}:${tryNumber}`;
}

/** The try that an attempt id names; `undefined` when it is no campaign's. */
export function tryOfAttemptId(attemptId: AttemptId): CampaignTry | undefined {
  const parts = /^([^:]+):([^:]+):([1-9]\d{0,8})$/.exec(attemptId);
  const [, campaignId, contactId, number] = parts ?? [];
  return campaignId && contactId ? { campaignId, contactId, tryNumber: Number(number) } : undefined;
}
