import {
  AudioFrame,
  AudioSource,
  AudioStream,
  LocalAudioTrack,
  Room,
  RoomEvent,
  TrackPublishOptions,
  TrackSource,
} from "@livekit/rtc-node";
import { AccessToken, type ParticipantInfo, RoomServiceClient, SipClient } from "livekit-server-sdk";
import { type LiveKitServer, startLiveKitServer } from "../../src/livekit-server/index.ts";
import { type SipStandIn, startSipStandIn } from "../../src/sip-stand-in/index.ts";
import { levelDb, type Telephone } from "../../src/telephone/index.ts";

/** A telephone network for one test file: the real server, the SIP stand-in, and clients as the project uses them. */
export interface Network {
  readonly livekit: LiveKitServer;
  readonly sip: SipStandIn;
  readonly sipClient: SipClient;
  readonly rooms: RoomServiceClient;
  /** Joins a room through the stand-in as an agent or a person, and notes what it sees. */
  join(room: string, options?: { agent?: boolean; attributes?: Record<string, string> }): Promise<Onlooker>;
  stop(): Promise<void>;
}

/** Starts the network; give it to `beforeAll`, and `stop` to `afterAll`. */
export async function startNetwork(telephones: readonly Telephone[]): Promise<Network> {
  const livekit = await startLiveKitServer();
  const sip = await startSipStandIn({ livekit, telephones });
  const { httpUrl, apiKey, apiSecret } = sip;
  const onlookers: Onlooker[] = [];
  return {
    livekit,
    sip,
    sipClient: new SipClient(httpUrl, apiKey, apiSecret, { failover: false }),
    rooms: new RoomServiceClient(httpUrl, apiKey, apiSecret, { failover: false }),
    async join(room, options = {}) {
      const onlooker = await Onlooker.join(sip, room, options);
      onlookers.push(onlooker);
      return onlooker;
    },
    async stop() {
      await Promise.allSettled(onlookers.map((onlooker) => onlooker.leave()));
      await sip.stop();
      await livekit.stop();
    },
  };
}

/** One thing that an onlooker saw. */
export interface Sighting {
  readonly ms: number;
  readonly event: string;
  readonly identity?: string;
  readonly attributes?: Record<string, string>;
  readonly detail?: unknown;
}

/** A second participant of a room, through which the tests see and hear the telephone. */
export class Onlooker {
  readonly room: Room;
  readonly seen: Sighting[] = [];
  /** Level of each frame heard, with its moment. */
  readonly heard: { at: number; db: number }[] = [];
  #since = performance.now();
  #source: AudioSource | undefined;

  private constructor(room: Room) {
    this.room = room;
  }

  static async join(
    sip: SipStandIn,
    name: string,
    { agent = false, attributes = {} }: { agent?: boolean; attributes?: Record<string, string> },
  ): Promise<Onlooker> {
    const identity = `${agent ? "agent" : "person"}-${Math.random().toString(36).slice(2, 8)}`;
    const token = new AccessToken(sip.apiKey, sip.apiSecret, { identity, attributes });
    if (agent) token.kind = "agent";
    token.addGrant({ roomJoin: true, room: name, canPublish: true, canSubscribe: true, agent });
    const onlooker = new Onlooker(new Room());
    onlooker.#watch();
    await onlooker.room.connect(sip.url, await token.toJwt(), { autoSubscribe: true, dynacast: false });
    return onlooker;
  }

  /** Starts the clock of `seen` anew. */
  startClock(): void {
    this.#since = performance.now();
  }

  /** Publishes a track; `say` speaks into it. */
  async publish(): Promise<void> {
    this.#source = new AudioSource(24_000, 1);
    const track = LocalAudioTrack.createAudioTrack("voice", this.#source);
    const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
    await this.room.localParticipant?.publishTrack(track, options);
  }

  /** Says a tone. */
  async say(ms: number, hertz = 440): Promise<void> {
    for (let at = 0; at < ms; at += 20) {
      await this.#source?.captureFrame(new AudioFrame(tone(20, 24_000, hertz, at), 24_000, 1, 480));
    }
    await this.#source?.waitForPlayout();
  }

  /** Resolves with the first sighting that fits. */
  async saw(fits: (sighting: Sighting) => boolean, withinMs = 5000): Promise<Sighting> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const found = this.seen.find(fits);
      if (found) return found;
      if (performance.now() > deadline)
        throw new Error(`Not seen within ${withinMs} ms: ${JSON.stringify(this.seen)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async leave(): Promise<void> {
    await this.room.disconnect();
    await this.#source?.close();
  }

  #watch(): void {
    const see = (event: string, rest: Omit<Sighting, "ms" | "event"> = {}): void => {
      this.seen.push({ ms: Math.round(performance.now() - this.#since), event, ...rest });
    };
    this.room
      .on(RoomEvent.ParticipantConnected, (participant) =>
        see("participantConnected", {
          identity: participant.identity,
          attributes: { ...participant.attributes },
          detail: { kind: participant.kind, name: participant.name },
        }),
      )
      .on(RoomEvent.ParticipantAttributesChanged, (changed, participant) =>
        see("attributesChanged", { identity: participant.identity, attributes: changed }),
      )
      .on(RoomEvent.DtmfReceived, (code, digit, participant) =>
        see("dtmfReceived", { identity: participant?.identity ?? "", detail: { code, digit } }),
      )
      .on(RoomEvent.ParticipantDisconnected, (participant) =>
        see("participantDisconnected", {
          identity: participant.identity,
          detail: participant.disconnectReason,
        }),
      )
      .on(RoomEvent.Disconnected, (reason) => see("disconnected", { detail: reason }))
      .on(RoomEvent.TrackSubscribed, (track, _publication, participant) => {
        see("trackSubscribed", { identity: participant.identity });
        void this.#listen(new AudioStream(track, { sampleRate: 16_000, numChannels: 1, frameSizeMs: 20 }));
      });
  }

  async #listen(stream: AudioStream): Promise<void> {
    for await (const frame of stream) this.heard.push({ at: performance.now(), db: levelDb(frame.data) });
  }
}

/** A sine tone at a fifth of full scale. */
export function tone(ms: number, sampleRate: number, hertz: number, fromMs = 0): Int16Array {
  return Int16Array.from({ length: (ms * sampleRate) / 1000 }, (_, index) => {
    const seconds = fromMs / 1000 + index / sampleRate;
    return Math.round(6500 * Math.sin(2 * Math.PI * hertz * seconds));
  });
}

/** Who is in a room; nobody when there is no such room. */
export async function participantsOf(rooms: RoomServiceClient, room: string): Promise<ParticipantInfo[]> {
  return rooms.listParticipants(room).catch(() => []);
}
