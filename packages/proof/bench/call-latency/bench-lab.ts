import { fileURLToPath } from "node:url";
import { type GeminiScript, type GeminiStandIn, type Lab, startAgentWorker } from "@clinic/sip-voice-lab";
import { RoomAgentDispatch, RoomConfiguration, SipClient } from "livekit-server-sdk";
import { type RunContext, startRunLab } from "../../src/run-context.ts";
import { bareAgentName } from "./agent-name.ts";
import { BenchWorker } from "./bench-worker.ts";

/** The number that leads to the bare agent. */
export const bareNumber = "+17205550175";

/** Every agent's model says the same few words, whatever it is asked. */
const script: GeminiScript = {
  rules: [{ when: { instruction: /another time with a key/i }, say: "Which day?" }],
  otherwise: { say: "Hello, this is the clinic." },
};

/** The lab of the bench, with our worker and those that it is compared with. */
export interface BenchLab {
  readonly lab: Lab;
  readonly gemini: GeminiStandIn;
  readonly ours: BenchWorker;
  readonly bare: BenchWorker;
  readonly dialAndStart: BenchWorker;
}

/** Starts it. */
export async function startBenchLab(context: RunContext): Promise<BenchLab> {
  const ours = new BenchWorker();
  const lab = await startRunLab(context, { script, withoutWorker: true, onWorkerLine: ours.onLine });
  if (!lab.gemini) throw new Error("The bench needs the Gemini stand-in.");
  await leadTo(lab, bareNumber, bareAgentName);
  context.progress("starting our worker and those that it is compared with");
  ours.take(await lab.startWorker({ SIP_VOICE_IDLE_PROCESSES: "1" }));
  const bare = await startPeer(context, lab, "./bare-agent/worker.ts");
  const dialAndStart = await startPeer(context, lab, "./dial-and-start-agent/worker.ts");
  return { lab, gemini: lab.gemini, ours, bare, dialAndStart };
}

async function startPeer({ signal, onEnd }: RunContext, lab: Lab, file: string): Promise<BenchWorker> {
  const peer = new BenchWorker();
  const agentFile = fileURLToPath(import.meta.resolve(file));
  const worker = await startAgentWorker(lab.workerEnvironment, peer.onLine, signal, agentFile);
  onEnd(() => worker.stop());
  return peer.take(worker);
}

/** Has calls to a number answered by an agent, as the clinic's number is by ours. */
async function leadTo(lab: Lab, number: string, agentName: string): Promise<void> {
  const client = new SipClient(lab.sip.httpUrl, lab.sip.apiKey, lab.sip.apiSecret);
  const trunk = await client.createSipInboundTrunk(agentName, [number], {});
  await client.createSipDispatchRule(
    { type: "individual", roomPrefix: "call-" },
    {
      name: agentName,
      trunkIds: [trunk.sipTrunkId],
      roomConfig: new RoomConfiguration({ agents: [new RoomAgentDispatch({ agentName })] }),
    },
  );
}
