import type { ClinicView } from "@clinic/sip-voice/web";
import { element, isolated } from "./element.ts";
import { icon } from "./icon.ts";
import type { PageActions } from "./page-state.ts";
import type { PageTexts } from "./texts.ts";

const button = (
  label: string,
  key: string,
  onClick: () => void,
  name = "",
  before?: SVGSVGElement,
): HTMLButtonElement =>
  element("button", { class: name, key, attributes: { type: "button" }, onClick }, before, label);

/** Whose time it is, where the patient is somewhere else at the moment. */
function place(words: PageTexts, timeZone: string): HTMLElement | undefined {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return here === timeZone ? undefined : element("span", { class: "place" }, words.clinicTime);
}

/** The appointment, and what can be done about it. */
export function drawAppointment(
  words: PageTexts,
  appointment: ClinicView["appointment"],
  isUp: boolean,
  actions: PageActions,
): readonly (Node | undefined)[] {
  if (!appointment) return [];
  const { patientName, provider, start, timeZone, day, time, status, durationMinutes } = appointment;
  const minutes = new Intl.NumberFormat(words.locale, { style: "unit", unit: "minute", unitDisplay: "long" });
  const isOpen = isUp && status !== "cancelled";
  return [
    element(
      "div",
      { class: "title" },
      element("h2", { id: "appointment-title" }, words.appointment),
      element("span", { class: `badge ${status}` }, words.status[status]),
    ),
    element("p", { class: "patient" }, icon("person"), isolated(patientName)),
    element(
      "p",
      { class: "when" },
      element("time", { attributes: { datetime: start } }, isolated(day), " ", isolated(time, "time")),
      place(words, timeZone),
    ),
    element(
      "p",
      { class: "details" },
      element("span", {}, `${words.with} `, isolated(provider, "provider")),
      element("span", {}, icon("clock"), isolated(minutes.format(durationMinutes))),
    ),
    isOpen
      ? element(
          "div",
          { class: "answers" },
          status === "confirmed"
            ? undefined
            : button(words.confirm, "confirm", actions.confirm, "primary", icon("check")),
          button(words.reschedule, "reschedule", actions.reschedule, "", icon("calendar")),
          button(words.cancel, "cancel", actions.cancel, "quiet"),
        )
      : undefined,
  ];
}

/** The times that can be tapped; the provider only where it is another one than the appointment's. */
export function drawSlots(
  words: PageTexts,
  slots: ClinicView["slots"],
  usualProvider: string | undefined,
  actions: PageActions,
): readonly (Node | undefined)[] {
  const [first] = slots;
  if (!first) return [];
  const items = slots.map(({ id, day, time, start, provider }) =>
    element(
      "li",
      {},
      element(
        "button",
        {
          class: "slot",
          key: id,
          attributes: { type: "button", "data-slot": id },
          onClick: () => actions.chooseSlot(id),
        },
        element("time", { attributes: { datetime: start } }, isolated(day), " ", isolated(time, "time")),
        provider === usualProvider
          ? undefined
          : element("span", { class: "with" }, `${words.with} `, isolated(provider)),
      ),
    ),
  );
  return [
    element("h2", { id: "slots-title" }, words.slots),
    element(
      "p",
      { class: "hint", attributes: { role: "status" } },
      words.slotsHint,
      place(words, first.timeZone),
    ),
    element("ul", {}, ...items),
  ];
}

/** What else can be done. */
export function drawHelp(
  words: PageTexts,
  call: ClinicView["call"],
  actions: PageActions,
): readonly (Node | undefined)[] {
  const done = (text: string): HTMLElement => element("p", { class: "done" }, icon("check"), text);
  return [
    element("h2", { id: "help-title" }, words.help),
    element(
      "div",
      { class: "answers" },
      button(words.operator, "operator", actions.operator, "", icon("person")),
      call.callBack ? done(words.callBackNoted) : button(words.callBack, "call-back", actions.callBack),
      call.optedOut ? done(words.optedOut) : button(words.optOut, "opt-out", actions.optOut, "quiet"),
    ),
  ];
}
