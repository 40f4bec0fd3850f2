import { describe, expect, it, vi } from "vitest";
import type { RoomGateway, TransferResult } from "../../outbound/room-gateway.ts";
import { parsePhoneNumber } from "../../phone/phone-number.ts";
import { simulatedClock } from "../../testing/index.ts";
import { refer } from "./operator-refer.ts";

const to = parsePhoneNumber("+15105550199");

type Members = readonly string[] | "unavailable";

/** A REFER that ends with `result`, in a room whose members are told at each look; the last ones stay. */
function referral(result: TransferResult, looks: readonly Members[] = []) {
  const clock = simulatedClock();
  const transfer = vi.fn<RoomGateway["transfer"]>(async () => result);
  let look = 0;
  const participants = vi.fn<RoomGateway["participants"]>(async () => {
    const members = looks[Math.min(look++, looks.length - 1)] ?? [];
    if (members === "unavailable") throw new Error("LiveKit is away");
    return members.map((identity) => ({ identity, kind: 3 }));
  });
  const rooms = { transfer, participants } as unknown as RoomGateway;
  const ended = refer({
    rooms,
    roomName: "call-1",
    identity: "phone-1",
    to,
    ringingTimeoutSeconds: 20,
    clock,
  });
  return { clock, ended, transfer, participants };
}

const lost: TransferResult = { transferred: false, reason: "unknown" };
const here = ["agent-1", "phone-1"];

describe("a REFER", () => {
  it.each([
    [{ transferred: true }, "reached"],
    [{ transferred: false, reason: "busy" }, "busy"],
    [{ transferred: false, reason: "no-answer" }, "no-answer"],
    [{ transferred: false, reason: "refused" }, "refused"],
  ] as const)("that ends with %j is %s, and the room is not asked", async (result, expected) => {
    const { ended, transfer, participants } = referral(result);
    expect(await ended).toBe(expected);
    expect(transfer).toHaveBeenCalledExactlyOnceWith("call-1", "phone-1", to, 20);
    expect(participants).not.toHaveBeenCalled();
  });

  it.each<[string, readonly Members[], string]>([
    ["the telephone has left already", [["agent-1"]], "reached"],
    ["the telephone leaves after a while", [here, here, here, ["agent-1"]], "reached"],
    ["LiveKit can't be asked at first", ["unavailable", "unavailable", ["agent-1"]], "reached"],
    ["the telephone stays", [here], "no-answer"],
    ["LiveKit can never be asked", ["unavailable"], "unknown"],
    ["the room is gone with everybody in it", [here, []], "unknown"],
  ])("whose end was not told, and %s", async (_, looks, expected) => {
    const { clock, ended, transfer } = referral(lost, looks);
    await clock.advance(60_000);
    expect(await ended).toBe(expected);
    // Never a second one: it could ring the operator twice.
    expect(transfer).toHaveBeenCalledOnce();
  });

  it("whose answer was lost at once may still be ringing: the room is looked at until that is over", async () => {
    const looks = Array.from({ length: 50 }, () => here);
    const { clock, ended } = referral(lost, [...looks, ["agent-1"]]);
    await clock.advance(25_000);
    expect(await ended).toBe("reached");
  });

  it("is looked after for a bounded time", async () => {
    const { clock, ended, participants } = referral(lost, [here]);
    const began = clock.now();
    let until = 0;
    void ended.then(() => {
      until = clock.now();
    });
    await clock.advance(300_000);
    expect(until - began).toBe(30_000);
    expect(participants.mock.calls.length).toBeLessThanOrEqual(62);
  });
});
