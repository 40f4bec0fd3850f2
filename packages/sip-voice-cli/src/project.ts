import { join } from "node:path";
import { isUrl, readEnvironment } from "@clinic/sip-voice";
import { type LiveKitConnection, liveKitSipSetup } from "@clinic/sip-voice/livekit";
import {
  checkSipConfig,
  type KnownTrunkIds,
  readSipConfig,
  type SipConfigReading,
  type SipFinding,
  type SipSetup,
  sipConfigFiles,
  sipFindingLine,
} from "@clinic/sip-voice/trunks";
import { readEnvironmentFiles, textOf } from "./environment-files.ts";
import type { Surroundings } from "./surroundings.ts";

/** A folder with `.env`, `.env.sip` and `sip_config/`, and how to speak with whoever runs the command. */
export interface Project extends Surroundings {
  /** The environment of the files and the process. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Whether one JSON document is wanted. */
  readonly json: boolean;
  /** Prints the result: the document, or the text for people. */
  show(document: unknown, text: string): void;
  /** Where LiveKit is. @throws SipVoiceError `invalid-environment` */
  connection(): LiveKitConnection;
  /** LiveKit's SIP resources. @throws SipVoiceError `invalid-environment` */
  sipSetup(): Promise<SipSetup>;
  /** The files of `sip_config/` and everything that is wrong with them. */
  sipConfig(): Promise<{ readonly reading: SipConfigReading; readonly findings: readonly SipFinding[] }>;
  /** The ids in `.env.sip`. */
  readonly known: KnownTrunkIds;
  /** The name under which the agent's worker registers. */
  readonly agentName: string;
}

/** Opens the project in the folder of the surroundings. */
export async function openProject(surroundings: Surroundings, json: boolean): Promise<Project> {
  const { folder } = surroundings;
  const variables = await readEnvironmentFiles(folder, surroundings.environment);
  const agentName = variables.SIP_VOICE_AGENT ?? "gemini-sip-agent";
  const connection = (): LiveKitConnection => {
    const { LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET } = readEnvironment(liveKitVariables, variables);
    return { url: LIVEKIT_URL, apiKey: LIVEKIT_API_KEY, apiSecret: LIVEKIT_API_SECRET };
  };
  return {
    ...surroundings,
    variables,
    json,
    agentName,
    known: { INBOUND_TRUNK_ID: variables.INBOUND_TRUNK_ID, OUTBOUND_TRUNK_ID: variables.OUTBOUND_TRUNK_ID },
    show: (document, text) => surroundings.out(json ? `${JSON.stringify(document)}\n` : `${text}\n`),
    connection,
    sipSetup: () => liveKitSipSetup(connection()),
    async sipConfig() {
      const texts: Record<string, string | undefined> = {};
      for (const { file } of Object.values(sipConfigFiles))
        texts[file] = await textOf(join(folder, "sip_config", file));
      const reading = readSipConfig(texts, variables);
      return { reading, findings: [...reading.findings, ...checkSipConfig(reading, { agentName })] };
    },
  };
}

const settings = "Copy it from your LiveKit project's settings.";

/** How a LiveKit server is reached. */
export const liveKitVariables = {
  LIVEKIT_URL: {
    remedy: "Set it to your LiveKit server, as in wss://example.livekit.cloud.",
    accepts: (url: string) => isUrl(url, "ws", "wss", "http", "https"),
  },
  LIVEKIT_API_KEY: { remedy: settings },
  LIVEKIT_API_SECRET: { remedy: settings },
} as const;

/** Findings as lines, the errors first. */
export function findingLines(findings: readonly SipFinding[]): string {
  const sorted = [...findings].sort((one, other) => one.severity.localeCompare(other.severity));
  return sorted.map((finding) => `${finding.severity}: ${sipFindingLine(finding)}\n`).join("");
}
