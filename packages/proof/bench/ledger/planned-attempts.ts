import { parsePhoneNumber } from "@clinic/sip-voice";

/** An attempt to be measured. */
export interface PlannedAttempt {
  readonly attemptId: string;
  readonly clinicId: string;
  readonly phoneNumber: ReturnType<typeof parsePhoneNumber>;
  /** When it is made, milliseconds since 1970: a Wednesday noon in California, some week of its own for each round. */
  readonly at: number;
}

const areaCodes = [
  209, 213, 310, 323, 408, 415, 510, 530, 559, 562, 619, 626, 650, 707, 714, 760, 805, 818, 831, 909,
];
const wednesday = Date.parse("2026-12-02T12:00:00-08:00");
const weekMs = 7 * 86_400_000;
/** So many a day does the usual policy allow a clinic. */
export const attemptsOfClinic = 200;

/** The number of an ordinal: one that nobody has, in California. */
export const numberOf = (ordinal: number) =>
  parsePhoneNumber(
    `+1${areaCodes[Math.floor(ordinal / 100) % areaCodes.length]}55501${String(ordinal % 100).padStart(2, "0")}`,
  );

/** The attempts of one round: each on a number of its own, none of them refused. */
export function plannedAttempts(round: number, count: number): readonly PlannedAttempt[] {
  if (count > areaCodes.length * 100) throw new RangeError(`There are not ${count} numbers.`);
  return Array.from({ length: count }, (_, ordinal) => ({
    attemptId: `round-${round}-${ordinal}`,
    clinicId: `clinic-${Math.floor(ordinal / attemptsOfClinic)}`,
    phoneNumber: numberOf(ordinal),
    at: wednesday + round * weekMs,
  }));
}

/** An attempt of the past, as a row: settled long ago, of the same clinics and on the same numbers. */
export function pastAttempt(ordinal: number): readonly (string | number)[] {
  const at = wednesday - 10 * weekMs - ordinal * 60_000;
  const clinic = `clinic-${ordinal % 10}`;
  return [
    `past-${ordinal}`,
    `call-${ordinal}`,
    clinic,
    numberOf(ordinal),
    `room-${ordinal}`,
    at,
    at + 30_000,
    at + 5_000,
    at + 20_000,
  ];
}

/** The columns of {@link pastAttempt}. */
export const pastColumns =
  "attempt_id, call_id, clinic_id, phone_number, room_name, reserved_at, lease_until, dialing_at, finished_at";
