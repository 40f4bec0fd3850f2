import { drawAppointment, drawHelp, drawSlots } from "./appointment-drawing.ts";
import { element, fill, isolated } from "./element.ts";
import { icon } from "./icon.ts";
import type { PageActions, PageState } from "./page-state.ts";
import { type PageTexts, texts } from "./texts.ts";

const part = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
/** What was drawn last in each part: a part whose content is the same is left alone, for screen readers and the focus. */
const drawn = new Map<string, string>();

function drawPart(id: string, content: unknown, children: () => readonly (Node | undefined)[]): void {
  const now = JSON.stringify(content);
  if (drawn.get(id) === now) return;
  drawn.set(id, now);
  fill(part(id), children());
}

/** Draws what the state says. */
export function draw(state: PageState, actions: PageActions): void {
  const { language, view, stage } = state;
  const words = texts[language];
  const page = document.documentElement;
  page.lang = words.lang;
  page.dir = words.dir;
  document.body.dataset.stage = stage;
  const { clinicName } = words;
  document.title = clinicName;
  const isUp = stage === "talking" && view?.call.phase === "active";
  drawPart("top", [language, clinicName], () => top(words, clinicName, state, actions));
  const { failure, muted, microphone, agentSpeaks, reconnecting } = state;
  drawPart(
    "talk",
    [language, stage, failure, microphone, muted, agentSpeaks, reconnecting, view?.call, view?.notice],
    () => talk(words, state, actions),
  );
  drawPart("appointment", [language, isUp, view?.appointment], () =>
    drawAppointment(words, view?.appointment ?? null, isUp, actions),
  );
  const provider = view?.appointment?.provider;
  drawPart("slots", [language, isUp, view?.slots, provider], () =>
    drawSlots(words, isUp ? view.slots : [], provider, actions),
  );
  drawPart("help", [language, isUp, view?.call], () => (isUp ? drawHelp(words, view.call, actions) : []));
  drawPart("bottom", language, () => [element("p", {}, words.aiNotice)]);
}

function top(
  words: PageTexts,
  clinicName: string,
  { language }: PageState,
  actions: PageActions,
): readonly Node[] {
  const choices = (["ar-XA", "en-US"] as const).map((one) =>
    element(
      "button",
      {
        key: one,
        attributes: {
          type: "button",
          lang: texts[one].lang,
          dir: texts[one].dir,
          "aria-pressed": String(one === language),
        },
        onClick: () => actions.speak(one),
      },
      texts[one].ownName,
    ),
  );
  return [
    element("h1", {}, isolated(clinicName)),
    element(
      "div",
      { class: "languages", attributes: { role: "group", "aria-label": words.languageGroup } },
      ...choices,
    ),
  ];
}

/** What the call is doing, in one line. */
function statusLine(
  words: PageTexts,
  { stage, failure, reconnecting, view, agentSpeaks }: PageState,
): string {
  if (failure) return words.failure[failure];
  if (stage === "ready") return words.intro;
  if (stage === "connecting") return words.connecting;
  if (stage === "ended" || view?.call.phase === "ended") return words.ended;
  if (reconnecting) return words.reconnecting;
  if (!view) return words.waiting;
  if (view.call.phase === "transferring") return words.transferring;
  if (view.call.model === "lost") return words.modelLost;
  return agentSpeaks ? words.speaking : words.listening;
}

function talk(words: PageTexts, state: PageState, actions: PageActions): readonly (Node | undefined)[] {
  const { stage, failure, microphone, muted, view, agentSpeaks, reconnecting } = state;
  const isOn = stage === "talking";
  const mood = failure ? "failed" : reconnecting ? "waiting" : isOn && agentSpeaks ? "speaking" : stage;
  const canTalk = stage === "ready" || stage === "ended";
  const warnings = [
    isOn && microphone === "denied" ? words.microphoneDenied : undefined,
    isOn && view?.notice ? words.notice[view.notice] : undefined,
    isOn && view?.call.transfer === "failed" && !view.call.callBack ? words.transferFailed : undefined,
  ].filter((one) => one !== undefined);
  return [
    element(
      "div",
      { class: `orb ${mood}`, attributes: { "aria-hidden": "true" } },
      icon(isOn && (muted || microphone === "denied") ? "muted" : "talk"),
    ),
    element(
      "p",
      { id: "status", class: failure ? "status failed" : "status", attributes: { role: "status" } },
      statusLine(words, state),
    ),
    ...warnings.map((text) => element("p", { class: "warning", attributes: { role: "alert" } }, text)),
    canTalk && failure !== "no-link" && failure !== "link-expired"
      ? element(
          "button",
          { class: "primary big", key: "talk", attributes: { type: "button" }, onClick: actions.talk },
          icon("talk"),
          stage === "ended" ? words.talkAgain : words.talk,
        )
      : undefined,
    isOn && view?.call.phase !== "ended"
      ? element(
          "div",
          { class: "controls" },
          microphone === "denied"
            ? undefined
            : element(
                "button",
                {
                  key: "mute",
                  attributes: { type: "button", "aria-pressed": String(muted) },
                  onClick: actions.toggleMute,
                },
                icon(muted ? "muted" : "talk"),
                muted ? words.unmute : words.mute,
              ),
          element(
            "button",
            { class: "danger", key: "end", attributes: { type: "button" }, onClick: actions.end },
            icon("end"),
            words.end,
          ),
        )
      : undefined,
  ];
}

/** Asks before something that can't be taken back by a tap. */
export function askFirst(
  words: PageTexts,
  question: "sureToCancel" | "sureToOptOut",
  onYes: () => void,
): void {
  const dialog = part("ask") as HTMLDialogElement;
  const answer = (label: string, name: string, onClick?: () => void) =>
    element(
      "button",
      {
        class: name,
        attributes: { type: "button" },
        onClick: () => {
          dialog.close();
          onClick?.();
        },
      },
      label,
    );
  dialog.replaceChildren(
    element("h2", { id: "ask-title" }, words[question]),
    element("div", { class: "answers" }, answer(words.no, ""), answer(words.yes, "danger", onYes)),
  );
  dialog.showModal();
}
