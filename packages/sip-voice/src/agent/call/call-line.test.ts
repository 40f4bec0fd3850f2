import { EventEmitter } from "node:events";
import type { JobContext } from "@livekit/agents";
import { DisconnectReason, type RemoteParticipant, RoomEvent } from "@livekit/rtc-node";
import { describe, expect, it, vi } from "vitest";
import { CallLine } from "./call-line.ts";

/** A line over a stand-in for the LiveKit room: its events and its name. */
function lineOver(name: string | undefined = "call-1") {
  const room = Object.assign(new EventEmitter(), { name });
  const line = new CallLine({ room } as unknown as JobContext);
  return {
    line,
    press: (digit: string, who?: RemoteParticipant) => room.emit(RoomEvent.DtmfReceived, 0, digit, who),
    leave: (who: RemoteParticipant) => room.emit(RoomEvent.ParticipantDisconnected, who),
    changed: (who: RemoteParticipant) => room.emit(RoomEvent.ParticipantAttributesChanged, {}, who),
    disconnect: (reason: DisconnectReason) => room.emit(RoomEvent.Disconnected, reason),
  };
}

function member(identity: string, more: object = {}): RemoteParticipant {
  return {
    identity,
    kind: 3,
    attributes: { "sip.phoneNumber": "+15105550111" },
    ...more,
  } as unknown as RemoteParticipant;
}

const phone = member("phone-1");

describe("a call line's keys", () => {
  it("that came early are kept and come first, in order", () => {
    const { line, press } = lineOver();
    const heard: string[] = [];
    press("1", phone);
    line.take(phone, () => {});
    press("2", phone);
    line.onDigit((digit) => heard.push(digit));
    press("0", phone);
    expect(heard).toEqual(["1", "2", "0"]);
  });

  it("come once", () => {
    const { line, press } = lineOver();
    press("1", phone);
    line.onDigit(() => {});
    const again = vi.fn();
    line.onDigit(again);
    expect(again).not.toHaveBeenCalled();
  });

  it("of somebody else in the room are not taken for the caller's", () => {
    const { line, press } = lineOver();
    const heard = vi.fn();
    line.take(phone, () => {});
    line.onDigit(heard);
    press("1", member("phone-2"));
    expect(heard).not.toHaveBeenCalled();
  });

  it("count also where the room does not say whose they are", () => {
    const { line, press } = lineOver();
    const heard = vi.fn();
    line.take(phone, () => {});
    line.onDigit(heard);
    press("1");
    expect(heard).toHaveBeenCalledExactlyOnceWith("1");
  });
});

describe("a call line's end", () => {
  it.each([
    { reason: DisconnectReason.ROOM_DELETED, by: "room-closed" },
    { reason: DisconnectReason.CLIENT_INITIATED, by: "patient" },
    { reason: DisconnectReason.SIGNAL_CLOSE, by: "patient" },
    { reason: undefined, by: "patient" },
  ])("is by $by when the telephone left for reason $reason", ({ reason, by }) => {
    const { line, leave } = lineOver();
    const left = vi.fn();
    line.take(phone, left);
    leave(member("phone-1", { disconnectReason: reason }));
    expect(left).toHaveBeenCalledExactlyOnceWith(by);
  });

  it("is not when a page comes back as itself over a new connection", () => {
    const { line, leave } = lineOver();
    const left = vi.fn();
    const page = member("visitor-1", { kind: 0, attributes: {} });
    line.take(page, left);
    leave(page);
    expect(left).not.toHaveBeenCalled();
    leave(member("visitor-1", { kind: 0, disconnectReason: DisconnectReason.CLIENT_INITIATED }));
    expect(left).toHaveBeenCalledExactlyOnceWith("patient");
  });

  it("is by the patient when the telephone says that it hung up", () => {
    const { line, changed } = lineOver();
    const left = vi.fn();
    line.take(phone, left);
    changed(member("phone-1", { attributes: { "sip.callStatus": "active" } }));
    expect(left).not.toHaveBeenCalled();
    changed(member("phone-1", { attributes: { "sip.callStatus": "hangup" } }));
    expect(left).toHaveBeenCalledExactlyOnceWith("patient");
  });

  it("is not somebody else's leaving", () => {
    const { line, changed, leave } = lineOver();
    const left = vi.fn();
    leave(member("phone-2"));
    line.take(phone, left);
    leave(member("phone-2"));
    changed(member("phone-2", { attributes: { "sip.callStatus": "hangup" } }));
    expect(left).not.toHaveBeenCalled();
    expect(line.over.aborted).toBe(false);
  });

  it.each([
    { reason: DisconnectReason.ROOM_DELETED, closedBy: "room-closed" },
    { reason: DisconnectReason.CLIENT_INITIATED, closedBy: "worker-stopped" },
  ])("is $closedBy when the agent's own connection ends with reason $reason", ({ reason, closedBy }) => {
    const { line, disconnect } = lineOver();
    disconnect(reason);
    expect(line.over.aborted).toBe(true);
    expect(line.closedBy).toBe(closedBy);
  });

  it("is when it is dropped", () => {
    const { line } = lineOver();
    line.drop();
    expect(line.over.aborted).toBe(true);
  });
});

describe("a call line's number", () => {
  it.each([
    { name: "the telephone's", who: phone, number: "+15105550111" },
    { name: "none when it is hidden", who: member("phone-1", { attributes: {} }), number: undefined },
    { name: "none of a browser that says it is one", who: member("phone-1", { kind: 0 }), number: undefined },
    { name: "none before anybody came", who: undefined, number: undefined },
  ])("is $name", ({ who, number }) => {
    const { line } = lineOver();
    if (who) line.take(who, () => {});
    expect(line.phoneNumber).toBe(number);
  });
});
