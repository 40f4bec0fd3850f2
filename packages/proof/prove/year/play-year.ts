import {
  attemptCaps,
  type CallingPolicy,
  decide,
  defaultCallingPolicy,
  type PhoneNumber,
  type PolicyFacts,
  parsePhoneNumber,
} from "@clinic/sip-voice";
import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
import { Agenda } from "./agenda.ts";
import { ClinicDesk } from "./clinic-desk.ts";
import { contactsOf, type YearPlan } from "./contacts.ts";
import { seeded } from "./random.ts";
import { ringOutcome } from "./ring-outcome.ts";
import type { YearCall, YearContact, YearFullTrunk, YearOptOut, YearSeen } from "./year-seen.ts";

/** What was seen of a year, and how much was asked for it. */
export interface PlayedYear {
  readonly seen: YearSeen;
  /** How often the policy was asked. */
  readonly decisions: number;
  /** How often the ledger was asked for a reservation. */
  readonly reservations: number;
  /** How often it found a number's cap full that the policy had found free. */
  readonly disagreements: number;
  /** How many waited for one of the clinic's caps. */
  readonly waits: number;
}

/** The rules of the year. */
const policy: CallingPolicy = {
  ...defaultCallingPolicy,
  closedDates: ["2027-03-15", "2027-11-26"],
  consent: { ...defaultCallingPolicy.consent, expiresAfterDays: 365 },
  caps: { ...defaultCallingPolicy.caps, perClinicPerDay: 60 },
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const never = Number.POSITIVE_INFINITY;

type Task =
  | { readonly kind: "try"; readonly contact: YearContact }
  | {
      readonly kind: "end";
      readonly attemptId: string;
      readonly contact: YearContact;
      readonly rang: ReturnType<typeof ringOutcome>;
    }
  | { readonly kind: "wake"; readonly clinic: string }
  | { readonly kind: "opt-out" | "undo"; readonly number: string };

/** Works off a year's list of patients as a runner does: whoever is refused is tried again at the moment that the policy names. */
export async function playYear(plan: YearPlan, onDay: (day: number) => void = () => {}): Promise<PlayedYear> {
  const database = openClinicDatabase(":memory:");
  const { ledger, preferences } = database;
  const random = seeded(plan.seed + 1);
  const contacts = contactsOf(plan);
  const agenda = new Agenda<Task>();
  const calls: YearCall[] = [];
  const fullTrunks: YearFullTrunk[] = [];
  /** Who is refused for an opt-out, by number, should that be undone. */
  const optedOut = new Map<string, YearContact[]>();
  const optOuts = new Map<string, { at: number; undoneAt: number }[]>();
  const desks = new Map<string, ClinicDesk>();
  const rungOfNumber = new Map<string, number[]>();
  const count = { decisions: 0, reservations: 0, disagreements: 0, waits: 0 };

  const numbers = new Map(contacts.map(({ number }) => [number, parsePhoneNumber(number)]));
  const phoneNumberOf = (number: string): PhoneNumber => numbers.get(number) ?? parsePhoneNumber(number);

  const deskOf = (clinic: string): ClinicDesk => {
    const desk = desks.get(clinic) ?? new ClinicDesk();
    desks.set(clinic, desk);
    return desk;
  };

  async function optOut(number: string, at: number): Promise<void> {
    const before = optOuts.get(number) ?? [];
    if (before.at(-1)?.undoneAt === never) return;
    await preferences.optOut(phoneNumberOf(number), new Date(at).toISOString());
    optOuts.set(number, [...before, { at, undoneAt: never }]);
    const chance = random();
    if (chance < 0.2) agenda.add(at + Math.floor(random() * 4 * dayMs), { kind: "undo", number });
    // A newer consent does not bring the calls back.
    else if (chance < 0.6) {
      const recordedAt = new Date(at + 1).toISOString();
      await preferences.recordConsent(phoneNumberOf(number), { basis: "spoken", recordedAt });
    }
  }

  async function undo(number: string, at: number): Promise<void> {
    await preferences.undoOptOut(phoneNumberOf(number));
    const last = optOuts.get(number)?.at(-1);
    if (last) last.undoneAt = at;
    for (const contact of optedOut.get(number) ?? []) agenda.add(at, { kind: "try", contact });
    optedOut.delete(number);
  }

  /** One try at one patient; `false` when the clinic has no line for now. */
  async function attempt(contact: YearContact, at: number): Promise<boolean> {
    const { number, clinic, until, timeZone, place, consentAt } = contact;
    if (at >= until) return true;
    const again = (when: number | undefined): true => {
      if (when !== undefined && when < until) agenda.add(Math.max(when, at + 1), { kind: "try", contact });
      return true;
    };
    const phoneNumber = phoneNumberOf(number);
    const rung = rungOfNumber.get(number) ?? [];
    const facts: PolicyFacts = {
      phoneNumber,
      now: at,
      timeZone,
      place,
      consent: consentAt ? { basis: "written", recordedAt: consentAt } : undefined,
      preference: await preferences.get(phoneNumber),
      // The clinic's own caps are left to the ledger: how long they are full is not the patient's matter.
      attempts: { onNumber: rung, ofClinic: [], underWay: 0 },
    };
    count.decisions += 1;
    const decision = decide(policy, facts);
    if (!decision.allowed) {
      if (decision.reasons.some(({ rule }) => rule === "do-not-call"))
        optedOut.set(number, [...(optedOut.get(number) ?? []), contact]);
      return again(decision.earliest);
    }
    const attemptId = `${contact.id}-${at}`;
    count.reservations += 1;
    const reservation = await ledger.reserve(
      {
        attemptId,
        callId: attemptId,
        clinicId: clinic,
        phoneNumber,
        roomName: attemptId,
        reservedAt: at,
        leaseUntil: at + 60_000,
      },
      attemptCaps(policy, decision.zones, at),
    );
    if (reservation.kind === "capped") {
      if (!reservation.caps.some(({ scope }) => scope === "number")) return false;
      count.disagreements += 1;
      return again(at + hourMs);
    }
    if (reservation.kind === "known") throw new Error("one attempt was reserved twice");
    await ledger.startDialing(attemptId, reservation.attempt.lease, at);
    const rang = ringOutcome(random);
    if (rang.isRung) {
      calls.push({ contact: contact.id, number, clinic, at, endedAt: at + rang.lastsMs });
      rungOfNumber.set(number, [...rung, at]);
      deskOf(clinic).note(at);
      agenda.add(at + rang.lastsMs, { kind: "end", attemptId, contact, rang });
    } else {
      fullTrunks.push({ contact: contact.id, at });
      await end({ attemptId, contact, rang }, at);
    }
    return true;
  }

  async function end(task: Omit<Task & { kind: "end" }, "kind">, at: number): Promise<void> {
    const { attemptId, contact, rang } = task;
    await ledger.settle(attemptId, rang.outcome, at);
    if (rang.isOptOut) await optOut(contact.number, at);
    const retryAt = at + (rang.isRung ? 3 * hourMs : 600_000);
    if (rang.outcome.outcome !== "answered" && rang.outcome.retry === "later" && retryAt < contact.until)
      agenda.add(retryAt, { kind: "try", contact });
  }

  /** Gives free lines to those who wait, in their order. */
  async function serve(clinic: string, at: number): Promise<void> {
    const desk = deskOf(clinic);
    // A runner knows its own lines; now and then it asks all the same, so that the ledger has to say no.
    if (desk.linesInUse >= 2 && random() > 0.1) return;
    for (let first = desk.waiting[0]; first; first = desk.waiting[0]) {
      const isServed = (desk.linesInUse < 2 || random() < 0.1) && (await attempt(first, at));
      if (!isServed) {
        const room = desk.roomAt(at);
        if (desk.wakeAt <= at || room < desk.wakeAt) {
          desk.wakeAt = room;
          agenda.add(room, { kind: "wake", clinic });
        }
        return;
      }
      desk.waiting.shift();
    }
  }

  for (const contact of contacts) {
    agenda.add(contact.from, { kind: "try", contact });
    if (random() < 0.04) {
      const at = Math.floor(contact.from + random() * (contact.until - contact.from));
      agenda.add(at, { kind: "opt-out", number: contact.number });
    }
  }
  let day = 0;
  for (let next = agenda.next(); next; next = agenda.next()) {
    const { at, task } = next;
    if (at >= plan.from + (day + 1) * dayMs) onDay(++day);
    switch (task.kind) {
      case "try": {
        const { waiting } = deskOf(task.contact.clinic);
        waiting.push(task.contact);
        if (waiting.length === 1) await serve(task.contact.clinic, at);
        if (waiting.includes(task.contact)) count.waits += 1;
        break;
      }
      case "end":
        await end(task, at);
        deskOf(task.contact.clinic).linesInUse -= 1;
        await serve(task.contact.clinic, at);
        break;
      case "wake":
        await serve(task.clinic, at);
        break;
      case "opt-out":
        await optOut(task.number, at);
        break;
      case "undo":
        await undo(task.number, at);
    }
  }
  database.close();
  const told = [...optOuts].flatMap(([number, list]) => list.map((one): YearOptOut => ({ number, ...one })));
  return { seen: { contacts, calls, fullTrunks, optOuts: told }, ...count };
}
