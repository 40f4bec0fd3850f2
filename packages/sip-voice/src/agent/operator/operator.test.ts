import type { Room } from "@livekit/rtc-node";
import { describe, expect, it, vi } from "vitest";
import { silentLogger } from "../../log/logger.ts";
import type { RoomGateway } from "../../outbound/room-gateway.ts";
import { simulatedClock } from "../../testing/index.ts";
import type { CallLine } from "../call/call-line.ts";
import { Operator } from "./operator.ts";
import type { BridgedAgent } from "./operator-bridge.ts";
import { type OperatorOptions, operatorPlan } from "./operator-options.ts";

const phone = { identity: "phone-1", kind: 3, attributes: {} };
const browser = { identity: "web-1", kind: 0, attributes: {} };

function operator(
  options: Partial<OperatorOptions> | undefined,
  line: { party?: object; roomName?: string } = { party: phone, roomName: "call-1" },
) {
  const transfer = vi.fn<RoomGateway["transfer"]>(async () => ({ transferred: true }));
  const reached = new Operator({
    plan: options && operatorPlan({ phoneNumber: "+15105550199", ...options }),
    room: {} as Room,
    line: line as unknown as CallLine,
    rooms: { transfer } as unknown as RoomGateway,
    dialer: undefined,
    agent: {} as BridgedAgent,
    clock: simulatedClock(),
    logger: silentLogger,
  });
  return { operator: reached, transfer };
}

/** The simulated clock begins on a Monday, at 18:00 UTC. */
const hoursTo = (to: string) => ({ timeZone: "UTC", week: { 1: [{ from: "08:00", to }] } });

describe("an operator", () => {
  it("is handed a telephone by REFER, with the ringing that the clinic wants", async () => {
    const { operator: reached, transfer } = operator({ ringingTimeoutSeconds: 15 });
    expect(await reached.reach()).toEqual({ reached: true, by: "refer" });
    expect(transfer).toHaveBeenCalledExactlyOnceWith("call-1", "phone-1", "+15105550199", 15);
  });

  it("is handed a telephone by REFER where the backend can't dial", async () => {
    const { operator: reached, transfer } = operator({ method: "bridge" });
    expect(await reached.reach()).toEqual({ reached: true, by: "refer" });
    expect(transfer).toHaveBeenCalledOnce();
  });

  it("who is not there is not rung", async () => {
    const { operator: reached, transfer } = operator({ openingHours: hoursTo("18:00") });
    expect(await reached.reach()).toEqual({ reached: false, reason: "closed" });
    expect(transfer).not.toHaveBeenCalled();
  });

  it("who is there is rung", async () => {
    const { operator: reached } = operator({ openingHours: hoursTo("18:01") });
    expect(await reached.reach()).toMatchObject({ reached: true });
  });

  it.each([
    ["where the clinic has none", undefined, { party: phone, roomName: "call-1" }],
    ["for a browser, which has no telephone line", {}, { party: browser, roomName: "call-1" }],
    ["while nobody is on the line", {}, { roomName: "call-1" }],
    ["in a room without a name", {}, { party: phone, roomName: "" }],
  ])("is not to be reached %s", async (_, options, line) => {
    const { operator: reached, transfer } = operator(options, line);
    expect(await reached.reach()).toEqual({ reached: false, reason: "no-operator" });
    expect(transfer).not.toHaveBeenCalled();
  });
});
