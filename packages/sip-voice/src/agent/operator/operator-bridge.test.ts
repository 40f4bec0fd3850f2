import { EventEmitter } from "node:events";
import { type Room, RoomEvent } from "@livekit/rtc-node";
import { describe, expect, it, vi } from "vitest";
import { silentLogger } from "../../log/logger.ts";
import type { DialRequest, DialResult } from "../../outbound/dialer.ts";
import type { RoomGateway } from "../../outbound/room-gateway.ts";
import type { AudioClip } from "../../prompts/prompt-audio.ts";
import { dialFailure } from "../../sip/dial-outcome.ts";
import { simulatedClock } from "../../testing/index.ts";
import { OperatorBridge } from "./operator-bridge.ts";
import { operatorPlan } from "./operator-options.ts";

const piece: AudioClip = { samples: new Int16Array(480), sampleRate: 24_000 };

interface Setting {
  /** What becomes of the dial, this long after it began. */
  readonly dial?: (request: DialRequest) => Promise<DialResult["outcome"]>;
  readonly summary?: (signal: AbortSignal) => AsyncGenerator<AudioClip, void>;
  /** How long the summary takes to be heard. */
  readonly summaryMs?: number;
  readonly updateSubscriptions?: RoomGateway["updateSubscriptions"];
}

/** A bridge whose parts are real, except for LiveKit: a room with its members, its API, and the summary's track. */
function bridge({ dial = async () => "answered", summary, summaryMs = 5_000, ...more }: Setting = {}) {
  const steps: string[] = [];
  const clock = simulatedClock();
  const members = new Map<string, object>();
  const room = Object.assign(new EventEmitter(), {
    remoteParticipants: members,
    localParticipant: { trackPublications: new Map([["TR_prompts", { sid: "TR_prompts" }]]) },
  });
  const join = (identity: string, track: string, callStatus: string): void => {
    const trackPublications = new Map([[track, { sid: track }]]);
    members.set(identity, { identity, trackPublications, attributes: { "sip.callStatus": callStatus } });
    room.emit(RoomEvent.ParticipantConnected, members.get(identity));
  };
  const leave = (identity: string): void => {
    const gone = members.get(identity);
    members.delete(identity);
    if (gone) room.emit(RoomEvent.ParticipantDisconnected, gone);
  };
  join("phone-1", "TR_caller", "active");
  /** Who hears which tracks: everybody everything, until it is taken away. */
  const deafTo = new Set<string>();
  const short = (identity: string) => identity.replace(/-.*/, "");
  const updateSubscriptions: RoomGateway["updateSubscriptions"] = async (name, identity, tracks, hears) => {
    await more.updateSubscriptions?.(name, identity, tracks, hears);
    for (const track of tracks) {
      const pair = `${short(identity)} ${track}`;
      if (hears) deafTo.delete(pair);
      else deafTo.add(pair);
    }
  };
  const rooms = {
    updateSubscriptions,
    removeParticipant: vi.fn(async (_: string, identity: string) => leave(identity)),
    participants: async () => ["agent-1", ...members.keys()].map((identity) => ({ identity, kind: 3 })),
  };
  const dialer = {
    dial: vi.fn(async (request: DialRequest): Promise<DialResult> => {
      steps.push("ring");
      join(request.participantIdentity, "TR_operator", "ringing");
      const outcome = await dial(request);
      if (outcome !== "answered") return dialFailure(outcome);
      join(request.participantIdentity, "TR_operator", "active");
      return { outcome, participantIdentity: request.participantIdentity, sipCallId: "SCL_1" };
    }),
  };
  const over = new AbortController();
  const reached = new OperatorBridge(
    {
      room: room as unknown as Room,
      roomName: "call-1",
      caller: "phone-1",
      plan: operatorPlan({ phoneNumber: "+15105550199", ringingTimeoutSeconds: 20 }),
      rooms: rooms as unknown as RoomGateway,
      dialer,
      agent: {
        hold: async () => void steps.push("hold"),
        silence: () => void steps.push("silence"),
        summary: (signal) =>
          summary?.(signal) ??
          (async function* () {
            yield piece;
          })(),
      },
      over: over.signal,
      clock,
      logger: silentLogger,
    },
    {
      publish: async () => "TR_summary",
      async playPieces(pieces) {
        for await (const _ of pieces) steps.push(`summary, and deaf are: ${[...deafTo].sort().join(", ")}`);
        await new Promise<void>((resolve) => clock.setTimer(resolve, summaryMs));
      },
      stop() {},
      withdraw: async () => void steps.push("withdraw"),
    },
  ).reach();
  const operator = (): string => [...members.keys()].find((one) => one.startsWith("operator-")) ?? "";
  return { clock, deafTo, dialer, leave, members, operator, over, reached, rooms, steps };
}

const apart =
  "summary, and deaf are: operator TR_caller, operator TR_prompts, phone TR_operator, phone TR_summary";

describe("a bridge", () => {
  it("tells the operator while neither hears the other, and then lets them talk", async () => {
    const { clock, deafTo, dialer, leave, operator, reached, rooms, steps } = bridge();
    await clock.advance(10_000);
    const result = await reached;
    expect(result).toMatchObject({ reached: true, by: "bridge" });
    expect(steps).toEqual(["ring", apart, "silence", "withdraw"]);
    expect([...deafTo].sort()).toEqual(
      ["operator TR_prompts", "phone TR_prompts", "phone TR_summary"].sort(),
    );
    expect(dialer.dial).toHaveBeenCalledExactlyOnceWith({
      roomName: "call-1",
      phoneNumber: "+15105550199",
      participantIdentity: operator(),
      participantName: "Operator",
      ringingTimeoutSeconds: 20,
      callLimitSeconds: 3_600,
    });
    expect(rooms.removeParticipant).not.toHaveBeenCalled();
    if (!result.reached || result.by !== "bridge") throw new Error("not bridged");
    const ended = vi.fn();
    void result.over.then(ended);
    await clock.advance(60_000);
    expect(ended).not.toHaveBeenCalled();
    leave(operator());
    await clock.advance(0);
    expect(ended).toHaveBeenCalledOnce();
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    ["busy", "busy"],
    ["no-answer", "no-answer"],
    ["declined", "refused"],
    ["trunk-refused", "refused"],
    ["unreachable", "refused"],
  ] as const)("whose dial is %s tells %s, and leaves nobody behind", async (outcome, reason) => {
    const { clock, members, reached, steps } = bridge({ dial: async () => outcome });
    await clock.advance(5_000);
    expect(await reached).toEqual({ reached: false, reason });
    expect([...members.keys()]).toEqual(["phone-1"]);
    expect(steps).toEqual(["ring", "withdraw"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("whose dial's answer is lost goes by the room: nobody is rung twice", async () => {
    const world = bridge({
      dial: async ({ participantIdentity }) => {
        world.clock.setTimer(() => {
          const attributes = { "sip.callStatus": "active" };
          world.members.set(participantIdentity, { ...world.members.get(participantIdentity), attributes });
        }, 1_000);
        return "unknown";
      },
    });
    await world.clock.advance(20_000);
    expect(await world.reached).toMatchObject({ reached: true });
    expect(world.dialer.dial).toHaveBeenCalledOnce();
  });

  it("whose dial's answer is lost, with nobody there, stops the ringing", async () => {
    const { clock, members, reached } = bridge({ dial: async () => "unknown" });
    await clock.advance(20_000);
    expect(await reached).toEqual({ reached: false, reason: "unknown" });
    expect([...members.keys()]).toEqual(["phone-1"]);
  });

  it("is given up when the caller leaves, and the ringing stops, also of a telephone that joins late", async () => {
    const { clock, leave, members, reached, rooms } = bridge({ dial: () => new Promise(() => {}) });
    await clock.advance(3_000);
    leave("phone-1");
    await clock.advance(3_000);
    expect(await reached).toEqual({ reached: false, reason: "unknown" });
    expect([...members.keys()]).toEqual([]);
    expect(rooms.removeParticipant).toHaveBeenCalledTimes(2);
    await clock.advance(5_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it("is given up when the call is over", async () => {
    const { clock, over, reached } = bridge({ dial: () => new Promise(() => {}) });
    await clock.advance(3_000);
    over.abort();
    await clock.advance(3_000);
    expect(await reached).toEqual({ reached: false, reason: "unknown" });
  });

  it("is refused by an operator who hangs up while being told, and the two never hear each other", async () => {
    const { clock, deafTo, leave, operator, reached, steps } = bridge();
    await clock.advance(2_000);
    leave(operator());
    await clock.advance(5_000);
    expect(await reached).toEqual({ reached: false, reason: "refused" });
    expect(steps).not.toContain("silence");
    expect([...deafTo]).toEqual(expect.arrayContaining(["operator TR_caller", "phone TR_operator"]));
  });

  it("has the caller hold while it rings", async () => {
    const { clock, reached, steps } = bridge({
      dial: () => new Promise((resolve) => clock.setTimer(() => resolve("no-answer"), 30_000)),
    });
    await clock.advance(40_000);
    await reached;
    expect(steps.filter((step) => step === "hold")).toHaveLength(2);
  });

  it.each<[string, Setting]>([
    ["is not ready in time", { summary: () => never() }],
    ["can't be spoken", { summary: () => failing() }],
  ])("connects the two without a summary that %s", async (_, setting) => {
    const { clock, reached, steps } = bridge(setting);
    await clock.advance(10_000);
    expect(await reached).toMatchObject({ reached: true });
    expect(steps).toEqual(["ring", "silence", "withdraw"]);
  });

  it("tells nothing where nobody can say who would hear it", async () => {
    const { clock, reached, steps } = bridge({
      updateSubscriptions: async (_, __, ___, hears) => {
        if (!hears) throw new Error("LiveKit is away");
      },
    });
    await clock.advance(10_000);
    expect(await reached).toMatchObject({ reached: true });
    expect(steps).toEqual(["ring", "silence", "withdraw"]);
  });

  it("comes back to the caller when the two can't be connected", async () => {
    const { clock, members, reached } = bridge({
      updateSubscriptions: async (_, __, ___, hears) => {
        if (hears) throw new Error("LiveKit is away");
      },
    });
    await clock.advance(20_000);
    expect(await reached).toEqual({ reached: false, reason: "unknown" });
    expect([...members.keys()]).toEqual(["phone-1"]);
  });
});

async function* never(): AsyncGenerator<AudioClip, void> {
  await new Promise(() => {});
  yield piece;
}

async function* failing(): AsyncGenerator<AudioClip, void> {
  throw new Error("The model did not speak.");
  // biome-ignore lint/correctness/noUnreachable: a generator needs a yield.
  yield piece;
}
