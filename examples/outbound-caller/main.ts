import { makeCall, SipVoiceError, systemClock } from "@clinic/sip-voice";
import { sharedClinicDatabase } from "@clinic/sip-voice/sqlite";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { readCallList } from "./call-list.ts";
import { callRows } from "./caller.ts";
import { readCallerEnvironment } from "./environment.ts";
import { onInterrupts } from "./interrupts.ts";
import { lineLogger } from "./log-lines.ts";
import { exitCodeOf, progressLine, reportForMachines, summaryLines } from "./report.ts";

const help = `
The list is CSV with a header line, or a JSON list of objects (a file that ends in .json):
  phoneNumber        E.164, as in +15105550111; must be the number that the database has for the patient
  appointmentId      the appointment's id in the database (SIP_VOICE_DB)
  consentBasis       given-at-booking, written or spoken
  consentRecordedAt  RFC 3339, as in 2026-10-01T09:00:00-07:00
  attempt            optional: 1 unless given

Run a list as often as you like: the appointment's id and the attempt make the idempotency key, so a row that
was called is not called again, it shows what became of it. To call again on purpose, raise "attempt" to 2.

Ctrl-C finishes the call in flight and stops. Twice ends that call too. Three times ends the program at once; a call
that was being dialled is then unknown.

Exit code:
  0  every row was worked off, whatever became of it
  1  not every row: some were rejected or do not fit the database, the run was stopped, or something broke
  2  nothing was called: the command, the environment or the list as a whole is wrong`;

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 86_400)) {
    throw new InvalidArgumentError("Give seconds, from 0 to 86400.");
  }
  return value;
}

const program = new Command("outbound-calls")
  .description("Calls the patients of a list about their appointments, one after the other.")
  .argument("<list>", "the call list, a CSV or JSON file")
  .option("--pause <seconds>", "from the end of a call to the next one", seconds, 30)
  .option("--json", "print one JSON report in the end; progress goes to standard error")
  .addHelpText("after", help)
  .exitOverride();

async function main(): Promise<number> {
  program.parse();
  const { pause, json } = program.opts<{ pause: number; json?: true }>();
  const environment = readCallerEnvironment(process.env);
  const list = await readCallList(program.args[0] ?? "");
  const { appointments, callLog } = sharedClinicDatabase(environment.SIP_VOICE_DB);

  const say = (line: string): void => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  const logger = environment.LOG_LEVEL
    ? lineLogger(environment.LOG_LEVEL, (line) => void process.stderr.write(`${line}\n`))
    : undefined;
  const stop = new AbortController();
  const hangUp = new AbortController();
  const ignoreInterrupts = onInterrupts(process, systemClock, {
    stop() {
      say("Stopping after this call. Press Ctrl-C again to end it now.");
      stop.abort();
    },
    hangUp() {
      say("Ending the call.");
      hangUp.abort();
    },
    quit: () => process.exit(1),
  });
  const report = await callRows({
    rows: list.rows,
    appointments,
    callLog,
    call: (phoneNumber, appointment, options) =>
      makeCall(phoneNumber, appointment, { ...options, ...(logger ? { logger } : {}) }),
    clock: systemClock,
    pauseMs: pause * 1000,
    stop: stop.signal,
    hangUp: hangUp.signal,
    onProgress: (progress) => say(progressLine(progress, list.rows.length)),
  });
  ignoreInterrupts();
  if (report.failure !== undefined) say(`Stopped: ${messageOf(report.failure)}`);
  if (json) process.stdout.write(`${JSON.stringify(reportForMachines(list, report))}\n`);
  else for (const line of summaryLines(list, report)) say(line);
  return exitCodeOf(list, report);
}

/** Messages of this package hold no patient's data; those of others may. */
function messageOf(error: unknown): string {
  return SipVoiceError.is(error) ? error.message : `unexpected ${(error as Error)?.name ?? "error"}`;
}

// A terminal that was closed must not end a call that is being ended in good order.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
try {
  process.exitCode = await main();
} catch (error) {
  // commander has already said what is wrong with the command.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (SipVoiceError.is(error)) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  } else throw error;
}
