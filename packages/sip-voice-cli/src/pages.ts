import type { Command } from "commander";
import { sipVoiceProgram } from "./command-line.ts";

/** A page of the documentation. */
export interface CommandPage {
  /** Its file, as in `trunks-plan.md`. */
  readonly file: string;
  /** Its text. */
  readonly text: string;
}

/** A page for every command, made of what `--help` says. */
export function commandPages(): readonly CommandPage[] {
  const silent = {
    environment: {},
    folder: ".",
    out: () => undefined,
    err: () => undefined,
    ask: async () => undefined,
  };
  return leavesOf(
    sipVoiceProgram(silent, () => undefined),
    [],
  );
}

function leavesOf(command: Command, above: readonly string[]): CommandPage[] {
  const path = [...above, command.name()];
  const { commands } = command;
  if (commands.length > 0) return commands.flatMap((one) => leavesOf(one, path));
  const title = path.join(" ");
  // Eighty columns whatever the terminal is.
  command.configureHelp({ helpWidth: 100 });
  const help = command.helpInformation().trimEnd();
  const lines = [
    "---",
    `title: ${title}`,
    "group: Commands",
    "---",
    "",
    `# ${title}`,
    "",
    "```text",
    help,
    "```",
    "",
  ];
  return [{ file: `${path.slice(1).join("-")}.md`, text: lines.join("\n") }];
}
