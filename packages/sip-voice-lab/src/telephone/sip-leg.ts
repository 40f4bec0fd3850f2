import { randomBytes } from "node:crypto";
import { DisconnectReason, type LocalTrack, Room, TrackPublishOptions, TrackSource } from "@livekit/rtc-node";
import { AccessToken, type RoomConfiguration, RoomServiceClient } from "livekit-server-sdk";
import type { LiveKitAddress } from "../livekit-server/livekit-server.ts";
import { leaveWithReason, releaseRoom } from "./native-room.ts";

/** The time between the status `hangup` and the departure, as recorded. */
const HANGUP_TO_DEPARTURE_MS = 7;

/** Who joins which room as a telephone. */
export interface SipLegOptions {
  readonly livekit: LiveKitAddress;
  readonly room: string;
  readonly identity: string;
  readonly name: string;
  readonly metadata?: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Configuration of the room when this telephone creates it (a dispatch rule's, with its agents). */
  readonly roomConfig?: RoomConfiguration;
  readonly roomPreset?: string;
}

/** An id as LiveKit makes them: a prefix and twelve characters. */
export function livekitId(prefix: string): string {
  const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  return prefix + [...randomBytes(12)].map((byte) => alphabet[byte % alphabet.length]).join("");
}

/**
 * What LiveKit SIP is to a room: the participant of kind SIP at the room's end of a call. It joins with rtc-node, with
 * a token of that kind; its attributes are changed by the server's API, as a participant of kind SIP can't do it itself.
 */
export class SipLeg {
  readonly options: SipLegOptions;
  /** The room, for its events. */
  readonly room: Room;
  #service: RoomServiceClient;
  #left: Promise<void> | undefined;

  private constructor(options: SipLegOptions, room: Room) {
    this.options = options;
    this.room = room;
    const { httpUrl, apiKey, apiSecret } = options.livekit;
    this.#service = new RoomServiceClient(httpUrl, apiKey, apiSecret, { failover: false });
  }

  /** Joins the room. `prepare` is called before, so that no event of the room is missed. */
  static async join(options: SipLegOptions, prepare?: (room: Room) => void): Promise<SipLeg> {
    const { livekit, identity, name, metadata, attributes } = options;
    const token = new AccessToken(livekit.apiKey, livekit.apiSecret, {
      identity,
      name,
      attributes,
      ttl: "1h",
    });
    if (metadata) token.metadata = metadata;
    token.kind = "sip";
    if (options.roomConfig) token.roomConfig = options.roomConfig;
    if (options.roomPreset) token.roomPreset = options.roomPreset;
    token.addGrant({
      roomJoin: true,
      room: options.room,
      canPublish: true,
      canSubscribe: true,
      canPublishData: true,
    });
    const room = new Room();
    prepare?.(room);
    await room.connect(livekit.url, await token.toJwt(), { autoSubscribe: true, dynacast: false });
    const leg = new SipLeg(options, room);
    await leg.#announce();
    return leg;
  }

  /** Id of the participant, `PA_...`. */
  get participantId(): string {
    return this.room.localParticipant?.sid ?? "";
  }

  /** Whether the room still has this participant. */
  get isConnected(): boolean {
    return this.room.isConnected;
  }

  /**
   * Makes the room see this participant now. The server tells the others of a participant without a track in batches
   * of 3 s, and an attribute changed before would not be seen as a change; LiveKit SIP's telephones are seen at once.
   * An update of an attribute is told at once: so one is "changed" to what it is.
   */
  async #announce(): Promise<void> {
    const [name, value] = Object.entries(this.options.attributes)[0] ?? [];
    if (name !== undefined && value !== undefined) await this.setAttributes({ [name]: value });
  }

  /** Changes attributes in one step. Does nothing once the leg has left: its identity may belong to another by then. */
  async setAttributes(attributes: Record<string, string>): Promise<void> {
    if (!this.isConnected) return;
    await this.#service
      .updateParticipant(this.options.room, this.options.identity, { attributes })
      .catch((error: unknown) => {
        // The room may be deleted at any moment; then there is nobody to tell.
        if (this.isConnected && (error as { code?: string }).code !== "not_found") throw error;
      });
  }

  /** Publishes the telephone's audio. */
  async publish(track: LocalTrack): Promise<void> {
    // Without DTX, so that silence is sent as a telephone line sends it.
    const options = new TrackPublishOptions({
      source: TrackSource.SOURCE_MICROPHONE,
      dtx: false,
      red: false,
    });
    await this.room.localParticipant?.publishTrack(track, options);
  }

  /** Sends a key press. */
  async publishDtmf(code: number, digit: string): Promise<void> {
    await this.room.localParticipant?.publishDtmf(code, digit);
  }

  /** Ends the call as a hang-up: status `hangup`, and gone a moment later. */
  async hangUp(reason: DisconnectReason = DisconnectReason.CLIENT_INITIATED): Promise<void> {
    if (this.isConnected && !this.#left) {
      await this.setAttributes({ "sip.callStatus": "hangup" }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, HANGUP_TO_DEPARTURE_MS));
    }
    await this.leave(reason);
  }

  /** Leaves the room at once. */
  leave(reason: DisconnectReason = DisconnectReason.CLIENT_INITIATED): Promise<void> {
    this.#left ??= (async () => {
      if (reason !== DisconnectReason.CLIENT_INITIATED) await leaveWithReason(this.room, reason);
      await this.room.disconnect();
      this.room.removeAllListeners();
      releaseRoom(this.room);
    })();
    return this.#left;
  }
}
