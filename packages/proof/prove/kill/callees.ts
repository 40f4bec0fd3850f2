import {
  type Appointment,
  type CampaignContact,
  type PhoneNumber,
  parsePhoneNumber,
} from "@clinic/sip-voice";
import type { Lab, TelephoneBehaviour } from "@clinic/sip-voice-lab";

/** Somebody to be called: each has a number and an appointment of their own. */
export interface Callee {
  readonly contact: CampaignContact;
  readonly phoneNumber: PhoneNumber;
  readonly appointment: Omit<Appointment, "version">;
}

const areaCodes = [
  209, 213, 310, 323, 408, 415, 530, 559, 562, 619, 626, 650, 707, 714, 760, 805, 818, 831, 858, 909, 916,
];
const numbersOfArea = 100;
const areasOfPart = 7;
const dayMs = 86_400_000;
const timeZone = "America/Los_Angeles";
const consent = { basis: "given-at-booking", recordedAt: "2026-01-05T09:00:00Z" } as const;
const talkMs = [150, 500, 1_200] as const;

/** What telephones do, in turn: most of them are picked up, since that is the longest way. */
const behaviours: readonly TelephoneBehaviour[] = [
  { kind: "answers", afterMs: 300 },
  { kind: "busy" },
  { kind: "answers", afterMs: 100 },
  { kind: "declines", afterMs: 400 },
  { kind: "answers-but-response-lost", afterMs: 200 },
];

/** The callee of an ordinal, in one of the parts of a proof. */
export function calleeOf(part: number, ordinal: number): Callee {
  const area = areaCodes[part * areasOfPart + Math.floor(ordinal / numbersOfArea)];
  if (area === undefined) throw new RangeError("There are no more numbers.");
  const phoneNumber = parsePhoneNumber(`+1${area}55501${String(ordinal % numbersOfArea).padStart(2, "0")}`);
  const day = new Date(Date.now() + 7 * dayMs).toISOString().slice(0, 10);
  const id = `callee-${part}-${ordinal}`;
  return {
    contact: { id, phoneNumber, appointments: [{ id: `appointment-of-${id}` }], consent },
    phoneNumber,
    appointment: {
      id: `appointment-of-${id}`,
      clinicId: "riverside",
      patient: { id: `patient-${id}`, name: "Robin", phoneNumber, timeZone },
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
