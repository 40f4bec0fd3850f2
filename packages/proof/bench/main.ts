/** `pnpm bench <name> [--json] [--quick]`: measures, beside another's figures where there are some. */
import { runCommand } from "../src/command.ts";

process.exitCode = await runCommand(
  {
    name: "bench",
    about: "Measures speed or memory, beside another's in the same run where there is one. Medians.",
    folder: import.meta.dirname,
  },
  process.argv.slice(2),
);
