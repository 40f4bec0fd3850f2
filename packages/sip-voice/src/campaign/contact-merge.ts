import type { ContactSource } from "./campaign-store.ts";
import { type CampaignContact, checkContact } from "./contact.ts";

/** What a store has of a contact that is given again. */
export interface KnownContact {
  /** Its id. */
  readonly id: string;
  /** Its number. */
  readonly phoneNumber: string;
  /** Whether it was tried, or is not to be called: then it stays as it is. */
  readonly isSettled: boolean;
}

/** What to write of the contacts that were given. */
export interface ContactMerge {
  /** Those that are new. */
  readonly added: readonly CampaignContact[];
  /** Those that are there, to be made as they were given. */
  readonly changed: readonly CampaignContact[];
  /** How many stay as they are. */
  readonly kept: number;
  /** The ids of those whose number another contact has. */
  readonly sameNumber: readonly string[];
}

/**
 * Sorts contacts into new ones, changed ones and those to leave out.
 *
 * @param known - those of the campaign that have the id or the number of one that is given
 */
export function mergeContacts(
  known: Iterable<KnownContact>,
  given: readonly CampaignContact[],
): ContactMerge {
  const byId = new Map<string, KnownContact>();
  const ownerOf = new Map<string, string>();
  for (const one of known) {
    byId.set(one.id, one);
    ownerOf.set(one.phoneNumber, one.id);
  }
  const added = new Map<string, CampaignContact>();
  const changed = new Map<string, CampaignContact>();
  const sameNumber: string[] = [];
  let kept = 0;
  for (const contact of given) {
    const { id, phoneNumber } = contact;
    const before = byId.get(id);
    const owner = ownerOf.get(phoneNumber);
    if (before?.isSettled) kept++;
    else if (owner !== undefined && owner !== id) sameNumber.push(id);
    else {
      // A number that is given up here stays taken until the next time: rows are written in no certain order.
      ownerOf.set(phoneNumber, id);
      (before ? changed : added).set(id, contact);
    }
  }
  return { added: [...added.values()], changed: [...changed.values()], kept, sameNumber };
}

/** The contacts of a source, checked, so many at a time. */
export async function* contactBatches(
  source: ContactSource,
  size: number,
): AsyncGenerator<CampaignContact[]> {
  let batch: CampaignContact[] = [];
  for await (const contact of source) {
    checkContact(contact);
    batch.push(contact);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
