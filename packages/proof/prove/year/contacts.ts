import { areas, movedTo, stateZones } from "./area.ts";
import { seeded } from "./random.ts";
import type { YearContact } from "./year-seen.ts";

/** Which part of the year is played. */
export interface YearPlan {
  /** Begins every random choice. */
  readonly seed: number;
  /** How many patients. */
  readonly contacts: number;
  /** The first and the last instant at which somebody is added to the list, milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** How many clinics call. */
  readonly clinics: number;
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** Where a patient is, and what of it the clinic knows. */
function whereabouts(
  random: () => number,
): Pick<YearContact, "timeZone" | "place" | "trueZones" | "trueHours"> & { code: string } {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const [code, state, zones] = pick(areas);
  const chance = random();
  if (chance < 0.1) {
    // Which of the number's own zones it is.
    const timeZone = pick(zones);
    return { code, timeZone, trueZones: [timeZone], trueHours: state };
  }
  if (chance < 0.2) {
    const timeZone = pick(movedTo);
    if (!zones.includes(timeZone))
      return { code, timeZone, trueZones: [timeZone], trueHours: `any:${timeZone}` };
  } else if (chance < 0.25) {
    const home = pick(Object.keys(stateZones));
    if (home !== state)
      return { code, place: `US-${home}`, trueZones: stateZones[home] ?? [], trueHours: home };
  }
  return { code, trueZones: zones, trueHours: state };
}

function instant(random: () => number, { from, to }: YearPlan): number {
  const at = Math.floor(from + random() * (to - from));
  // Half of them at a full hour, or a millisecond beside it: where windows open and close.
  if (random() < 0.5) return at;
  return Math.round(at / hourMs) * hourMs + Math.floor(random() * 3) - 1;
}

function consentOf(random: () => number, from: number): string | undefined {
  const chance = random();
  if (chance < 0.02) return undefined;
  // Some run out while the patient is on the list.
  const age = chance < 0.06 ? 360 + random() * 10 : 1 + random() * 300;
  return new Date(from - age * dayMs).toISOString();
}

/** The patients of a year. One in eight shares the number of somebody before, a family; a few numbers have six of them at once. */
export function contactsOf(plan: YearPlan): readonly YearContact[] {
  const random = seeded(plan.seed);
  const contacts: YearContact[] = [];
  let serial = plan.seed * 10_000_000;
  const add = (one: Omit<YearContact, "id" | "clinic">): void => {
    const clinic = `clinic-${plan.seed}-${Math.floor(random() * plan.clinics)}`;
    contacts.push({ ...one, id: contacts.length, clinic });
  };
  while (contacts.length < plan.contacts) {
    const { code, ...home } = whereabouts(random);
    serial += 1;
    const number = `+1${code}${2_340_000 + (serial % 7_000_000)}`;
    const from = instant(random, plan);
    const family = random() < 0.005 ? 6 : random() < 0.125 ? 2 : 1;
    for (let member = 0; member < family && contacts.length < plan.contacts; member++) {
      const listed = member === 0 ? from : from + Math.floor(random() * 2 * dayMs);
      const consentAt = consentOf(random, listed);
      const until = listed + Math.floor((1 + random() * 6) * dayMs);
      add({ ...home, number, from: listed, until, ...(consentAt ? { consentAt } : {}) });
    }
  }
  return contacts;
}
