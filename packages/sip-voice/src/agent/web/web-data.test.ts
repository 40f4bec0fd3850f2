import { EventEmitter } from "node:events";
import { type Room, RoomEvent } from "@livekit/rtc-node";
import { describe, expect, it, vi } from "vitest";
import { WebData } from "./web-data.ts";

/** A room as far as data goes; the real one needs a server. */
function roomWithData() {
  const publishData = vi.fn(async () => {});
  const room = Object.assign(new EventEmitter(), { localParticipant: { publishData } });
  return { room: room as unknown as Room, emitter: room, publishData };
}
const packet = new Uint8Array([1, 2, 3]);

describe("the data between the agent and its page", () => {
  it("listens to the one participant of the call, on the one topic, and to nobody else", () => {
    const { room, emitter } = roomWithData();
    const taps = vi.fn();
    new WebData(room, "visitor-1").onTap(taps);
    emitter.emit(RoomEvent.DataReceived, packet, { identity: "visitor-2" }, 1, "clinic.tap");
    emitter.emit(RoomEvent.DataReceived, packet, undefined, 1, "clinic.tap");
    emitter.emit(RoomEvent.DataReceived, packet, { identity: "visitor-1" }, 1, "lk-chat");
    emitter.emit(RoomEvent.DataReceived, packet, { identity: "visitor-1" }, 1, undefined);
    expect(taps).not.toHaveBeenCalled();
    emitter.emit(RoomEvent.DataReceived, packet, { identity: "visitor-1" }, 1, "clinic.tap");
    expect(taps).toHaveBeenCalledWith(packet);
  });

  it("sends reliably, and to nobody but the participant of the call", async () => {
    const { room, publishData } = roomWithData();
    await new WebData(room, "visitor-1").send(packet);
    expect(publishData).toHaveBeenCalledWith(packet, {
      reliable: true,
      topic: "clinic.view",
      destination_identities: ["visitor-1"],
    });
  });
});
