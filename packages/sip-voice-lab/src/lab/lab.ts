import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clinic } from "@clinic/gemini-sip-agent/clinic";
import type { Language, MakeCallOptions } from "@clinic/sip-voice";
import { type ClinicDatabase, openClinicDatabase } from "@clinic/sip-voice/sqlite";
import { RoomAgentDispatch, RoomConfiguration, SIPTransport } from "@livekit/protocol";
import { RoomServiceClient, SipClient } from "livekit-server-sdk";
import {
  defaultClinicScript,
  type GeminiScript,
  type GeminiStandIn,
  startGeminiStandIn,
} from "../gemini-stand-in/index.ts";
import { type LiveKitServer, startLiveKitServer } from "../livekit-server/index.ts";
import { type SipStandIn, startSipStandIn } from "../sip-stand-in/index.ts";
import { Telephone } from "../telephone/index.ts";
import { type AgentWorker, startAgentWorker, type WorkerLine } from "./agent-worker.ts";
import { labCallingPolicy } from "./calling-policy.ts";
import { clinicNumbers, labClinicData, patientNumbers } from "./clinic-data.ts";
import { prepareOffline } from "./offline-prompts.ts";

/** How a lab is set up. */
export interface LabOptions {
  /** Told what is being done, for people who wait. */
  readonly onProgress?: (text: string) => void;
  /** Told every line that the agent's worker logs. */
  readonly onWorkerLine?: (line: WorkerLine) => void;
  /** Ends the starting. */
  readonly signal?: AbortSignal;
  /** How long the Gemini stand-in thinks, in milliseconds; 0 unless given. */
  readonly thinkTimeMs?: number;
  /** What the Gemini stand-in says; {@link defaultClinicScript} unless given. */
  readonly script?: GeminiScript;
  /** A key of the real Gemini, to use it in place of the stand-in. */
  readonly realGeminiKey?: string | undefined;
  /** More of the worker's environment, such as `SIP_VOICE_MOST_CALLS`. */
  readonly worker?: Readonly<Record<string, string>>;
  /** Languages whose fixed sentences are prepared; English unless given. */
  readonly promptLanguages?: readonly Language[];
  /** Do not start the agent's worker yet. */
  readonly withoutWorker?: boolean;
}

/** A whole clinic on one machine: LiveKit, telephones, stand-ins, the real agent worker and its database. */
export interface Lab {
  /** The real LiveKit server. */
  readonly server: LiveKitServer;
  /** The LiveKit SIP API stand-in: the address that clients and workers use. */
  readonly sip: SipStandIn;
  /** The Gemini Live stand-in; `undefined` with the real Gemini. */
  readonly gemini: GeminiStandIn | undefined;
  /** The clinic's database: the file that the worker uses. */
  readonly database: ClinicDatabase;
  /** The path of that file. */
  readonly databasePath: string;
  /** LiveKit's rooms. */
  readonly rooms: RoomServiceClient;
  /** The outbound trunk. */
  readonly outboundTrunkId: string;
  /** Everything that `makeCall` needs to call in this lab. */
  readonly callOptions: Pick<MakeCallOptions, "environment" | "policy">;
  /** The environment of the agent's worker. */
  readonly workerEnvironment: Readonly<Record<string, string>>;
  /** The worker; `undefined` while none runs. */
  readonly worker: AgentWorker | undefined;
  /** The telephone with a number; a new one when there is none. */
  telephone(number: string): Telephone;
  /** Starts the worker, with more environment, or of another entry file, where given. */
  startWorker(more?: Readonly<Record<string, string>>, file?: string): Promise<AgentWorker>;
  /** Ends the worker and all its processes. */
  stopWorker(): Promise<void>;
  /** Ends everything; nothing is left behind. Safe to call twice. */
  stop(): Promise<void>;
}

/** The name of the example's agent, as dispatch rules and `makeCall` name it. */
const agentName = "gemini-sip-agent";

/** Starts a lab. What was started is ended again when something fails on the way. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { onProgress = () => {}, signal } = options;
  const undo: (() => Promise<unknown>)[] = [];
  const unwind = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), "sip-voice-lab-"));
    // A program that is ended in the middle can't wait: what is on disk goes in the `exit` event then.
    const removeNow = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    process.once("exit", removeNow);
    undo.push(async () => {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      process.off("exit", removeNow);
    });
    onProgress("starting the LiveKit server");
    const server = await startLiveKitServer({ onProgress, ...(signal ? { signal } : {}) });
    undo.push(() => server.stop());
    signal?.throwIfAborted();
    const numbers = [...Object.values(patientNumbers), clinicNumbers.operator];
    const telephones = numbers.map((number) => new Telephone(number, { kind: "answers", afterMs: 500 }));
    const sip = await startSipStandIn({ livekit: server, telephones });
    undo.push(() => sip.stop());
    const gemini = options.realGeminiKey
      ? undefined
      : await startGeminiStandIn({
          script: options.script ?? defaultClinicScript,
          thinkTimeMs: options.thinkTimeMs ?? 0,
        });
    if (gemini) undo.push(() => gemini.stop());
    signal?.throwIfAborted();
    onProgress("preparing the fixed sentences");
    const prompts = join(folder, "prompts");
    await prepareOffline(clinic, options.promptLanguages ?? ["en-US"], prompts, signal);
    const databasePath = join(folder, "clinic.sqlite");
    const database = openClinicDatabase(databasePath);
    undo.push(async () => database.close());
    const { appointments, slots } = labClinicData(Date.now());
    await database.addSlots(slots);
    await database.addAppointments(appointments);
    const outboundTrunkId = await setUpTrunks(sip);
    const workerEnvironment = {
      LIVEKIT_URL: sip.url,
      LIVEKIT_API_KEY: sip.apiKey,
      LIVEKIT_API_SECRET: sip.apiSecret,
      GOOGLE_API_KEY: options.realGeminiKey ?? gemini?.apiKey ?? "",
      ...(gemini ? { GOOGLE_GEMINI_BASE_URL: gemini.baseUrl } : {}),
      SIP_VOICE_DB: databasePath,
      SIP_VOICE_PROMPTS: prompts,
      OPERATOR_PHONE_NUMBER: clinicNumbers.operator,
      // Nobody's lab is to depend on the hour at which it runs.
      OPERATOR_HOURS: "always",
      OUTBOUND_TRUNK_ID: outboundTrunkId,
      LOG_LEVEL: "debug",
      SIP_VOICE_MOST_CALLS: "4",
      ...options.worker,
    };
    let worker: AgentWorker | undefined;
    undo.push(async () => await worker?.stop());
    const { url, apiKey, apiSecret } = sip;
    const lab: Lab = {
      server,
      sip,
      gemini,
      database,
      databasePath,
      rooms: new RoomServiceClient(sip.httpUrl, apiKey, apiSecret),
      outboundTrunkId,
      callOptions: {
        policy: labCallingPolicy,
        environment: {
          LIVEKIT_URL: url,
          LIVEKIT_API_KEY: apiKey,
          LIVEKIT_API_SECRET: apiSecret,
          OUTBOUND_TRUNK_ID: outboundTrunkId,
          SIP_VOICE_DB: databasePath,
        },
      },
      workerEnvironment,
      get worker() {
        return worker;
      },
      telephone(number) {
        const known = sip.telephone(number);
        if (known) return known;
        const added = new Telephone(number, { kind: "answers", afterMs: 500 });
        sip.addTelephone(added);
        return added;
      },
      async startWorker(more = {}, file) {
        await worker?.stop();
        worker = await startAgentWorker(
          { ...workerEnvironment, ...more },
          options.onWorkerLine,
          signal,
          file,
        );
        return worker;
      },
      async stopWorker() {
        await worker?.stop();
        worker = undefined;
      },
      stop: unwind,
    };
    if (!options.withoutWorker) {
      onProgress("starting the agent's worker");
      await lab.startWorker();
    }
    signal?.throwIfAborted();
    return lab;
  } catch (error) {
    await unwind();
    throw error;
  }
}

/** The trunks and the dispatch rule that a clinic sets up once, made through LiveKit's own client. */
async function setUpTrunks(sip: SipStandIn): Promise<string> {
  const client = new SipClient(sip.httpUrl, sip.apiKey, sip.apiSecret);
  const inbound = await client.createSipInboundTrunk("clinic inbound", [clinicNumbers.inbound], {});
  await client.createSipDispatchRule(
    { type: "individual", roomPrefix: "call-" },
    {
      name: "calls to the clinic",
      trunkIds: [inbound.sipTrunkId],
      roomConfig: new RoomConfiguration({ agents: [new RoomAgentDispatch({ agentName })] }),
    },
  );
  const outbound = await client.createSipOutboundTrunk(
    "clinic outbound",
    "sip.example.test:5060",
    [clinicNumbers.inbound],
    {
      transport: SIPTransport.SIP_TRANSPORT_UDP,
    },
  );
  return outbound.sipTrunkId;
}
