#!/usr/bin/env node
/** `sip-voice`: see `sip-voice --help`. */
import { runSipVoice } from "./command-line.ts";
import { openTerminal } from "./terminal.ts";

const terminal = openTerminal(process.stdin, process.stderr);
process.exitCode = await runSipVoice(process.argv.slice(2), {
  environment: process.env,
  folder: process.cwd(),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  ask: (question, options) => terminal.ask(question, options),
});
terminal.close();
