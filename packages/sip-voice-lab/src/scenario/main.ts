/** `pnpm scenarios`: see `pnpm scenarios --help`. */
import { CommanderError } from "commander";
import { Interruption, interruptionSignal } from "../demo/interruption.ts";
import { LiveView } from "../demo/live-view.ts";
import { withNativeLog } from "../demo/native-log.ts";
import { printReport } from "../demo/report-table.ts";
import { readCommandLine, type ScenarioCommand } from "./command-line.ts";
import { InvalidScenarios, readScenarioFiles } from "./scenario-files.ts";
import { type Scenario, scenarioJsonSchema } from "./scenario-shape.ts";

const disposedWithinMs = 3_000;
const [asExpected, differs, misuse] = [0, 1, 2];

async function play(command: ScenarioCommand, scenarios: readonly Scenario[]): Promise<number> {
  const { json, verbose, audioFolder } = command;
  const stream = json ? (verbose ? process.stderr : undefined) : process.stdout;
  const view = new LiveView(
    stream,
    scenarios.map(({ name }) => name),
  );
  const signal = interruptionSignal((text) => process.stderr.write(`${text}\n`));
  const [{ runDemo }, { batchesOf }, { addScenarioPatients }, { dispose }] = await withNativeLog(
    verbose ? "stderr" : "nowhere",
    async () =>
      await Promise.all([
        import("../demo/demo.ts"),
        import("./scenario-batches.ts"),
        import("./scenario-patients.ts"),
        import("@livekit/rtc-node"),
      ]),
  );
  try {
    const report = await runDemo({
      batches: batchesOf(scenarios),
      view,
      signal,
      verbose,
      audioFolder,
      // What is done to the model is done to all of its sessions.
      mostAtATime: 1,
      prepare: (lab) => addScenarioPatients(lab, scenarios),
    });
    if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    else printReport(report, view);
    return report.ok ? asExpected : differs;
  } catch (error) {
    const cause = signal.aborted ? (signal.reason as unknown) : error;
    printError(command, cause as Error & { code?: string });
    return cause instanceof Interruption ? cause.exitCode : differs;
  } finally {
    // Last of all: the native part keeps the program alive, and must not be used afterwards.
    await Promise.race([dispose(), new Promise((resolve) => setTimeout(resolve, disposedWithinMs).unref())]);
  }
}

function printError({ json }: Pick<ScenarioCommand, "json">, error: Error & { code?: string }): void {
  process.stderr.write(`${error.message}\n`);
  if (!json) return;
  const { message, code = error instanceof Interruption ? "interrupted" : "failed" } = error;
  const problems = error instanceof InvalidScenarios ? { problems: error.problems } : {};
  process.stdout.write(`${JSON.stringify({ ok: false, error: { code, message, ...problems } }, null, 2)}\n`);
}

async function main(args: readonly string[]): Promise<number> {
  let command: ScenarioCommand;
  try {
    command = readCommandLine(args);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
  if (command.schema) {
    process.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
    return asExpected;
  }
  let scenarios: Scenario[];
  try {
    scenarios = await readScenarioFiles(command.files);
  } catch (error) {
    if (!(error instanceof InvalidScenarios)) throw error;
    printError(command, error);
    return misuse;
  }
  if (!command.check) return await play(command, scenarios);
  if (command.json) process.stdout.write(`${JSON.stringify({ ok: true, files: scenarios.length })}\n`);
  else process.stdout.write(`${scenarios.length} scenarios are well-formed.\n`);
  return asExpected;
}

const exitCode = await main(process.argv.slice(2));
// A call that was interrupted may still wait for its end: nothing of it is worth waiting for.
process.exit(exitCode);
