import { clinic } from "@clinic/gemini-sip-agent/clinic";
import { type Language, plainRenderReport, renderingLine } from "@clinic/sip-voice";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { renderOffline } from "../lab/offline-prompts.ts";

const languages = Object.keys(clinic.prompts) as Language[];

function addLanguage(tag: string, chosen: readonly Language[] = []): readonly Language[] {
  const language = languages.find((one) => one === tag);
  if (!language) throw new InvalidArgumentError(`The clinic speaks ${languages.join(" and ")}.`);
  return [...chosen, language];
}

const program = new Command("lab-prompts")
  .description(
    "Speaks the example clinic's fixed sentences with the lab's offline voice, which sounds like a machine: to listen to their\n" +
      "wording, not for a real clinic's callers. render-prompts is for those.",
  )
  .argument("<folder>", "where the WAV files go")
  .option("--language <tag>", "only this language; may be given several times", addLanguage)
  .option("--json", "print one JSON report in the end; progress goes to standard error")
  .exitOverride();

async function main(): Promise<number> {
  program.parse();
  const { language, json } = program.opts<{ language?: readonly Language[]; json?: true }>();
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop.abort());
  const report = await renderOffline({
    clinic,
    folder: program.args[0] ?? "",
    signal: stop.signal,
    ...(language ? { languages: language } : {}),
    onProgress: (rendering) =>
      void (json ? process.stderr : process.stdout).write(`${renderingLine(rendering)}\n`),
  });
  if (json) process.stdout.write(`${JSON.stringify(plainRenderReport(report))}\n`);
  return report.complete ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  // commander has already said what is wrong with the command.
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
