import {
  type AudioFrame,
  AudioStream,
  type RemoteParticipant,
  type RemoteTrack,
  type Room,
  RoomEvent,
  TrackKind,
} from "@livekit/rtc-node";
import { calleeSampleRate } from "./tone.ts";

/**
 * Passes on what the callee's telephone sends, beside what the model hears of it: 8,000 mono samples a second in pieces of
 * 20 ms. Returns what ends it.
 */
export function listenToCallee(
  room: Room,
  callee: RemoteParticipant,
  onSamples: (samples: Int16Array) => void,
): () => void {
  let current:
    | { readonly track: RemoteTrack; readonly reader: ReadableStreamDefaultReader<AudioFrame> }
    | undefined;
  const stop = (): void => {
    void current?.reader.cancel().catch(() => {});
    current = undefined;
  };
  const hear = (track: RemoteTrack): void => {
    if (track.kind !== TrackKind.KIND_AUDIO || current?.track === track) return;
    stop();
    const stream = new AudioStream(track, { sampleRate: calleeSampleRate, numChannels: 1, frameSizeMs: 20 });
    const reader = stream.getReader() as ReadableStreamDefaultReader<AudioFrame>;
    current = { track, reader };
    const read = async (): Promise<void> => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        onSamples(value.data);
      }
    };
    // It ends with the track, whichever way that goes.
    read().catch(() => {});
  };
  const onTrack = (track: RemoteTrack, _publication: unknown, participant: RemoteParticipant): void => {
    if (participant.identity === callee.identity) hear(track);
  };
  const onTrackGone = (track: RemoteTrack): void => {
    if (current?.track === track) stop();
  };
  room.on(RoomEvent.TrackSubscribed, onTrack);
  room.on(RoomEvent.TrackUnsubscribed, onTrackGone);
  for (const { track } of callee.trackPublications.values()) if (track) hear(track);
  return () => {
    room.off(RoomEvent.TrackSubscribed, onTrack);
    room.off(RoomEvent.TrackUnsubscribed, onTrackGone);
    stop();
  };
}
