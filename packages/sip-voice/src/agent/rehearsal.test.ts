import { expect, it, vi } from "vitest";
import { rehearseCall } from "./rehearsal.ts";
import { PromptPlayer } from "./speech/prompt-player.ts";

it("plays what nobody hears to its end, without a room", async () => {
  const play = vi.spyOn(PromptPlayer.prototype, "play");
  const close = vi.spyOn(PromptPlayer.prototype, "close");
  await rehearseCall();
  await expect(play.mock.results[0]?.value).resolves.toBe(true);
  expect(close).toHaveBeenCalledOnce();
  vi.restoreAllMocks();
});
