import type { PhoneNumber } from "../../phone/phone-number.ts";
import type { Consent } from "../../policy/contact-preferences.ts";
import { sha256 } from "../../policy/sha256.ts";
import type { CampaignContact } from "../contact.ts";

/** What a list says of one appointment. */
export interface ListedAppointment {
  readonly phoneNumber: PhoneNumber;
  readonly appointmentId: string;
  readonly consent?: Consent | undefined;
  readonly timeZone?: string | undefined;
  readonly place?: string | undefined;
  readonly language?: string | undefined;
  readonly priority?: number | undefined;
}

const contactId = /^[\w.@/-]{1,100}$/;

/** An appointment's id names the contact, as it does not tell the number; ids of other shapes are hashed. */
const idOf = (appointmentId: string): string =>
  contactId.test(appointmentId) ? appointmentId : sha256(appointmentId).slice(0, 32);

type Facts = Pick<CampaignContact, "consent" | "timeZone" | "place" | "language" | "priority">;

/** What there is of the fields, as contacts leave out what they don't have; one value for all who have none. */
function factsOf({
  consent,
  timeZone,
  place,
  language,
  priority,
}: { [Key in keyof Facts]: Facts[Key] | undefined }): Facts {
  const facts = {
    ...(consent ? { consent } : {}),
    ...(timeZone ? { timeZone } : {}),
    ...(place ? { place } : {}),
    ...(language ? { language } : {}),
    ...(priority === undefined ? {} : { priority }),
  };
  return Object.keys(facts).length === 0 ? noFacts : facts;
}

const noFacts: Facts = {};

/** What is remembered of a number's contact: less than the contact, as there may be hundreds of thousands. */
interface Remembered {
  readonly appointmentIds: readonly string[];
  readonly facts: Facts;
  readonly listPlace: string | undefined;
}

function contactOf(
  phoneNumber: PhoneNumber,
  { appointmentIds, facts, listPlace }: Remembered,
): CampaignContact {
  const [first = ""] = appointmentIds;
  return {
    id: idOf(first),
    phoneNumber,
    appointments: appointmentIds.map((id) => ({ id })),
    ...facts,
    ...(listPlace === undefined ? {} : { listPlace }),
  };
}

/**
 * The contacts of a list, one for each number. It is called about the appointment that came first, and the others go along:
 * who lists the earliest first has the family called about the earliest.
 */
export class ListedContacts {
  /** By number, as a number: that takes less memory than a text. */
  readonly #contacts = new Map<number, Remembered>();
  /** By appointment, where it stands. */
  readonly #places = new Map<string, string>();

  /** The contact as it is now, or where the same appointment stood before. */
  add(
    listed: ListedAppointment,
    listPlace: string | undefined,
  ): { readonly contact: CampaignContact; readonly again: boolean } | { readonly duplicateOf: string } {
    const { appointmentId, phoneNumber } = listed;
    const duplicateOf = this.#places.get(appointmentId);
    if (duplicateOf !== undefined) return { duplicateOf };
    this.#places.set(appointmentId, listPlace ?? "this list");
    const key = Number(phoneNumber.slice(1));
    const first = this.#contacts.get(key);
    const remembered = first
      ? {
          ...first,
          appointmentIds: [...first.appointmentIds, appointmentId],
          facts: merged(first.facts, factsOf(listed)),
        }
      : { appointmentIds: [appointmentId], facts: factsOf(listed), listPlace };
    this.#contacts.set(key, remembered);
    return { contact: contactOf(phoneNumber, remembered), again: first !== undefined };
  }
}

/** What the first row says goes before the later ones, but the most urgent of a family counts. */
function merged(first: Facts, later: Facts): Facts {
  const priorities = [first.priority, later.priority].filter((one) => one !== undefined);
  return { ...later, ...first, ...(priorities.length > 0 ? { priority: Math.max(...priorities) } : {}) };
}
