import type { ClinicTap } from "@clinic/sip-voice/web";
import { Conversation } from "./conversation.ts";
import { askFirst, draw } from "./drawing.ts";
import { firstState, type PageActions, type PageState } from "./page-state.ts";
import { texts } from "./texts.ts";

const link = location.hash.slice(1);
let state: PageState = { ...firstState, ...(link ? {} : { failure: "no-link" as const }) };
let conversation: Conversation | undefined;

function change(changes: Partial<PageState>): void {
  state = { ...state, ...changes };
  draw(state, actions);
}

function send(tap: ClinicTap): void {
  conversation?.tap(tap);
}

/** Asks the clinic's server for a room, with the patient's link. */
async function session(): Promise<{ url: string; token: string } | "link-expired" | "unreachable"> {
  try {
    const answer = await fetch("/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ link, language: state.language }),
    });
    if (answer.status === 403 || answer.status === 400) return "link-expired";
    return answer.ok ? ((await answer.json()) as { url: string; token: string }) : "unreachable";
  } catch {
    return "unreachable";
  }
}

async function talk(): Promise<void> {
  if (state.stage === "connecting" || state.stage === "talking") return;
  change({ ...firstState, language: state.language, stage: "connecting" });
  const room = await session();
  if (typeof room === "string") return change({ stage: "ready", failure: room });
  const sound = document.getElementById("sound") as HTMLElement;
  const mine = new Conversation(
    {
      onView: (view) => change({ view, language: view.language }),
      onAgentSpeaks: (agentSpeaks) => change({ agentSpeaks }),
      onReconnecting: (reconnecting) => change({ reconnecting }),
      onMicrophoneDenied: () => change({ microphone: "denied" }),
      onEnded: () => {
        if (conversation !== mine) return;
        conversation = undefined;
        sound.replaceChildren();
        const isOver = state.view?.call.phase === "ended" || leaving;
        change({
          stage: "ended",
          agentSpeaks: false,
          reconnecting: false,
          failure: isOver ? undefined : "lost",
        });
      },
    },
    sound,
  );
  conversation = mine;
  leaving = false;
  try {
    await mine.begin(room.url, room.token);
    if (conversation === mine) change({ stage: "talking" });
  } catch {
    conversation = undefined;
    change({ stage: "ready", failure: "unreachable" });
  }
}

let leaving = false;

const actions: PageActions = {
  talk: () => void talk(),
  end() {
    leaving = true;
    send({ version: 1, tap: "end" });
    // The agent ends the call for both; should it not, the patient still leaves.
    const mine = conversation;
    setTimeout(() => void mine?.leave(), 2_000);
  },
  toggleMute() {
    const muted = !state.muted;
    change({ muted });
    conversation?.mute(muted).catch(() => change({ microphone: "denied" }));
  },
  speak(language) {
    // In a conversation the agent switches first, and the page follows its view.
    if (conversation && state.view) send({ version: 1, tap: "speak-language", language });
    else change({ language });
  },
  confirm: () => send({ version: 1, tap: "confirm" }),
  reschedule: () => send({ version: 1, tap: "reschedule" }),
  cancel: () => askFirst(texts[state.language], "sureToCancel", () => send({ version: 1, tap: "cancel" })),
  chooseSlot: (slotId) => send({ version: 1, tap: "choose-slot", slotId }),
  operator: () => send({ version: 1, tap: "operator" }),
  callBack: () => send({ version: 1, tap: "call-back" }),
  optOut: () => askFirst(texts[state.language], "sureToOptOut", () => send({ version: 1, tap: "opt-out" })),
};

draw(state, actions);
