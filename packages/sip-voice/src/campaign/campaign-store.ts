import type { Campaign, CampaignState, NewCampaign } from "./campaign.ts";
import type { CampaignTry } from "./campaign-try.ts";
import type { CampaignContact } from "./contact.ts";
import type { CampaignPace } from "./pace.ts";
import type { TryOutcome } from "./retry-plan.ts";
import type { TryResult } from "./try-result.ts";

/** Contacts as they come: a list, or what reads one. */
export type ContactSource = Iterable<CampaignContact> | AsyncIterable<CampaignContact>;

/** What came of {@link CampaignStore.addContacts}. */
export interface AddedContacts {
  /** How many are new. */
  readonly added: number;
  /** How many were there, not tried yet, and are now as they were given. */
  readonly changed: number;
  /** How many were there and stay as they are, since they were tried. */
  readonly kept: number;
  /** The ids of those that were left out, since another contact of the campaign has their number. */
  readonly sameNumber: readonly string[];
}

/** A try that is still to be made, or being made. */
export interface OpenTry extends CampaignTry {
  /** The contact's priority. */
  readonly priority: number;
  /** Not before this instant, milliseconds since 1970. */
  readonly notBefore: number;
}

/** One page of tries. */
export interface OpenTries {
  /** The tries, in the order in which their contacts were added. */
  readonly tries: readonly OpenTry[];
  /** Where the next page begins, also when more are added later. */
  readonly next: string;
}

/** What came of {@link CampaignStore.beginTry}. */
export type TryStart =
  /** Call. `isAgain`: the try was begun before, by one who may be gone; the ledger tells what became of it. */
  | {
      readonly kind: "begun";
      readonly contact: CampaignContact;
      readonly campaign: Campaign;
      /** How many earlier tries may have rung. */
      readonly rungTries: number;
      /** How many earlier tries came to nothing, as far as they count. */
      readonly unrungTries: number;
      readonly isAgain: boolean;
    }
  /** All lines are taken: ask again at this instant. */
  | { readonly kind: "wait"; readonly until: number }
  /** The try is over, or not yet due; `current` is the one that is to be made, if any. */
  | { readonly kind: "over"; readonly current: OpenTry | undefined }
  /** The campaign is not running. */
  | { readonly kind: "stopped"; readonly state: CampaignState }
  /** There is no such contact. */
  | { readonly kind: "missing" };

/**
 * Why a contact is not called again.
 *
 * - `done`: as its last result says
 * - `given-up`: tried as often as the plan allows
 * - `for-review`: a person has to look at it
 * - `withdrawn`: taken off the list
 */
export type ContactEnd = "done" | "given-up" | "for-review" | "withdrawn";

/** How a try ends. */
export interface TryEnd {
  /** What became of it. */
  readonly result: TryResult;
  /** When, milliseconds since 1970. */
  readonly endedAt: number;
  /** Whether a telephone may have rung: then its line rests for the pause, and the call counts for the calls in one second. */
  readonly rang: boolean;
  /** Whether it counts against the plan's `mostTries` (`rung`), its `mostUnrung`, or neither. */
  readonly counts: "rung" | "unrung" | "no";
  /** When the next try may be made, or why there is none. */
  readonly next: { readonly notBefore: number } | { readonly end: ContactEnd };
}

/** A contact with what became of it so far. */
export interface ContactRow {
  /** The contact. */
  readonly contact: CampaignContact;
  /** `waiting` for its next try, being called, or not to be called again. */
  readonly state: "waiting" | "calling" | ContactEnd;
  /** The number of the try that is being made or comes next; of the last one when it is not called again. */
  readonly tryNumber: number;
  /** How many tries may have rung. */
  readonly rungTries: number;
  /** Not called before this instant, milliseconds since 1970; counts while it is `waiting`. */
  readonly notBefore: number;
  /** When its last try began. */
  readonly beganAt: number | undefined;
  /** When its last try that has ended did so. */
  readonly endedAt: number | undefined;
  /** What became of that try. */
  readonly lastResult: TryResult | undefined;
}

/** One page of a report. */
export interface ContactRows {
  /** Contacts in the order in which they were added. */
  readonly rows: readonly ContactRow[];
  /** Where the next page begins; `undefined` when this was the last one. */
  readonly next: string | undefined;
}

/** How far a campaign is. */
export interface CampaignProgress {
  /** Where it stands. */
  readonly state: CampaignState;
  /** How many contacts it has. */
  readonly contacts: number;
  /** How many wait for a try. */
  readonly waiting: number;
  /** How many are being called. */
  readonly calling: number;
  /** How many are not called again, by why. */
  readonly ended: Readonly<Record<ContactEnd, number>>;
  /** The last result of each contact that was tried, counted. */
  readonly outcomes: Readonly<Partial<Record<TryOutcome, number>>>;
  /** The earliest instant at which one who waits may be called. */
  readonly nextDue: number | undefined;
}

/**
 * The port to campaigns and their contacts, worked on by several processes. Every method is durable when it resolves. The store
 * says who is to be called and how fast; whether a telephone may ring is for the ledger to say.
 * Its conformance suite is `testCampaignStore` in `@clinic/sip-voice/testing`.
 */
export interface CampaignStore {
  /**
   * Makes a campaign that is `preparing`, or gives the one that has this id, as it is. Add its contacts, then have it `running`.
   *
   * @throws SipVoiceError `invalid-option` when it can't be run
   */
  create(campaign: NewCampaign): Promise<Campaign>;
  /** The campaign, or `undefined`. */
  get(campaignId: string): Promise<Campaign | undefined>;
  /**
   * Adds contacts to a campaign, also while it runs; those that are there and were not tried yet are made as they are given,
   * those that were withdrawn too. They are
   * written some hundreds at a time: after an error those before it are there, and doing it again adds the rest.
   *
   * @throws SipVoiceError `invalid-option` when one can't be called, or there is no such campaign
   */
  addContacts(campaignId: string, contacts: ContactSource): Promise<AddedContacts>;
  /** Takes contacts off that are waiting, and tells how many. Those that are being called are finished. */
  withdrawContacts(campaignId: string, contactIds: Iterable<string>): Promise<number>;
  /**
   * Changes the state: `running`, `paused` and `cancelled` from any other but `cancelled`; gives the state that the campaign has then.
   *
   * @throws SipVoiceError `invalid-option` when there is no such campaign
   */
  setState(campaignId: string, state: "running" | "paused" | "cancelled"): Promise<CampaignState>;
  /** Makes a campaign that is `running` `finished` when nobody waits or is being called; tells whether it is. */
  finish(campaignId: string): Promise<boolean>;
  /** The tries to be made or being made, from a place on: what a queue is filled with. At most `limit`. */
  openTries(campaignId: string, from: string | undefined, limit: number): Promise<OpenTries>;
  /**
   * Begins a try if the campaign is running, the try is the contact's next one and the pace has a line free, all in one
   * transaction. A try that was begun and has not ended is begun again, on its own line, also when the campaign is not running.
   */
  beginTry(attempt: CampaignTry, pace: CampaignPace, at: number): Promise<TryStart>;
  /** Ends a try that was begun; `false` when it had ended: then nothing is changed. */
  endTry(attempt: CampaignTry, end: TryEnd): Promise<boolean>;
  /** How far it is; `undefined` when there is no such campaign. */
  progress(campaignId: string): Promise<CampaignProgress | undefined>;
  /** The contacts with what became of them, from a place on, at most `limit`. */
  rows(campaignId: string, from: string | undefined, limit: number): Promise<ContactRows>;
}
