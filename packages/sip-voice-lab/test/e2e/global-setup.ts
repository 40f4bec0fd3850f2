import { findServer } from "../../src/livekit-server/index.ts";

const quietMs = 10_000;

/** Finds or builds the LiveKit server before any test's clock runs; a machine that can't have one is told what to install. */
export async function setup(): Promise<void> {
  let toldAt = Number.NEGATIVE_INFINITY;
  await findServer({
    onProgress: (text) => {
      if (performance.now() - toldAt < quietMs) return;
      toldAt = performance.now();
      process.stdout.write(`${text}\n`);
    },
  });
}
