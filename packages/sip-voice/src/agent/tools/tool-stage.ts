/** For the tests of the tools: one connected call with a real desk, store, state machine and identity check. */
import type { Appointment, Slot } from "../../appointments/appointment.ts";
import { memoryAppointmentStore } from "../../appointments/memory-store.ts";
import type { AppointmentStore } from "../../appointments/store.ts";
import { memoryCallLog } from "../../call/call-log.ts";
import type { CallDirection } from "../../call/identifiers.ts";
import type { Language } from "../../call/prompt.ts";
import type { Clock } from "../../clock.ts";
import { silentLogger } from "../../log/logger.ts";
import type { PhoneNumber } from "../../phone/phone-number.ts";
import { type ContactPreferences, memoryContactPreferences } from "../../policy/contact-preferences.ts";
import { CallRecorder } from "../call/call-recorder.ts";
import { ClinicCall } from "../call/clinic-call.ts";
import { AppointmentDesk } from "../desk/appointment-desk.ts";
import { CallIdentity, type ClinicIdentity } from "../desk/identity.ts";
import { SlotOffer } from "../desk/slot-offer.ts";
import type { Speech } from "../speech/speech.ts";
import { clinicTools } from "./tools.ts";

const clinic = { clinicId: "main", timeZone: "America/Los_Angeles" };

/** What a stage is set with. */
export interface ToolStageOptions {
  readonly clock: Clock;
  readonly appointments: readonly Appointment[];
  readonly slots?: readonly Slot[];
  /** The other party's number; hidden when left out. */
  readonly caller?: PhoneNumber;
  readonly direction?: CallDirection;
  readonly language?: Language;
  readonly settings?: ClinicIdentity;
  /** What of the store, or of the preferences, behaves differently. */
  readonly change?: (inner: AppointmentStore) => Partial<AppointmentStore>;
  readonly preferences?: Partial<ContactPreferences>;
}

/** Sets the stage; its speech, which would need a LiveKit room, is a stand-in that only tells what it was asked for. */
export async function toolStage(options: ToolStageOptions) {
  const { clock, appointments, slots = [], caller, language = "en-US", change = () => ({}) } = options;
  const { direction = "inbound", settings = {} } = options;
  const store = memoryAppointmentStore({ appointments, slots }, { clock });
  const preferences = { ...memoryContactPreferences(), ...options.preferences };
  const steps: string[] = [];
  const callLog = memoryCallLog();
  const recorder = new CallRecorder(callLog, "call-1", clock, silentLogger);
  const desk = new AppointmentDesk({ ...store, ...change(store) }, "call-1", clock, silentLogger);
  const speech = {
    say: async (prompt: string) => void steps.push(`said ${prompt}`),
    reply: async () => {},
    interrupt: () => void steps.push("interrupted"),
    speakIn: (language: string) => void steps.push(`sentences in ${language}`),
    loseModel: () => {},
    finished: async () => {},
  };
  const call = new ClinicCall({
    callId: "call-1",
    desk,
    speech: speech as unknown as Speech,
    recorder,
    preferences,
    clock,
    logger: silentLogger,
    phoneNumber: () => caller,
    language,
    transfer: async () => {
      steps.push("transferred");
      return { reached: true, by: "refer" };
    },
    greet: async () => {},
    speakLanguage: async () => {},
    keepCallBack: async () => {
      if (!caller) throw new Error("The caller's number is not known.");
      await desk.requestCallBack(caller, clinic.clinicId);
    },
  });
  const identity = new CallIdentity({ settings, desk, call, clock, clinic });
  if (caller) {
    await desk.findByPhone(caller, clinic.clinicId);
    await identity.beginWithNumber(caller);
  } else identity.beginHidden();
  call.connected();
  const offer = new SlotOffer(desk, clock);
  const tools = clinicTools({ call, identity, offer, recorder, direction });
  return { call, desk, identity, offer, preferences, recorder, callLog, steps, store, tools };
}
