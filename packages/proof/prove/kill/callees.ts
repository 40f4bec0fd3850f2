import { type Appointment, type PhoneNumber, parsePhoneNumber } from "@clinic/sip-voice";
import type { Lab, TelephoneBehaviour } from "@clinic/sip-voice-lab";

/** Somebody to be called: each has a number and an appointment of their own. */
export interface Callee {
  readonly id: string;
  readonly phoneNumber: PhoneNumber;
  readonly appointment: Omit<Appointment, "version">;
}

const areaCodes = [209, 213, 310, 323, 408, 415, 530, 559, 562, 619, 626, 650, 707, 714, 760, 805, 818, 831];
const numbersOfArea = 100;
/** So many callees has each part of the proof at the most. */
export const mostCallees = 3 * numbersOfArea;
const dayMs = 86_400_000;
const talkMs = [150, 500, 1_200] as const;

/** What telephones do, in turn: most of them are picked up, since that is the longest way. */
const behaviours: readonly TelephoneBehaviour[] = [
  { kind: "answers", afterMs: 300 },
  { kind: "busy" },
  { kind: "answers", afterMs: 100 },
  { kind: "declines", afterMs: 400 },
  { kind: "answers-but-response-lost", afterMs: 200 },
];

/** The callee of an ordinal, in one of the parts of the proof. */
export function calleeOf(part: number, ordinal: number): Callee {
  if (ordinal >= mostCallees) throw new RangeError(`There are ${mostCallees} callees.`);
  const area = areaCodes[part * 3 + Math.floor(ordinal / numbersOfArea)];
  const phoneNumber = parsePhoneNumber(`+1${area}55501${String(ordinal % numbersOfArea).padStart(2, "0")}`);
  const timeZone = "America/Los_Angeles";
  const day = new Date(Date.now() + 7 * dayMs).toISOString().slice(0, 10);
  return {
    id: `callee-${part}-${ordinal}`,
    phoneNumber,
    appointment: {
      id: `kill-appointment-${part}-${ordinal}`,
      clinicId: "riverside",
      patient: { id: `kill-patient-${part}-${ordinal}`, name: "Robin", phoneNumber, timeZone },
      provider: "Dr. Lane",
      start: `${day}T10:00:00-08:00`,
      timeZone,
      durationMinutes: 20,
      status: "booked",
      slotId: undefined,
    },
  };
}

/** Plugs a callee's telephone in; whoever picks it up hangs up a little later, and is noted by the call's identity. */
export function plugIn(lab: Lab, { phoneNumber }: Callee, ordinal: number, pickedUp: Set<string>): void {
  const telephone = lab.telephone(phoneNumber);
  telephone.behaviour = behaviours[ordinal % behaviours.length] ?? { kind: "busy" };
  telephone.on("line", (line) => {
    const hangUp = (): void => void line.hangUp().catch(() => {});
    line.answered.then(
      () => {
        pickedUp.add(line.identity);
        setTimeout(hangUp, talkMs[ordinal % talkMs.length]);
      },
      () => {},
    );
  });
}
