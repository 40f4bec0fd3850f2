import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isUrl } from "@clinic/sip-voice";
import { sipConfigFiles } from "@clinic/sip-voice/trunks";
import type { CommandHost } from "../command-host.ts";
import { textOf, writeVariables, writeWhole } from "../environment-files.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Project } from "../project.ts";

interface Question {
  readonly file: ".env" | ".env.sip";
  readonly name: string;
  readonly question: string;
  readonly otherwise?: string;
  readonly secret?: true;
  readonly accepts?: (answer: string) => boolean;
  readonly remedy?: string;
}

const questions: readonly Question[] = [
  {
    ...{ file: ".env", name: "LIVEKIT_URL", question: "LiveKit's address" },
    accepts: (url) => isUrl(url, "ws", "wss"),
    remedy: "It begins with wss://, as in wss://example.livekit.cloud.",
  },
  { file: ".env", name: "LIVEKIT_API_KEY", question: "LiveKit API key" },
  { file: ".env", name: "LIVEKIT_API_SECRET", question: "LiveKit API secret", secret: true },
  { file: ".env", name: "GOOGLE_API_KEY", question: "Gemini API key", secret: true },
  { file: ".env", name: "SIP_VOICE_DB", question: "Path of the database", otherwise: "clinic.sqlite" },
  {
    ...{ file: ".env.sip", name: "TELNYX_PHONE_NUMBER", question: "The clinic's number at Telnyx" },
    accepts: (number) => /^\+[1-9]\d{6,14}$/.test(number),
    remedy: "Write plus, country code and number without spaces, as in +15105550100.",
  },
  {
    ...{ file: ".env.sip", name: "TELNYX_SIP_USER", question: "User name of the SIP connection" },
    accepts: (user) => !/[_\s]/.test(user),
    remedy: "Telnyx refuses calls of a user name with an underscore: choose another one in its portal.",
  },
  { file: ".env.sip", name: "TELNYX_SIP_PASSWORD", question: "Password of the SIP connection", secret: true },
  {
    ...{
      file: ".env.sip",
      name: "TELNYX_SIP_SERVER",
      question: "Telnyx's SIP server",
      otherwise: "sip.telnyx.com",
    },
    accepts: (host) => /^[a-z0-9][a-z0-9.-]*$/i.test(host),
    remedy: "Write the host alone: the port stands in outbound_trunk.json.",
  },
];

const mostTries = 3;
const templates = join(import.meta.dirname, "../../templates/sip_config");

/** Adds `init`. */
export function initCommand({ program, does }: CommandHost): void {
  does(
    program
      .command("init")
      .description("ask for what is needed, and write .env, .env.sip and sip_config/; what is there stays"),
    init,
  );
}

async function init(project: Project): Promise<ExitCode> {
  const answers: Record<Question["file"], Record<string, string>> = { ".env": {}, ".env.sip": {} };
  for (const one of questions) {
    const answer = await answerTo(project, one);
    if (answer === undefined) {
      project.err("\nThere was no usable answer: nothing was written.\n");
      return 2;
    }
    answers[one.file][one.name] = answer;
  }
  await mkdir(join(project.folder, "sip_config"), { recursive: true });
  const written: string[] = [];
  for (const file of [".env", ".env.sip"] as const) {
    await writeVariables(join(project.folder, file), answers[file]);
    written.push(file);
  }
  for (const { file } of Object.values(sipConfigFiles)) {
    const path = join(project.folder, "sip_config", file);
    if ((await textOf(path)) !== undefined) continue;
    await writeWhole(path, await readFile(join(templates, file), "utf8"));
    written.push(`sip_config/${file}`);
  }
  const next = "Next: `sip-voice doctor`, `sip-voice trunks plan`, `sip-voice trunks apply`.";
  project.show(
    { written },
    `Wrote ${written.join(", ")}. Keep .env and .env.sip out of your repository.\n${next}`,
  );
  return 0;
}

/** Asks until the answer can be used; an empty one keeps what is there. */
async function answerTo(project: Project, one: Question): Promise<string | undefined> {
  const current = project.variables[one.name] ?? one.otherwise;
  const hint = current === undefined ? "" : one.secret ? " [as it is]" : ` [${current}]`;
  for (let tries = 0; tries < mostTries; tries++) {
    const given = await project.ask(`${one.question}${hint}: `, { secret: one.secret === true });
    if (given === undefined) return undefined;
    const answer = given.trim() || current || "";
    if (answer !== "" && one.accepts?.(answer) !== false) return answer;
    project.err(`${answer === "" ? "It is needed." : (one.remedy ?? "It can't be used.")}\n`);
  }
  return undefined;
}
