import {
  type ClinicTap,
  type ClinicView,
  clinicTopic,
  encodeClinicTap,
  parseClinicView,
} from "@clinic/sip-voice/web";
import { ConnectionState, type Participant, Room, RoomEvent, Track } from "livekit-client";

/** What happens in a conversation. */
export interface ConversationEvents {
  /** The agent shows the call. */
  onView(view: ClinicView): void;
  /** Who speaks has changed. */
  onAgentSpeaks(speaks: boolean): void;
  /** The connection broke, or came back. */
  onReconnecting(reconnecting: boolean): void;
  /** There is no microphone, or the patient does not let us have it. */
  onMicrophoneDenied(): void;
  /** It is over. */
  onEnded(): void;
}

const askEveryMs = 1_000;
/** An agent on a busy machine comes late. */
const longestWait = 60;

/** One conversation with the agent: a room, the microphone, the agent's voice and view. */
export class Conversation {
  readonly #room = new Room();
  readonly #events: ConversationEvents;
  readonly #sound: HTMLElement;
  #sequence = 0;

  /** Makes a conversation; `sound` is where the agent's voice is played. */
  constructor(events: ConversationEvents, sound: HTMLElement) {
    this.#events = events;
    this.#sound = sound;
    const look = (): void => this.tap({ version: 1, tap: "look" });
    this.#room
      .on(RoomEvent.TrackSubscribed, (track) => {
        if (track.kind === Track.Kind.Audio) this.#sound.append(track.attach());
      })
      .on(RoomEvent.TrackUnsubscribed, (track) => {
        for (const played of track.detach()) played.remove();
      })
      .on(RoomEvent.DataReceived, (payload, participant, _kind, topic) => {
        // Only an agent's word counts: nobody else in the room may draw this page.
        if (topic === clinicTopic.view && participant?.isAgent) this.#show(payload);
      })
      .on(RoomEvent.ActiveSpeakersChanged, (speakers) => {
        events.onAgentSpeaks(speakers.some((speaker: Participant) => speaker.isAgent));
      })
      .on(RoomEvent.ParticipantConnected, look)
      .on(RoomEvent.Reconnecting, () => events.onReconnecting(true))
      .on(RoomEvent.Reconnected, () => {
        events.onReconnecting(false);
        look();
      })
      .on(RoomEvent.Disconnected, () => events.onEnded());
  }

  /** Connects; the agent is on its way by then. */
  async begin(url: string, token: string): Promise<void> {
    await this.#room.connect(url, token);
    this.#askForView(longestWait);
    try {
      await this.#room.localParticipant.setMicrophoneEnabled(true);
    } catch {
      this.#events.onMicrophoneDenied();
    }
  }

  /** Tells the agent what was tapped. */
  tap(tap: ClinicTap): void {
    const options = { reliable: true, topic: clinicTopic.tap };
    // A room that is gone takes no taps; that it is gone is told by itself.
    this.#room.localParticipant.publishData(encodeClinicTap(tap), options).catch(() => {});
  }

  /** Mutes the microphone, or lets it be heard again. */
  async mute(muted: boolean): Promise<void> {
    await this.#room.localParticipant.setMicrophoneEnabled(!muted);
  }

  /** Leaves. */
  async leave(): Promise<void> {
    await this.#room.disconnect();
  }

  /** Asks until the first view is there: a packet that is sent before the other side listens is lost. */
  #askForView(tries: number): void {
    if (this.#sequence > 0 || tries === 0 || this.#room.state !== ConnectionState.Connected) return;
    this.tap({ version: 1, tap: "look" });
    setTimeout(() => this.#askForView(tries - 1), askEveryMs);
  }

  #show(payload: Uint8Array): void {
    const view = parseClinicView(payload);
    if (!view || view.sequence <= this.#sequence) return;
    this.#sequence = view.sequence;
    this.#events.onView(view);
  }
}
