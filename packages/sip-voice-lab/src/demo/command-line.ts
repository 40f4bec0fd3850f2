import { Command, InvalidArgumentError, Option } from "commander";
import type { DemoCall } from "./demo-call.ts";
import { demoCalls } from "./demo-calls.ts";

/** What the command line asks for. */
export interface DemoCommand {
  readonly json: boolean;
  readonly list: boolean;
  readonly verbose: boolean;
  readonly thinkTimeMs: number;
  readonly calls: readonly DemoCall[];
  readonly audioFolder: string | undefined;
  /** The key, where the real Gemini is asked for. */
  readonly realGeminiKey: string | undefined;
}

function callNames(value: string, before: readonly string[] = []): string[] {
  const names = value.split(",").map((name) => name.trim());
  const known = demoCalls.map(({ name }) => name);
  for (const name of names) {
    if (!known.includes(name))
      throw new InvalidArgumentError(`There is no call “${name}”. There are: ${known.join(", ")}.`);
  }
  return [...before, ...names];
}

function milliseconds(value: string): number {
  if (/^\d{1,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It is a whole number of milliseconds, as in 400.");
}

/**
 * Reads the command line. Prints help and mistakes by itself and then throws commander's `CommanderError`, whose
 * `exitCode` is 0 for help and 2 for misuse.
 */
export function readCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): DemoCommand {
  const command = new Command("demo")
    .description(
      "The whole system on this machine: a real LiveKit server, the real agent worker, simulated telephones, real " +
        "outcomes in a real database. Needs no account, no key, no telephone. Exits with 0 only if every call ended as it should.",
    )
    .option("--json", "print one JSON document at the end and nothing else", false)
    .addOption(
      new Option("--only <names>", "make only these calls (comma-separated, or several times)").argParser(
        callNames,
      ),
    )
    .option("--list", "list the calls and exit", false)
    .option(
      "--keep-audio <folder>",
      "keep each call as a WAV file: left what the telephone heard, right what it said",
    )
    .option("--think-time <ms>", "how long the Gemini stand-in thinks before it speaks", milliseconds, 0)
    .option("--real-gemini", "use the real Gemini (GOOGLE_API_KEY) in place of the stand-in", false)
    .option("--verbose", "show the log lines of the agent's worker too", false)
    .allowExcessArguments(false)
    .showHelpAfterError("(--help shows the options, --list the calls)")
    // commander exits with 1 for misuse; here 1 means that a call did not end as it should.
    .exitOverride((error) => {
      throw Object.assign(error, { exitCode: error.exitCode === 0 ? 0 : 2 });
    });
  command.parse(args, { from: "user" });
  const options = command.opts<{
    json: boolean;
    list: boolean;
    verbose: boolean;
    realGemini: boolean;
    thinkTime: number;
    only?: string[];
    keepAudio?: string;
  }>();
  const { only } = options;
  const key = environment.GOOGLE_API_KEY;
  if (options.realGemini && !key)
    command.error(
      "error: --real-gemini needs GOOGLE_API_KEY in the environment; make one in Google AI Studio.",
    );
  return {
    json: options.json,
    list: options.list,
    verbose: options.verbose,
    thinkTimeMs: options.thinkTime,
    calls: only ? demoCalls.filter(({ name }) => only.includes(name)) : demoCalls,
    audioFolder: options.keepAudio,
    realGeminiKey: options.realGemini ? key : undefined,
  };
}
