/**
 * A process of its own for the tests: opens the schema that it is told and does what it is told to with it.
 * `node rival-process.ts <url> <schema> race <ordinal>` or `node rival-process.ts <url> <schema> work <ordinal>`.
 */
import pg from "pg";
import type { PhoneNumber } from "../phone/phone-number.ts";
import { openClinicDatabase } from "./clinic-database.ts";

/** The appointments for a conformance suite in another process. @public */
export async function openPort(place: string) {
  const [connectionString, schema = ""] = place.split(" ");
  const pool = new pg.Pool({ connectionString, max: 4 });
  // The schema is gone before this process.
  pool.on("error", () => {});
  return (await openClinicDatabase(pool, { schema, migrate: false, deadlineMs: 60_000 })).appointments;
}

/** What a rival got in a race. */
export interface RaceResult {
  /** How many rows it added that were not there yet. */
  readonly added: number;
  /** The attempts that it dialled. */
  readonly dialled: readonly string[];
  /** The attempts that it reserved under a cap. */
  readonly capped: readonly string[];
  /** The slots that it booked. */
  readonly booked: readonly string[];
}

/** How many rivals race, and for how much. */
export const race = { rivals: 4, attempts: 50, slots: 25, cap: 7 } as const;

/** The cap that the rivals race for: so many attempts on one number. */
export const raceCap = { name: "per number", scope: "number", since: 0, atMost: race.cap } as const;

const ordinals = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const phoneNumber = "+15105550111" as PhoneNumber;
const cappedNumber = "+15105550112" as PhoneNumber;
const friday = {
  clinicId: "main",
  provider: "Dr. Lane",
  start: "2026-11-27T09:00:00-08:00",
  timeZone: "America/Los_Angeles",
  durationMinutes: 30,
};
const patient = { id: "patient-1", name: "Nadia Haddad", phoneNumber };

/** An attempt of now. */
export function attemptOf(attemptId: string, number: PhoneNumber = phoneNumber) {
  const callId = `call-${process.pid}-${attemptId}`;
  const reservedAt = Date.now();
  const leaseUntil = reservedAt + 30_000;
  return {
    attemptId,
    callId,
    clinicId: "main",
    phoneNumber: number,
    roomName: callId,
    reservedAt,
    leaseUntil,
  };
}

async function run(url: string, schema: string, ordinal: number): Promise<RaceResult> {
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  const database = await openClinicDatabase(pool, { schema, deadlineMs: 60_000 });
  const { appointments, ledger, addSlots, addAppointments, callLog } = database;
  const slots = ordinals(race.slots).map((slot) => ({ ...friday, id: `slot-${slot}` }));
  const all = ordinals(race.rivals).flatMap((rival) =>
    ordinals(race.slots).map((slot) => ({
      ...friday,
      id: `appointment-${rival}-${slot}`,
      patient,
      status: "booked" as const,
      slotId: undefined,
    })),
  );
  const added = (await addSlots(slots)) + (await addAppointments(all));

  const dialled: string[] = [];
  const capped: string[] = [];
  for (const index of ordinals(race.attempts)) {
    const mine = attemptOf(`capped-${ordinal}-${index}`, cappedNumber);
    const [reservation, underCap] = await Promise.all([
      ledger.reserve(attemptOf(`attempt-${index}`), []),
      ledger.reserve(mine, [raceCap]),
    ]);
    if (underCap.kind === "reserved") capped.push(mine.attemptId);
    if (reservation.kind !== "reserved") continue;
    const { attemptId, lease } = reservation.attempt;
    const start = await ledger.startDialing(attemptId, lease, Date.now());
    if (start.kind !== "dialing") continue;
    dialled.push(attemptId);
    const answer = { outcome: "answered", participantIdentity: "phone", sipCallId: "SCL_1" } as const;
    await ledger.settle(attemptId, answer, Date.now());
    await callLog.append("call-of-all", [{ at: Date.now(), event: { type: "opener-said" } }]);
  }

  const booked: string[] = [];
  for (const index of ordinals(race.slots)) {
    const id = `appointment-${ordinal}-${index}`;
    const version = (await appointments.get(id))?.version ?? "";
    const slotId = `slot-${index}`;
    const at = "2026-11-23T18:00:00Z";
    const result = await appointments.reschedule(id, { version, callId: id, slotId, at });
    if (result.ok) booked.push(slotId);
  }
  await pool.end();
  return { added, dialled, capped, booked };
}

/** Goes through attempts, and writes down calls, until it is killed; tells of each step that was acknowledged. */
async function work(url: string, schema: string, ordinal: number): Promise<never> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  const { ledger, callLog } = await openClinicDatabase(pool, { schema });
  const cap = { name: "all", scope: "number", since: 0, atMost: 1_000_000 } as const;
  for (let index = 1; ; index++) {
    const attemptId = `attempt-${ordinal}-${index}`;
    const reservation = await ledger.reserve(attemptOf(attemptId), [cap, { ...cap, scope: "clinic" }]);
    if (reservation.kind !== "reserved") throw new Error(`not reserved: ${reservation.kind}`);
    process.send?.([attemptId, "reserved"]);
    await ledger.startDialing(attemptId, reservation.attempt.lease, Date.now());
    process.send?.([attemptId, "dialing"]);
    await callLog.append(`call-${ordinal}`, [
      { at: index, event: { type: "digit", choice: "confirm" } },
      { at: index, event: { type: "digit", choice: "cancel" } },
    ]);
    const answer = { outcome: "answered", participantIdentity: "phone", sipCallId: "SCL_1" } as const;
    await ledger.settle(attemptId, answer, Date.now());
    process.send?.([attemptId, "settled"]);
  }
}

const [url, schema, task, which] = process.argv.slice(2);
if (import.meta.main && url && schema && which) {
  if (task === "work") await work(url, schema, Number(which));
  process.once("message", async () => {
    process.send?.(await run(url, schema, Number(which)));
    process.disconnect();
  });
  process.send?.("ready");
}
