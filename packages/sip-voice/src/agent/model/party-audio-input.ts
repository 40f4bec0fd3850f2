import type { ReadableStream } from "node:stream/web";
import { voice } from "@livekit/agents";
import {
  type AudioFrame,
  AudioStream,
  type RemoteParticipant,
  type RemoteTrack,
  type Room,
  RoomEvent,
  TrackKind,
} from "@livekit/rtc-node";

/** What the framework's own input has: the model's plugin resamples it. */
const sampleRate = 24_000;

/**
 * What the model hears: nothing until the call is up, then the other party.
 *
 * It is the session's input from before the session starts. One that comes later is not heard: `AgentSession` hands its
 * `onAudioInputChanged` on without binding it (agents-js 1.9.0), so that it finds itself "not started" and does nothing.
 */
export class PartyAudioInput extends voice.AudioInput {
  #room: Room | undefined;
  #party: RemoteParticipant | undefined;
  #current: { readonly track: RemoteTrack; readonly stream: AudioStream; readonly id: string } | undefined;
  #attached = true;

  /** From now on the other party is heard, whichever of their tracks is there. */
  listenTo(room: Room, party: RemoteParticipant): void {
    this.#room = room;
    this.#party = party;
    room.on(RoomEvent.TrackSubscribed, this.#onTrack);
    room.on(RoomEvent.TrackUnsubscribed, this.#onTrackGone);
    for (const { track } of party.trackPublications.values()) if (track) this.#hear(track);
  }

  override setAttached(attached: boolean): void {
    this.#attached = attached;
  }

  override async close(): Promise<void> {
    this.#room?.off(RoomEvent.TrackSubscribed, this.#onTrack);
    this.#room?.off(RoomEvent.TrackUnsubscribed, this.#onTrackGone);
    await this.#stop();
    await super.close();
  }

  #onTrack = (track: RemoteTrack, _publication: unknown, participant: RemoteParticipant): void => {
    if (participant.identity === this.#party?.identity) this.#hear(track);
  };

  #onTrackGone = (track: RemoteTrack): void => {
    if (this.#current?.track === track) void this.#stop();
  };

  #hear(track: RemoteTrack): void {
    if (track.kind !== TrackKind.KIND_AUDIO || this.#current?.track === track) return;
    void this.#stop();
    const stream = new AudioStream(track, { sampleRate, numChannels: 1 });
    const passed = (stream as ReadableStream<AudioFrame>).pipeThrough(
      new TransformStream<AudioFrame, AudioFrame>({
        transform: (frame, controller) => {
          if (this.#attached) controller.enqueue(frame);
        },
      }),
    );
    this.#current = { track, stream, id: this.multiStream.addInputStream(passed) };
  }

  async #stop(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    if (!current) return;
    await this.multiStream.removeInputStream(current.id).catch(() => {});
    // It is locked by its pipe, which ends with the track; asking it to end is enough.
    await current.stream.cancel().catch(() => {});
  }
}
