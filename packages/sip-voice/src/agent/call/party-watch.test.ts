import { expect, it } from "vitest";
import { simulatedClock } from "../../testing/index.ts";
import { watchParty } from "./party-watch.ts";

const phone = { identity: "phone-1", kind: 3, attributes: {} };
const agent = { identity: "agent-1", kind: 4, attributes: {} };

function watched(answers: readonly (readonly (typeof phone)[] | Error)[]) {
  const clock = simulatedClock();
  const over = new AbortController();
  let asked = 0;
  const rooms = {
    async participants(roomName: string) {
      expect(roomName).toBe("call-1");
      const answer = answers[Math.min(asked++, answers.length - 1)] ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const left = watchParty({ rooms, roomName: "call-1", identity: "phone-1", clock, over: over.signal });
  return { clock, left, over, asked: () => asked };
}

it.each([
  { name: "the telephone is gone", last: [agent], by: "patient" },
  { name: "the room is gone", last: [], by: "room-closed" },
])("tells that $name, however often the server failed to answer before", async ({ last, by }) => {
  const { clock, left } = watched([[phone, agent], new Error("LiveKit is gone"), [phone, agent], last]);
  await clock.advance(8_000);
  expect(await left).toBe(by);
  expect(clock.pendingTimers).toBe(0);
});

it("ends with the call, and leaves nothing behind", async () => {
  const { clock, left, over, asked } = watched([[phone]]);
  await clock.advance(4_000);
  over.abort();
  expect(await left).toBeUndefined();
  await clock.advance(10_000);
  expect(asked()).toBe(2);
  expect(clock.pendingTimers).toBe(0);
});
