import {
  type Appointment,
  type AppointmentStore,
  type CallLog,
  type CallRecordEntry,
  type Ledger,
  memoryAppointmentStore,
  memoryLedger,
  parsePhoneNumber,
  type Slot,
} from "@clinic/sip-voice";

/** What a writer writes to. */
export interface WrittenPorts {
  readonly appointments: AppointmentStore;
  readonly callLog: CallLog;
  readonly ledger: Ledger;
  /** The version of an appointment that was changed so many times. */
  versionAfter(changes: number): string;
}

const slotsOfLine = 6;
const phoneNumber = parsePhoneNumber("+15105550111");
const firstSlot = Date.parse("2026-11-27T17:00:00Z");
const at = "2026-11-23T18:00:00Z";
const until = "2026-11-23T19:00:00Z";
const day = { from: "2026-11-27T00:00:00Z", to: "2026-11-28T00:00:00Z", limit: slotsOfLine };
const saidFor = Date.parse(at);

const appointmentId = (line: string): string => `appointment-of-${line}`;
const slotId = (line: string, ordinal: number): string => `slot-${ordinal % slotsOfLine}-of-${line}`;
const attemptId = (line: string, round: number): string => `attempt-${round}-of-${line}`;

/** What a line begins with: a clinic of its own with six slots and an appointment on the first. */
export function seedOf(line: string): { slots: Slot[]; appointments: Appointment[] } {
  const visit = {
    clinicId: line,
    provider: "Dr. Lane",
    timeZone: "America/Los_Angeles",
    durationMinutes: 15,
  };
  const slots = Array.from({ length: slotsOfLine }, (_, ordinal) => ({
    ...visit,
    id: slotId(line, ordinal),
    start: new Date(firstSlot + ordinal * 900_000).toISOString(),
  }));
  const appointment: Appointment = {
    ...visit,
    id: appointmentId(line),
    version: "1",
    patient: { id: `patient-of-${line}`, name: "Nadia Haddad", phoneNumber },
    start: new Date(firstSlot).toISOString(),
    status: "booked",
    slotId: slotId(line, 0),
  };
  return { slots, appointments: [appointment] };
}

/** The kinds of step, in the order in which they are taken, again and again. */
const kinds = [
  "hold",
  "move",
  "confirm",
  "wish",
  "record",
  "call-back",
  "reserve",
  "dial",
  "settle",
] as const;
const changesOfRound = 3;

const roundOf = (step: number): number => Math.floor(step / kinds.length);
const kindOf = (step: number): (typeof kinds)[number] => kinds[step % kinds.length] as (typeof kinds)[number];

/** How many times the appointment was changed before a step. */
function changesBefore(step: number): number {
  const changes = ["move", "confirm", "wish"];
  return (
    roundOf(step) * changesOfRound +
    kinds.slice(0, step % kinds.length).filter((kind) => changes.includes(kind)).length
  );
}

/** Whether the same step may be asked for again, and is then made once. */
export function mayBeAskedAgain(step: number): boolean {
  return ["hold", "move", "confirm", "wish", "call-back"].includes(kindOf(step));
}

/** Takes one step of a line; what comes of it is what the step before makes it. Throws where it is refused. */
export async function takeStep(ports: WrittenPorts, line: string, step: number): Promise<void> {
  const { appointments, callLog, ledger } = ports;
  const round = roundOf(step);
  const id = appointmentId(line);
  const write = { version: ports.versionAfter(changesBefore(step)), callId: line };
  const wanted = slotId(line, round + 1);
  const refusedBy = (answer: { readonly ok: boolean }): void => {
    if (!answer.ok) throw new Error(`${kindOf(step)} was refused: ${JSON.stringify(answer)}`);
  };
  switch (kindOf(step)) {
    case "hold":
      return refusedBy(await appointments.holdSlot(wanted, { clinicId: line, callId: line, at, until }));
    case "move":
      return refusedBy(await appointments.reschedule(id, { ...write, slotId: wanted, at }));
    case "confirm":
      return refusedBy(await appointments.confirm(id, write));
    case "wish": {
      const preferences = {
        walkIn: round % 2 === 0,
        reminder: { channel: "sms", hoursBefore: round },
      } as const;
      return refusedBy(await appointments.setPreferences(id, { ...write, preferences }));
    }
    case "record": {
      const event = (choice: string) => ({ at: step, event: { type: "digit", choice } }) as const;
      return await callLog.append(line, [event("first half"), event("second half")]);
    }
    case "call-back": {
      const requestedAt = new Date(saidFor + step).toISOString();
      const wish = {
        callId: `${line}-${round}`,
        clinicId: line,
        phoneNumber,
        appointmentId: id,
        requestedAt,
      };
      return await appointments.requestCallBack(wish);
    }
    case "reserve": {
      const attempt = {
        attemptId: attemptId(line, round),
        callId: `${line}-${round}`,
        clinicId: line,
        phoneNumber,
        roomName: line,
        reservedAt: saidFor,
        leaseUntil: saidFor + 30_000,
      };
      const { kind } = await ledger.reserve(attempt, [
        { name: "all", scope: "clinic", since: 0, atMost: 1_000_000 },
      ]);
      return refusedBy({ ok: kind === "reserved" });
    }
    case "dial": {
      const { kind } = await ledger.startDialing(attemptId(line, round), 1, saidFor);
      return refusedBy({ ok: kind === "dialing" });
    }
    case "settle": {
      const outcome = { outcome: "answered", participantIdentity: "phone", sipCallId: "SCL_1" } as const;
      await ledger.settle(attemptId(line, round), outcome, saidFor);
    }
  }
}

/** Everything of a line that can be seen after some steps, as text; the last round's attempt and the next one's included. */
export async function visibleOf(ports: WrittenPorts, line: string, steps: number): Promise<string> {
  const { appointments, callLog, ledger } = ports;
  const { version, start, ...appointment } = (await appointments.get(appointmentId(line))) ?? {
    version: "",
    start: "",
  };
  const free = async (callId: string) =>
    (await appointments.openSlots({ clinicId: line, ...day, at, callId })).map(({ id }) => id);
  const rounds = Array.from({ length: roundOf(steps) + 2 }, (_, round) => round);
  const attempts = await Promise.all(rounds.map((round) => ledger.get(attemptId(line, round))));
  const changes = Array.from({ length: changesBefore(steps) + 5 }, (_, count) => count);
  return JSON.stringify([
    Object.entries(appointment).sort(([a], [b]) => (a < b ? -1 : 1)),
    Date.parse(start),
    changes.find((count) => ports.versionAfter(count) === version),
    await free(line),
    await free("somebody else"),
    (await callLog.read(line))?.entries ?? [],
    (await appointments.callBacks({ clinicId: line, limit: 1_000 })).map(({ callId }) => callId),
    attempts.map((attempt) => [attempt?.state, attempt?.outcome?.outcome]),
  ]);
}

function callLogInMemory(): CallLog {
  const calls = new Map<string, CallRecordEntry[]>();
  const read = (callId: string) => ({ callId, entries: calls.get(callId) ?? [], finalState: undefined });
  return {
    append: async (callId, entries) => void calls.set(callId, [...read(callId).entries, ...entries]),
    read: async (callId) => read(callId),
    recent: async () => [...calls.keys()],
  };
}

/** What can be seen of a line after so many steps, by the stores in memory. */
export async function expectedOf(line: string, steps: number): Promise<string> {
  const ports: WrittenPorts = {
    appointments: memoryAppointmentStore(seedOf(line)),
    callLog: callLogInMemory(),
    ledger: memoryLedger(),
    versionAfter: (changes) => (changes === 0 ? "1" : `write-${changes}`),
  };
  for (let step = 0; step < steps; step++) await takeStep(ports, line, step);
  return await visibleOf(ports, line, steps);
}
