import { Command } from "commander";

/** What the command line asks for. */
export interface ScenarioCommand {
  readonly files: readonly string[];
  readonly json: boolean;
  readonly check: boolean;
  readonly schema: boolean;
  readonly verbose: boolean;
  readonly audioFolder: string | undefined;
}

/**
 * Reads the command line. Prints help and mistakes by itself and then throws commander's `CommanderError`, whose
 * `exitCode` is 0 for help and 2 for misuse.
 */
export function readCommandLine(args: readonly string[]): ScenarioCommand {
  const command = new Command("scenarios")
    .description(
      "Plays scenario files in the lab: real calls, on this machine, with a stand-in for the model. Exits with 0 when all " +
        "came out as the files say, 1 when something differs, 2 when a file or an option is wrong.",
    )
    .argument("[files...]", "scenario files; those of examples/gemini-sip-agent/scenarios unless given")
    .option(
      "--audio <folder>",
      "keep each call as a WAV file: left what the telephone heard, right what it said",
    )
    .option("--json", "print one JSON document at the end and nothing else", false)
    .option("--check", "only read the files, and say what is wrong with them", false)
    .option("--schema", "print the JSON Schema of a scenario file and exit", false)
    .option("--verbose", "show the log lines of the agent's worker too", false)
    .showHelpAfterError("(--help shows the options)")
    // commander exits with 1 for misuse; here 1 means that a call did not come out as its file says.
    .exitOverride((error) => {
      throw Object.assign(error, { exitCode: error.exitCode === 0 ? 0 : 2 });
    });
  command.parse(args, { from: "user" });
  const { audio, json, check, schema, verbose } = command.opts<{
    audio?: string;
    json: boolean;
    check: boolean;
    schema: boolean;
    verbose: boolean;
  }>();
  return { files: command.args, json, check, schema, verbose, audioFolder: audio };
}
