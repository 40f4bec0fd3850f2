import { setTimeout as sleep } from "node:timers/promises";
import { agentAttribute, type CallEndedBy, type CallLog, initialCallState } from "@clinic/sip-voice";
import type { Lab } from "@clinic/sip-voice-lab";
import { type RemoteParticipant, Room, RoomEvent } from "@livekit/rtc-node";
import { AccessToken } from "livekit-server-sdk";

const lookEveryMs = 100;
/** An agent whose telephone does not come leaves, as the real one does. */
const arrivalMs = 20_000;

/**
 * Agents that only are there: each joins a room that was made for a call, says that it is ready, writes down that the
 * telephone rang, was connected and left, and leaves with it. One process for all of them, so that hundreds of calls fit on
 * a small machine.
 */
export class BareAgents {
  readonly #lab: Lab;
  readonly #callLog: CallLog;
  readonly #campaignId: string;
  readonly #known = new Set<string>();
  readonly #rooms = new Set<Room>();
  #working: Promise<void> | undefined;
  #isOver = false;

  /** @param campaignId - the campaign that they serve */
  constructor(lab: Lab, callLog: CallLog, campaignId: string) {
    this.#lab = lab;
    this.#callLog = callLog;
    this.#campaignId = campaignId;
  }

  /** Looks for rooms from now on. */
  start(): void {
    this.#working ??= this.#work();
  }

  /** Leaves every room. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#working;
    await Promise.all([...this.#rooms].map((room) => this.#leave(room)));
  }

  /** Leaves a room once: rtc-node 0.13.35 ends the process over a handle that is dropped twice. */
  async #leave(room: Room): Promise<void> {
    if (this.#rooms.delete(room)) await room.disconnect().catch(() => {});
  }

  async #work(): Promise<void> {
    while (!this.#isOver) {
      for (const { name, metadata, sid } of await this.#lab.rooms.listRooms().catch(() => [])) {
        const attemptId = attemptIn(metadata);
        if (!attemptId?.startsWith(`${this.#campaignId}:`) || this.#known.has(sid)) continue;
        this.#known.add(sid);
        // A room that goes while its agent joins is nobody's concern.
        this.#serve(name, attemptId).catch(() => {});
      }
      await sleep(lookEveryMs);
    }
  }

  async #serve(name: string, attemptId: string): Promise<void> {
    const { sip } = this.#lab;
    const attributes: Record<string, string> = refuses(attemptId)
      ? { [agentAttribute.unready]: "model-unavailable" }
      : { [agentAttribute.ready]: attemptId };
    const token = new AccessToken(sip.apiKey, sip.apiSecret, {
      identity: `bare-agent-${attemptId}`,
      attributes,
    });
    token.kind = "agent";
    token.addGrant({ roomJoin: true, room: name, canPublish: true, canSubscribe: true });
    const room = new Room();
    const over = new Promise<CallEndedBy>((resolve) => {
      const late = setTimeout(() => {
        if (room.remoteParticipants.size === 0) resolve("agent");
      }, arrivalMs);
      room.once(RoomEvent.Disconnected, () => {
        clearTimeout(late);
        resolve("room-closed");
      });
      room.on(RoomEvent.ParticipantDisconnected, () => resolve("patient"));
    });
    const callId = name.slice("call-".length);
    let isConnected = false;
    const look = (telephone: RemoteParticipant): void => {
      if (isConnected || telephone.attributes["sip.callStatus"] !== "active") return;
      isConnected = true;
      this.#write(callId, "connected");
    };
    room.on(RoomEvent.ParticipantConnected, (telephone) => {
      this.#write(callId, "rang");
      look(telephone);
    });
    room.on(RoomEvent.ParticipantAttributesChanged, (_changed, participant) =>
      look(participant as RemoteParticipant),
    );
    await room.connect(sip.url, await token.toJwt(), { autoSubscribe: false, dynacast: false });
    this.#rooms.add(room);
    const endedBy = await over;
    const state = { ...initialCallState, phase: "ended", endedBy } as const;
    await this.#callLog.append(callId, [{ at: Date.now(), event: { type: "ended", state } }]).catch(() => {});
    await this.#leave(room);
    await this.#lab.rooms.deleteRoom(name).catch(() => {});
  }

  #write(callId: string, event: "rang" | "connected"): void {
    const entry = { type: "transition", event, state: initialCallState } as const;
    this.#callLog.append(callId, [{ at: Date.now(), event: entry }]).catch(() => {});
  }
}

/** Every fourth callee's first agent has no model, so that attempts are released too. */
function refuses(attemptId: string): boolean {
  const [ordinal, number] = /-(\d+):(\d+)$/.exec(attemptId)?.slice(1).map(Number) ?? [];
  return ordinal !== undefined && ordinal % 4 === 3 && number === 1;
}

/** `placeCall` says in the room's metadata which attempt it was made for. */
function attemptIn(metadata: string): string | undefined {
  try {
    return (JSON.parse(metadata) as { attemptId?: string }).attemptId;
  } catch {
    return undefined;
  }
}
