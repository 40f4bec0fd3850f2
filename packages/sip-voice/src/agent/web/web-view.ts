import type { Appointment, Slot } from "../../appointments/appointment.ts";
import type { Language } from "../../call/prompt.ts";
import type { CallState } from "../../call/state.ts";
import type { ClinicView, ViewNotice } from "../../web/view.ts";
import { localeOf } from "../speech/spoken-time.ts";

/** What a view is made of. */
export interface ViewSource {
  readonly clinicName: string;
  readonly languages: readonly Language[];
  readonly state: CallState;
  readonly appointment: Appointment | undefined;
  /** The slots that are offered now, with their names for the page. */
  readonly slots: readonly { readonly id: string; readonly slot: Slot }[];
  readonly notice: ViewNotice | null;
}

/** An instant's day and time at the clinic, each to be shown in one piece. */
function clinicWords(start: string, timeZone: string, language: Language): { day: string; time: string } {
  const words = (parts: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(localeOf[language], { ...parts, timeZone }).format(new Date(start));
  return {
    day: words({ weekday: "long", month: "long", day: "numeric" }),
    time: words({ hour: "numeric", minute: "2-digit" }),
  };
}

/** The call as its patient may see it: nothing of the appointment before it is known that they are the patient. */
export function clinicViewOf(source: ViewSource, sequence: number): ClinicView {
  const { clinicName, languages, state, appointment, slots, notice } = source;
  const { language, phase, disposition, model, transfer, callBack, optedOut } = state;
  const isPatient = state.identity === "proven";
  const placeOf = ({ start, timeZone, provider }: Appointment | Slot) => ({
    start,
    timeZone,
    provider,
    ...clinicWords(start, timeZone, language),
  });
  return {
    version: 1,
    sequence,
    clinicName,
    language,
    languages,
    call: { phase, disposition, model, transfer, callBack, optedOut },
    appointment:
      isPatient && appointment
        ? {
            ...placeOf(appointment),
            patientName: appointment.patient.name,
            durationMinutes: appointment.durationMinutes,
            status: appointment.status,
          }
        : null,
    slots: isPatient ? slots.map(({ id, slot }) => ({ id, ...placeOf(slot) })) : [],
    notice,
  };
}
