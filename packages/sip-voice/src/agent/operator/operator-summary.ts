import type { Appointment } from "../../appointments/appointment.ts";
import type { Language } from "../../call/prompt.ts";
import type { CallState, Disposition } from "../../call/state.ts";
import { spokenTime } from "../speech/spoken-time.ts";

/** The sentences of a summary in one language. */
interface SummaryWording {
  readonly emergency: string;
  readonly known: (name: string) => string;
  readonly unchecked: (name: string) => string;
  readonly unknown: string;
  readonly appointment: (when: string, provider: string) => string;
  readonly wishes: Readonly<Record<Disposition, string>>;
  readonly callBack: string;
  readonly end: string;
}

const wordings: Readonly<Record<Language, SummaryWording>> = {
  "en-US": {
    emergency: "The caller spoke of an emergency.",
    known: (name) => `This is the automated assistant, with a caller for you: ${name}.`,
    unchecked: (name) =>
      `This is the automated assistant, with a caller for you. The number is that of ${name}; who is speaking was not checked.`,
    unknown: "This is the automated assistant, with a caller for you. Who it is, is not known.",
    appointment: (when, provider) => `The appointment is on ${when}, with ${provider}.`,
    wishes: {
      none: "They asked for a person.",
      confirmed: "It was confirmed on this call, and they asked for a person.",
      cancelled: "It was cancelled on this call, and they asked for a person.",
      rescheduled: "It was moved to that time on this call, and they asked for a person.",
      "reschedule-requested": "They want another time.",
      "wrong-number": "They said that the number is not the patient's.",
    },
    callBack: "They also asked to be called back.",
    end: "You are being connected now.",
  },
  "ar-XA": {
    emergency: "تحدث المتصل عن حالة طارئة.",
    known: (name) => `معك المساعد الآلي، ومعي مكالمة لك من ${name}.`,
    unchecked: (name) =>
      `معك المساعد الآلي، ومعي مكالمة لك. الرقم مسجل باسم ${name}، ولم نتحقق من هوية المتصل.`,
    unknown: "معك المساعد الآلي، ومعي مكالمة لك من متصل غير معروف.",
    appointment: (when, provider) => `الموعد يوم ${when} مع ${provider}.`,
    wishes: {
      none: "طلب المتصل التحدث إلى موظف.",
      confirmed: "تم تأكيد الموعد في هذه المكالمة، وطلب المتصل التحدث إلى موظف.",
      cancelled: "تم إلغاء الموعد في هذه المكالمة، وطلب المتصل التحدث إلى موظف.",
      rescheduled: "تم تغيير الموعد في هذه المكالمة، وطلب المتصل التحدث إلى موظف.",
      "reschedule-requested": "يريد المتصل موعداً آخر.",
      "wrong-number": "قال المتصل إن الرقم ليس رقم المريض.",
    },
    callBack: "وطلب المتصل أيضاً معاودة الاتصال به.",
    end: "سيتم توصيلك الآن.",
  },
};

/**
 * What the operator hears before the caller: who calls, about which appointment, and what for. It is made of the call's state
 * alone, so it needs no model, and nothing that a caller says gets into it.
 */
export function operatorSummary(
  language: Language,
  { emergency, identity, disposition, callBack }: CallState,
  appointment: Appointment | undefined,
): string {
  const wording = wordings[language];
  const { patient, start, timeZone, provider } = appointment ?? {};
  const named = identity === "proven" ? wording.known : wording.unchecked;
  return [
    emergency ? wording.emergency : undefined,
    patient ? named(patient.name) : wording.unknown,
    start && timeZone && provider
      ? wording.appointment(spokenTime(start, timeZone, language), provider)
      : undefined,
    wording.wishes[disposition],
    callBack ? wording.callBack : undefined,
    wording.end,
  ]
    .filter((sentence) => sentence !== undefined)
    .join(" ");
}
