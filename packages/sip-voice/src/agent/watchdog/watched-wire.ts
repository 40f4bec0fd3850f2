import { type ModelWire, openModelWire } from "../model/model-wire.ts";
import type { VoiceModelRequest } from "../model/voice-model.ts";
import { signsOfClient, signsOfModel } from "./model-sign.ts";
import { Watchdog } from "./watchdog.ts";

/** A wire to the model with a watchdog on it. */
export interface WatchedWire {
  readonly wire: ModelWire;
  readonly watchdog: Watchdog;
}

/**
 * Opens a wire to the model and has a watchdog look at what passes on it. Client libraries open connections one after the
 * other, and LiveKit's plugin opens two at the start: only the last one is watched.
 */
export async function openWatchedWire(baseUrl: string, request: VoiceModelRequest): Promise<WatchedWire> {
  const watchdog = new Watchdog({
    clock: request.clock,
    onLost: (failure) => request.onLost(failure),
    onLate: () => request.onLate(),
    onUnheard: () => request.onUnheard(),
    expectsWords: () => request.expectsWords(),
    onCallerVoice: (speaking) => request.onCallerVoice(speaking),
  });
  let last = 0;
  const wire = await openModelWire(baseUrl, {
    onReady: () => request.onReady(),
    onLost: (loss) => {
      watchdog.stop();
      request.onLost(loss);
    },
    onConnection: () => {
      last += 1;
      const connection = last;
      watchdog.connected();
      return {
        onMessage(from, text) {
          if (connection !== last) return;
          for (const sign of from === "client" ? signsOfClient(text) : signsOfModel(text)) watchdog.see(sign);
        },
        onLeft() {
          if (connection === last) watchdog.disconnected();
        },
      };
    },
  });
  return { wire, watchdog };
}
