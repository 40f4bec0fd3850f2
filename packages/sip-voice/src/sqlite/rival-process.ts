/**
 * A process of its own for the tests: opens the file that it is told and does what it is told to with it.
 * `node rival-process.ts <path> race <ordinal>` or `node rival-process.ts <path> append <call>`.
 */
import type { PhoneNumber } from "../phone/phone-number.ts";
import { openClinicDatabase } from "./clinic-database.ts";

/** The appointments for a conformance suite in another process. @public */
export const openPort = (path: string) => openClinicDatabase(path).appointments;

/** What a rival got in a race. */
export interface RaceResult {
  /** How many rows it added that were not there yet. */
  readonly added: number;
  /** The attempts that it dialled. */
  readonly dialled: readonly string[];
  /** The slots that it booked. */
  readonly booked: readonly string[];
}

/** How many rivals race, and for how much. */
export const race = { rivals: 4, attempts: 50, slots: 25 } as const;

const ordinals = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const phoneNumber = "+15105550111" as PhoneNumber;
const friday = {
  clinicId: "main",
  provider: "Dr. Lane",
  start: "2026-11-27T09:00:00-08:00",
  timeZone: "America/Los_Angeles",
  durationMinutes: 30,
};
const patient = { id: "patient-1", name: "Nadia Haddad", phoneNumber };

async function run(path: string, ordinal: number): Promise<RaceResult> {
  const { appointments, ledger, addSlots, addAppointments, callLog, close } = openClinicDatabase(path);
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
  for (const index of ordinals(race.attempts)) {
    const attempt = {
      attemptId: `attempt-${index}`,
      callId: `call-${ordinal}-${index}`,
      clinicId: "main",
      phoneNumber,
      roomName: `call-${ordinal}-${index}`,
      reservedAt: Date.now(),
      leaseUntil: Date.now() + 30_000,
    };
    const reservation = await ledger.reserve(attempt, []);
    if (reservation.kind !== "reserved") continue;
    const start = await ledger.startDialing(attempt.attemptId, reservation.attempt.lease, Date.now());
    if (start.kind !== "dialing") continue;
    dialled.push(attempt.attemptId);
    const answer = { outcome: "answered", participantIdentity: "phone", sipCallId: "SCL_1" } as const;
    await ledger.settle(attempt.attemptId, answer, Date.now());
    await callLog.append("call-of-all", [{ at: Date.now(), event: { type: "opener-said" } }]);
  }

  const booked: string[] = [];
  for (const index of ordinals(race.slots)) {
    const id = `appointment-${ordinal}-${index}`;
    const write = {
      version: (await appointments.get(id))?.version ?? "",
      callId: id,
      slotId: `slot-${index}`,
      at: "2026-11-23T18:00:00Z",
    };
    const result = await appointments.reschedule(id, write);
    if (result.ok) booked.push(write.slotId);
  }
  close();
  return { added, dialled, booked };
}

/** Appends entries until it is killed, and tells of each one that was acknowledged. */
async function append(path: string, callId: string): Promise<never> {
  const { callLog } = openClinicDatabase(path);
  for (let at = 1; ; at++) {
    await callLog.append(callId, [
      { at, event: { type: "digit", choice: "confirm" } },
      { at, event: { type: "digit", choice: "cancel" } },
    ]);
    process.send?.(at);
    // Lets the message leave.
    await new Promise(setImmediate);
  }
}

const [path, task, which] = process.argv.slice(2);
if (import.meta.main && path && which) {
  if (task === "append") await append(path, which);
  process.once("message", async () => {
    process.send?.(await run(path, Number(which)));
    process.disconnect();
  });
  process.send?.("ready");
}
