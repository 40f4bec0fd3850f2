import { resolve } from "node:path";
import { SipVoiceError } from "@clinic/sip-voice";
import { Command, CommanderError } from "commander";
import type { CommandHost, SharedOptions } from "./command-host.ts";
import { dispatchCommand } from "./commands/dispatch.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { explainInboundCommand } from "./commands/explain-inbound.ts";
import { initCommand } from "./commands/init.ts";
import { trunksCommand } from "./commands/trunks.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { openProject } from "./project.ts";
import type { Surroundings } from "./surroundings.ts";

/** Builds the program; `onExit` is told the exit code of the command that ran. */
export function sipVoiceProgram(surroundings: Surroundings, onExit: (code: ExitCode) => void): Command {
  const program = new Command("sip-voice")
    .description("Sets up, checks and runs a clinic's voice agent on LiveKit.")
    .exitOverride()
    .configureOutput({ writeOut: surroundings.out, writeErr: surroundings.err })
    .addHelpText(
      "after",
      `\nExit codes:\n${exitCodes.map(({ code, means }) => `  ${code}  ${means}`).join("\n")}`,
    );
  const host: CommandHost = {
    program,
    does: (command, run) =>
      command
        .option("--folder <path>", "the folder with .env, .env.sip and sip_config/ (default: this one)")
        .option("--json", "print one JSON document to standard output")
        .action(async () => {
          const options = command.opts() as never as SharedOptions;
          const project = await openProject(
            { ...surroundings, folder: resolve(surroundings.folder, options.folder ?? ".") },
            options.json === true,
          );
          onExit(await run(project, command.args, options as never));
        }),
  };
  initCommand(host);
  doctorCommand(host);
  trunksCommand(host);
  dispatchCommand(host);
  explainInboundCommand(host);
  return program;
}

/** Runs `sip-voice` with these arguments; gives the exit code. Prints nothing but through the surroundings. */
export async function runSipVoice(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let code: ExitCode = 0;
  const program = sipVoiceProgram(surroundings, (told) => {
    code = told;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    // Commander has printed what was wrong, or the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!SipVoiceError.is(error)) throw error;
    surroundings.err(`${error.message}\n`);
    return error.code === "invalid-environment" || error.code === "invalid-option" ? 2 : 1;
  }
}
