/**
 * The agent to be compared with for calls that go out: the shape of LiveKit's outbound example. It dials, starts its
 * session meanwhile, and greets through the model once the telephone is answered.
 */
import { fileURLToPath } from "node:url";
import { cli, defineAgent, ServerOptions, voice } from "@livekit/agents";
import * as google from "@livekit/agents-plugin-google";
import { SipClient } from "livekit-server-sdk";
import { dialAndStartAgentName } from "../agent-name.ts";

const { LIVEKIT_URL = "", LIVEKIT_API_KEY, LIVEKIT_API_SECRET } = process.env;
const sip = new SipClient(LIVEKIT_URL.replace(/^ws/, "http"), LIVEKIT_API_KEY, LIVEKIT_API_SECRET);

export default defineAgent({
  entry: async (ctx) => {
    const { phoneNumber, trunkId } = JSON.parse(ctx.job.metadata) as { phoneNumber: string; trunkId: string };
    await ctx.connect();
    const session = new voice.AgentSession({
      llm: new google.realtime.RealtimeModel({
        apiKey: process.env.GOOGLE_API_KEY ?? "",
        voice: "Puck",
        httpOptions: { baseUrl: process.env.GOOGLE_GEMINI_BASE_URL ?? "" },
      }),
      turnHandling: { turnDetection: null },
    });
    const agent = new voice.Agent({ instructions: "You are the assistant of a clinic." });
    const started = session.start({ agent, room: ctx.room });
    await sip.createSipParticipant(trunkId, phoneNumber, ctx.room.name ?? "", {
      participantIdentity: phoneNumber,
      waitUntilAnswered: true,
    });
    await started;
    await ctx.waitForParticipant(phoneNumber);
    session.generateReply({ instructions: "Greet the patient." });
  },
});

const file = fileURLToPath(import.meta.url);
if (process.argv[1] === file)
  cli.runApp(
    new ServerOptions({
      agent: file,
      agentName: dialAndStartAgentName,
      numIdleProcesses: 1,
      // A busy machine would keep its calls away altogether.
      loadFunc: async () => 0,
      host: "127.0.0.1",
      port: "0" as unknown as number,
      logLevel: "debug",
    }),
  );
