/** The agent to be compared with: the usual lines of an agents-js voice agent, which greets through the model. */
import { fileURLToPath } from "node:url";
import { cli, defineAgent, ServerOptions, voice } from "@livekit/agents";
import * as google from "@livekit/agents-plugin-google";
import { bareAgentName } from "../agent-name.ts";

export default defineAgent({
  entry: async (ctx) => {
    const session = new voice.AgentSession({
      llm: new google.realtime.RealtimeModel({
        apiKey: process.env.GOOGLE_API_KEY ?? "",
        voice: "Puck",
        httpOptions: { baseUrl: process.env.GOOGLE_GEMINI_BASE_URL ?? "" },
      }),
      turnHandling: { turnDetection: null },
    });
    const agent = new voice.Agent({ instructions: "You are the assistant of a clinic." });
    // Connects to the room as well, and does both at once.
    await session.start({ agent, room: ctx.room });
    session.generateReply({ instructions: "Greet the caller." });
  },
});

const file = fileURLToPath(import.meta.url);
if (process.argv[1] === file)
  cli.runApp(
    new ServerOptions({
      agent: file,
      agentName: bareAgentName,
      numIdleProcesses: 1,
      // A busy machine would keep its calls away altogether.
      loadFunc: async () => 0,
      host: "127.0.0.1",
      port: "0" as unknown as number,
      logLevel: "debug",
    }),
  );
