import { EventEmitter } from "node:events";
import { type RemoteParticipant, type Room, RoomEvent } from "@livekit/rtc-node";
import { describe, expect, it, vi } from "vitest";
import { simulatedClock } from "../../testing/index.ts";
import { callStatusOf, waitForOtherParty, waitUntilActive } from "./other-party.ts";

/** Stands in for a LiveKit room: its events and who is in it. */
class FakeRoom extends EventEmitter {
  readonly remoteParticipants = new Map<string, RemoteParticipant>();
  readonly asRoom = this as unknown as Room;
  /** A room that somebody is in. */
  static of(participant: RemoteParticipant): FakeRoom {
    const room = new FakeRoom();
    room.join(participant);
    return room;
  }
  leave(participant: RemoteParticipant): void {
    this.remoteParticipants.delete(participant.identity);
    this.emit(RoomEvent.ParticipantDisconnected, participant);
  }
  join(participant: RemoteParticipant): void {
    this.remoteParticipants.set(participant.identity, participant);
    this.emit(RoomEvent.ParticipantConnected, participant);
  }
}

const kinds = { standard: 0, ingress: 1, egress: 2, sip: 3, agent: 4, connector: 5, bridge: 6 } as const;

function participant(
  kind: keyof typeof kinds,
  status?: string,
  more: Partial<Record<"identity", string>> = {},
): RemoteParticipant & { attributes: Record<string, string> } {
  const attributes = status === undefined ? {} : { "sip.callStatus": status };
  const made = { identity: `${kind}-1`, kind: kinds[kind], info: { kind: kinds[kind] }, attributes, ...more };
  return made as unknown as RemoteParticipant & { attributes: Record<string, string> };
}

const going = () => new AbortController().signal;

describe("waitForOtherParty", () => {
  it.each(["sip", "standard"] as const)("finds a %s participant who is there already", async (kind) => {
    const room = new FakeRoom();
    room.join(participant("agent"));
    const other = participant(kind);
    room.join(other);
    const clock = simulatedClock();
    expect(await waitForOtherParty(room.asRoom, clock, 1_000, going())).toBe(other);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each(["sip", "standard"] as const)(
    "waits for a %s participant, and leaves nothing behind",
    async (kind) => {
      const room = new FakeRoom();
      const clock = simulatedClock();
      const found = waitForOtherParty(room.asRoom, clock, 1_000, going());
      await clock.advance(999);
      const other = participant(kind);
      room.join(other);
      expect(await found).toBe(other);
      expect(clock.pendingTimers).toBe(0);
      expect(room.eventNames()).toEqual([]);
    },
  );

  it("knows a telephone also where only the info tells the kind", async () => {
    const room = new FakeRoom();
    const other = { ...participant("sip"), kind: undefined } as unknown as RemoteParticipant;
    room.join(other);
    expect(await waitForOtherParty(room.asRoom, simulatedClock(), 1_000, going())).toBe(other);
  });

  it.each(["ingress", "egress", "agent", "connector", "bridge"] as const)(
    "does not take a participant of kind %s for the other party",
    async (kind) => {
      const room = new FakeRoom();
      const clock = simulatedClock();
      room.join(participant(kind));
      const found = waitForOtherParty(room.asRoom, clock, 1_000, going());
      room.join(participant(kind, undefined, { identity: "another" }));
      await clock.advance(1_000);
      expect(await found).toBeUndefined();
    },
  );

  it("gives up when nobody came in time", async () => {
    const room = new FakeRoom();
    const clock = simulatedClock();
    const told = vi.fn();
    void waitForOtherParty(room.asRoom, clock, 30_000, going()).then(told);
    await clock.advance(29_999);
    expect(told).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(told).toHaveBeenCalledExactlyOnceWith(undefined);
    expect(room.eventNames()).toEqual([]);
  });

  it("gives up when the room goes, at once", async () => {
    const room = new FakeRoom();
    const clock = simulatedClock();
    const over = new AbortController();
    const found = waitForOtherParty(room.asRoom, clock, 30_000, over.signal);
    over.abort();
    expect(await found).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
    expect(room.eventNames()).toEqual([]);
  });

  it("finds nobody in a room that is gone, though it still lists who was there", async () => {
    const room = new FakeRoom();
    room.join(participant("sip"));
    expect(
      await waitForOtherParty(room.asRoom, simulatedClock(), 1_000, AbortSignal.abort()),
    ).toBeUndefined();
  });
});

describe("callStatusOf", () => {
  it.each([
    ["sip", "dialing", "dialing"],
    ["sip", "something-new", "something-new"],
    ["standard", undefined, "active"],
  ] as const)("of a %s participant with %s is %s", (kind, status, seen) => {
    expect(callStatusOf(participant(kind, status))).toBe(seen);
  });
});

describe("waitUntilActive", () => {
  /** Changes the status, as the server does. */
  function become(room: FakeRoom, who: ReturnType<typeof participant>, status: string): void {
    who.attributes["sip.callStatus"] = status;
    room.emit(RoomEvent.ParticipantAttributesChanged, { "sip.callStatus": status }, who);
  }

  it.each([participant("sip", "active"), participant("standard")])(
    "is over at once for $identity",
    async (who) => {
      const room = FakeRoom.of(who);
      const clock = simulatedClock();
      expect(await waitUntilActive(room.asRoom, who, clock, 1_000, going())).toBe(true);
      expect(clock.pendingTimers).toBe(0);
      expect(room.eventNames()).toEqual([]);
    },
  );

  it("goes by the status, through dialing and ringing, and not by the joining", async () => {
    const who = participant("sip", "dialing");
    const room = FakeRoom.of(who);
    const clock = simulatedClock();
    const told = vi.fn();
    void waitUntilActive(room.asRoom, who, clock, 100_000, going()).then(told);
    for (const status of ["ringing", "automation", "something-new"]) {
      become(room, who, status);
      await clock.advance(5_000);
    }
    expect(told).not.toHaveBeenCalled();
    become(room, who, "active");
    await clock.advance(0);
    expect(told).toHaveBeenCalledExactlyOnceWith(true);
    expect(clock.pendingTimers).toBe(0);
    expect(room.eventNames()).toEqual([]);
  });

  it("gives up after the time that it was given", async () => {
    const who = participant("sip", "ringing");
    const room = FakeRoom.of(who);
    const clock = simulatedClock();
    const answered = waitUntilActive(room.asRoom, who, clock, 30_000, going());
    await clock.advance(30_000);
    expect(await answered).toBe(false);
    expect(room.eventNames()).toEqual([]);
  });

  it("gives up when the room goes, also when the call is up at that moment", async () => {
    const who = participant("sip", "ringing");
    const room = FakeRoom.of(who);
    const over = new AbortController();
    const answered = waitUntilActive(room.asRoom, who, simulatedClock(), 30_000, over.signal);
    over.abort();
    become(room, who, "active");
    expect(await answered).toBe(false);
    expect(await waitUntilActive(room.asRoom, who, simulatedClock(), 1_000, AbortSignal.abort())).toBe(false);
  });

  it.each([
    {
      name: "hung up",
      leave: (room: FakeRoom, who: ReturnType<typeof participant>) => become(room, who, "hangup"),
    },
    {
      name: "left the room",
      leave: (room: FakeRoom, who: ReturnType<typeof participant>) => room.leave(who),
    },
  ])("gives up when the telephone $name before it was answered", async ({ leave }) => {
    const who = participant("sip", "ringing");
    const room = FakeRoom.of(who);
    const clock = simulatedClock();
    const told = vi.fn();
    void waitUntilActive(room.asRoom, who, clock, 100_000, going()).then(told);
    room.leave(participant("agent"));
    await clock.advance(1);
    expect(told).not.toHaveBeenCalled();
    leave(room, who);
    await clock.advance(0);
    expect(told).toHaveBeenCalledExactlyOnceWith(false);
    expect(room.eventNames()).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([participant("sip", "ringing"), participant("sip", "active"), participant("standard")])(
    "gives up at once when $identity left before anybody waited",
    async (who) => {
      const room = new FakeRoom();
      const clock = simulatedClock();
      expect(await waitUntilActive(room.asRoom, who, clock, 100_000, going())).toBe(false);
      expect(clock.pendingTimers).toBe(0);
    },
  );
});
