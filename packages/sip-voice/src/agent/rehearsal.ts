import { Room } from "@livekit/rtc-node";
import { detectSipParticipant } from "../sip/detect-sip-participant.ts";
import { participantKind } from "../sip/participant-kind.ts";
import { sipAttribute } from "../sip/sip-attributes.ts";
import { PromptPlayer } from "./speech/prompt-player.ts";

const sampleRate = 24_000;
const silenceMs = 60;

/**
 * Does once, without a room, what is slow when a process does it for the first time: the native library's threads and its
 * audio, its messages, the tables of telephone numbers. A caller would wait for it otherwise.
 */
export async function rehearseCall(): Promise<void> {
  detectSipParticipant({
    kind: participantKind.sip,
    attributes: {
      [sipAttribute.phoneNumber]: "+15105550100",
      [sipAttribute.trunkPhoneNumber]: "+15105550101",
    },
  });
  const player = new PromptPlayer();
  // A room that was never joined takes no track, but the track is made.
  await player.publish(new Room());
  await player.play({ samples: new Int16Array((sampleRate * silenceMs) / 1000), sampleRate });
  await player.close();
}
