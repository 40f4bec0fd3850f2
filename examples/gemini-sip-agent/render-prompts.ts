import {
  type Language,
  plainRenderReport,
  type RenderPromptsReport,
  renderingLine,
  renderPrompts,
  SipVoiceError,
} from "@clinic/sip-voice";
import { geminiPromptVoice, promptFolder } from "@clinic/sip-voice/agent";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { clinic } from "./clinic.ts";
import { readPromptEnvironment } from "./environment.ts";
import { onFirstInterrupt } from "./interrupt.ts";

const help = `
The sentences are those of clinic.ts, in all of its languages. They are spoken by Gemini's text-to-speech (GOOGLE_API_KEY) and
kept as WAV files in the folder that SIP_VOICE_PROMPTS names ("prompts" unless set), which the agent reads when it starts.

Run it again whenever you like: what the same voice has spoken stays, and so do recordings that you put there yourself.
GEMINI_TTS_MODEL and GEMINI_VOICE choose another model or voice; all sentences are then spoken anew.

Ctrl-C stops. What is there stays, and no file is left half.

Exit code:
  0  every sentence has its sound
  1  not every sentence: some failed, or are missing (--check, --dry-run), or the run was stopped
  2  nothing was done: the command, the environment or the folder is wrong`;

const languages = Object.keys(clinic.prompts) as Language[];

function addLanguage(tag: string, chosen: readonly Language[] = []): readonly Language[] {
  const language = languages.find((one) => one.toLowerCase() === tag.toLowerCase());
  if (!language) throw new InvalidArgumentError(`The clinic speaks ${languages.join(" and ")}.`);
  return [...chosen, language];
}

function fewAtOnce(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 16) throw new InvalidArgumentError("Give 1 to 16.");
  return value;
}

interface Options {
  readonly language?: readonly Language[];
  readonly dryRun?: true;
  readonly check?: true;
  readonly removeStale?: true;
  readonly atOnce: number;
  readonly json?: true;
}

const program = new Command("render-prompts")
  .description("Prepares the clinic's fixed sentences as audio.")
  .option("--language <tag>", "only this language; may be given several times", addLanguage)
  .option("--dry-run", "show what would be done; asks nobody and needs no key")
  .option("--check", "the same, but show only what is missing")
  .option("--remove-stale", "remove what was rendered for sentences that the clinic no longer has")
  .option("--at-once <number>", "sentences spoken at one time", fewAtOnce, 2)
  .option("--json", "print one JSON report in the end; progress goes to standard error")
  .addHelpText("after", help)
  .exitOverride();

async function main(): Promise<number> {
  program.parse();
  const { language, dryRun, check, removeStale, atOnce, json } = program.opts<Options>();
  const onlyLooks = dryRun === true || check === true;
  const environment = readPromptEnvironment(process.env, { speaks: !onlyLooks });
  const folder = environment.SIP_VOICE_PROMPTS ?? "prompts";

  const say = (line: string): void => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  const stop = new AbortController();
  onFirstInterrupt(() => {
    say("Stopping. Press Ctrl-C again to end at once.");
    stop.abort();
  });
  const report = await renderPrompts({
    prompts: clinic.prompts,
    menu: clinic.menu,
    voice: geminiPromptVoice({
      apiKey: environment.GOOGLE_API_KEY ?? "",
      baseUrl: environment.GOOGLE_GEMINI_BASE_URL,
      model: environment.GEMINI_TTS_MODEL,
      voice: environment.GEMINI_VOICE,
    }),
    cache: promptFolder(folder),
    concurrency: atOnce,
    dryRun: onlyLooks,
    removeStale: removeStale === true,
    signal: stop.signal,
    ...(language ? { languages: language } : {}),
    onProgress: (rendering) => {
      const isThere = rendering.status === "kept" || rendering.status === "own-recording";
      if (!(check && isThere)) say(renderingLine(rendering));
    },
  });
  if (json) process.stdout.write(`${JSON.stringify(plainRenderReport(report))}\n`);
  else say(summaryOf(report, folder));
  return report.complete ? 0 : 1;
}

function summaryOf(report: RenderPromptsReport, folder: string): string {
  const { stale, removed } = report;
  const without = report.sentences.filter(({ status }) =>
    ["missing", "other-voice", "failed"].includes(status),
  );
  const found = `${report.sentences.length - without.length} of ${report.sentences.length} sentences are in ${folder}.`;
  const left = stale.length - removed.length;
  return [
    found,
    ...(removed.length > 0 ? [`${removed.length} that no sentence needs any more were removed.`] : []),
    ...(left > 0
      ? [`${left} belong to no sentence any more; --remove-stale removes those that were rendered.`]
      : []),
    ...(report.complete ? [] : ["Run render-prompts again to render what is missing."]),
  ].join("\n");
}

// A terminal that was closed must not keep files from being put in place.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
try {
  process.exitCode = await main();
} catch (error) {
  // commander has already said what is wrong with the command.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (SipVoiceError.is(error)) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  } else throw error;
}
