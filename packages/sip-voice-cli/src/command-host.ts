import type { Command } from "commander";
import type { ExitCode } from "./exit-code.ts";
import type { Project } from "./project.ts";

/** What a command is added to. */
export interface CommandHost {
  /** The program, or the command above. */
  readonly program: Command;
  /** Gives a command its options `--folder` and `--json` and what it does. */
  does<Options extends SharedOptions>(
    command: Command,
    run: (project: Project, args: readonly string[], options: Options) => Promise<ExitCode>,
  ): Command;
}

/** The options that every command has. */
export interface SharedOptions {
  readonly folder?: string;
  readonly json?: boolean;
}
