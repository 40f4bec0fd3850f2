/** `pnpm demo`: see `pnpm demo --help`. */
import { CommanderError } from "commander";
import { type DemoCommand, readCommandLine } from "./command-line.ts";
import type { DemoFailure, DemoReport } from "./demo-report.ts";
import { Interruption, interruptionSignal } from "./interruption.ts";
import { LiveView } from "./live-view.ts";
import { withNativeLog } from "./native-log.ts";
import { printReport } from "./report-table.ts";

const disposedWithinMs = 3_000;

/** Where the live view goes: with `--json` the standard output belongs to the document. */
function viewStream({ json, verbose }: DemoCommand): NodeJS.WriteStream | undefined {
  if (!json) return process.stdout;
  return process.stderr.isTTY || verbose ? process.stderr : undefined;
}

async function demo(command: DemoCommand): Promise<number> {
  const names = command.calls.map(({ name }) => name);
  const view = new LiveView(viewStream(command), names);
  const signal = interruptionSignal((text) => process.stderr.write(`${text}\n`));
  // Not loaded for `--help`, and never with its log on the standard output.
  const [{ runDemo }, { dispose }] = await withNativeLog(
    command.verbose ? "stderr" : "nowhere",
    async () => await Promise.all([import("./demo.ts"), import("@livekit/rtc-node")]),
  );
  const printDocument = (document: DemoReport | DemoFailure): void => {
    if (command.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  };
  try {
    view.print(
      `Riverside Family Clinic, with ${command.realGeminiKey ? "the real Gemini" : "the lab's stand-in for Gemini"}:`,
    );
    const report = await runDemo({
      ...command,
      batches: [{ calls: command.calls, environment: {} }],
      view,
      signal,
    });
    if (!command.json) printReport(report, view);
    printDocument(report);
    return report.ok ? 0 : 1;
  } catch (error) {
    const cause = signal.aborted ? (signal.reason as unknown) : error;
    const { message, code = "failed" } = cause as Error & { code?: string };
    process.stderr.write(`${message}\n`);
    printDocument({
      ok: false,
      error: { code: cause instanceof Interruption ? "interrupted" : code, message },
    });
    return cause instanceof Interruption ? cause.exitCode : 1;
  } finally {
    // Last of all: the native part keeps the program alive, and must not be used afterwards.
    await Promise.race([dispose(), new Promise((resolve) => setTimeout(resolve, disposedWithinMs).unref())]);
  }
}

function list({ json, calls }: DemoCommand): void {
  if (json) {
    const document = calls.map(({ name, title, direction }) => ({ name, title, direction }));
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const width = Math.max(...calls.map(({ name }) => name.length));
  for (const { name, title } of calls) process.stdout.write(`${name.padEnd(width)}  ${title}\n`);
}

async function main(args: readonly string[]): Promise<number> {
  let command: DemoCommand;
  try {
    command = readCommandLine(args, process.env);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
  if (!command.list) return await demo(command);
  list(command);
  return 0;
}

const exitCode = await main(process.argv.slice(2));
// A call that was interrupted may still wait for its end: nothing of it is worth waiting for.
process.exit(exitCode);
