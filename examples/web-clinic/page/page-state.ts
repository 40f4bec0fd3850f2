import type { ClinicView } from "@clinic/sip-voice/web";

/** Why there is no conversation. */
export type PageFailure = "no-link" | "link-expired" | "unreachable" | "lost";

/** Everything that the page shows, as one value. */
export interface PageState {
  readonly stage: "ready" | "connecting" | "talking" | "ended";
  readonly language: ClinicView["language"];
  readonly failure: PageFailure | undefined;
  /** The newest view of the agent; kept after the end. */
  readonly view: ClinicView | undefined;
  readonly muted: boolean;
  readonly microphone: "on" | "denied";
  readonly agentSpeaks: boolean;
  readonly reconnecting: boolean;
}

/** What the page shows first: Arabic, unless the patient has chosen before. */
export const firstState: PageState = {
  stage: "ready",
  language: "ar-XA",
  failure: undefined,
  view: undefined,
  muted: false,
  microphone: "on",
  agentSpeaks: false,
  reconnecting: false,
};

/** What a person can do on the page. */
export interface PageActions {
  talk(): void;
  end(): void;
  toggleMute(): void;
  speak(language: ClinicView["language"]): void;
  confirm(): void;
  reschedule(): void;
  cancel(): void;
  chooseSlot(slotId: string): void;
  operator(): void;
  callBack(): void;
  optOut(): void;
}
