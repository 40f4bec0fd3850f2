/** `pnpm prove <name> [--json] [--quick]`: tries claims about safety many times against the real parts. */
import { runCommand } from "../src/command.ts";

process.exitCode = await runCommand(
  {
    name: "prove",
    about: "Tries claims about safety many times against the real parts; exit code 1 when one does not hold.",
    folder: import.meta.dirname,
  },
  process.argv.slice(2),
);
