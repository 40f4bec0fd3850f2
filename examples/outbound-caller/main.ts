import { basename, extname } from "node:path";
import {
  type CallingPolicy,
  type CampaignContact,
  type CampaignReportRow,
  campaignReport,
  defaultCallingPolicy,
  defaultRetryPlan,
  prepareCampaign,
  previewCampaign,
  runCampaign,
  SipVoiceError,
  silentLogger,
  systemClock,
} from "@clinic/sip-voice";
import { liveKitDialer, liveKitRoomGateway } from "@clinic/sip-voice/livekit";
import { type ClinicDatabase, openClinicDatabase } from "@clinic/sip-voice/sqlite";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { readCallerEnvironment, readDatabaseEnvironment } from "./environment.ts";
import { onInterrupts } from "./interrupts.ts";
import { readContacts } from "./list-contacts.ts";
import { lineLogger } from "./log-lines.ts";
import { ProgressView } from "./progress-view.ts";
import { exitCodeOf, previewLines, previewRow, type RunReport, reportLines } from "./report.ts";

const help = `
The list is CSV with a header line, or JSON (a file that ends in .json); docs/guides/call-lists.md has its columns:
  phoneNumber, appointmentId                        the appointment's id in the database (SIP_VOICE_DB)
  consentBasis, consentRecordedAt                   optional: given-at-booking, written or spoken; RFC 3339
  timeZone, place, language, priority               optional

A list is one campaign, named after its file and the day. Go on with one that was stopped, or whose list you have edited,
with --resume: who was called is not called again.

Ctrl-C finishes the calls in flight and leaves the rest for --resume. Twice ends those calls too. Three times ends the program
at once; a call that was being dialled is then looked at when the campaign is resumed.

Exit code:
  0  every row was worked off, whatever became of it
  1  not every row: some were rejected or do not fit the database, the run was stopped, or something broke
  2  nothing was called: the command, the environment or the list as a whole is wrong`;

const between =
  (least: number, most: number, isWhole = false) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== "" && value >= least && value <= most && (!isWhole || Number.isInteger(value)))
      return value;
    throw new InvalidArgumentError(`Give a ${isWhole ? "whole " : ""}number from ${least} to ${most}.`);
  };

interface Flags {
  readonly campaign?: string;
  readonly resume?: true;
  readonly dryRun?: true;
  readonly json?: true;
  readonly pause: number;
  readonly concurrency: number;
  readonly callsPerSecond: number;
  readonly country?: string;
  readonly rejects?: string;
  readonly clinic: string;
  readonly leaveAfter?: number;
}

const program = new Command("outbound-calls")
  .description("Calls the patients of a list about their appointments, as a campaign.")
  .argument("<list>", "the call list, a CSV or JSON file")
  .option("--campaign <id>", "the campaign's id; the list's name and today's date unless given")
  .option("--resume", "go on with a campaign that was begun, with the list as it is now")
  .option("--dry-run", "show who would be called when, and who not and why; call nobody")
  .option("--json", "print one JSON report in the end; progress goes to standard error")
  .option("--pause <seconds>", "from the end of a call to the next one on its line", between(0, 86_400), 30)
  .option("--concurrency <calls>", "how many calls at one time", between(1, 100, true), 1)
  .option("--calls-per-second <calls>", "the most that may begin in one second", between(0.01, 100), 1)
  .option("--country <code>", "the country of numbers without +, as in US")
  .option("--rejects <file>", "write the rows that can't be called into a CSV file; it holds patients' data")
  .option("--clinic <id>", "the clinic that calls", "main")
  .option(
    "--leave-after <minutes>",
    "end when nobody may be called for longer than this",
    between(0, 100_000),
  )
  .addHelpText("after", help)
  .exitOverride();

/** The list's name without what an id can't have, and the day. */
function campaignIdOf(path: string, now: number): string {
  const name = basename(path, extname(path))
    .replace(/[^\w.-]+/g, "-")
    .slice(0, 60);
  const day = new Date(now);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${name}-${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

function checkResume(campaignId: string, exists: boolean, resume: boolean): void {
  if (exists === resume) return;
  const [text, remedy] = exists
    ? [
        `The campaign ${campaignId} has begun.`,
        "Add --resume to go on with it, or name another with --campaign.",
      ]
    : [
        `There is no campaign ${campaignId}.`,
        "Leave --resume out, or name the one to go on with by --campaign.",
      ];
  throw new SipVoiceError("invalid-option", text, { field: "resume", remedy });
}

async function main(): Promise<number> {
  program.parse();
  const flags = program.opts<Flags>();
  const path = program.args[0] ?? "";
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const { country, rejects } = flags;
  const list = readContacts({ path, country, rejects, onReject: (words) => say(`Rejected: ${words}`) });
  const policy: CallingPolicy = {
    ...defaultCallingPolicy,
    caps: {
      ...defaultCallingPolicy.caps,
      concurrency: Math.max(flags.concurrency, defaultCallingPolicy.caps.concurrency),
    },
  };
  const pace = {
    concurrency: flags.concurrency,
    pauseMs: flags.pause * 1000,
    callsPerSecond: flags.callsPerSecond,
  };
  const environment = flags.dryRun ? undefined : readCallerEnvironment(process.env);
  const database = openClinicDatabase((environment ?? readDatabaseEnvironment(process.env)).SIP_VOICE_DB);
  try {
    if (environment) return await call(path, flags, { list, policy, pace, environment, database });
    const contacts = new Map<string, CampaignContact>();
    for await (const contact of list.contacts) contacts.set(contact.id, contact);
    const previews = await previewCampaign(database, contacts.values(), { policy, pace, at: Date.now() });
    const text = flags.json
      ? JSON.stringify({ rejected: list.rejected.count, rows: previews.map(previewRow) })
      : undefined;
    process.stdout.write(`${text ?? previewLines(previews).join("\n")}\n`);
    return list.rejected.count > 0 ? 1 : 0;
  } finally {
    database.close();
  }
}

interface CallSetup {
  readonly list: ReturnType<typeof readContacts>;
  readonly policy: CallingPolicy;
  readonly pace: { readonly concurrency: number; readonly pauseMs: number; readonly callsPerSecond: number };
  readonly environment: ReturnType<typeof readCallerEnvironment>;
  readonly database: ClinicDatabase;
}

async function call(path: string, flags: Flags, setup: CallSetup): Promise<number> {
  const { list, policy, pace, environment, database } = setup;
  const { campaigns, ledger } = database;
  const campaignId = flags.campaign ?? campaignIdOf(path, Date.now());
  checkResume(campaignId, (await campaigns.get(campaignId)) !== undefined, flags.resume === true);
  const wanted = {
    id: campaignId,
    clinicId: flags.clinic,
    pace,
    retries: defaultRetryPlan,
    createdAt: Date.now(),
  };
  const { sameNumber } = await prepareCampaign(campaigns, wanted, list.contacts);

  const connection = {
    url: environment.LIVEKIT_URL,
    apiKey: environment.LIVEKIT_API_KEY,
    apiSecret: environment.LIVEKIT_API_SECRET,
  };
  const trunkId = environment.OUTBOUND_TRUNK_ID;
  const channels = Number(environment.OUTBOUND_TRUNK_CHANNELS ?? 0);
  const view = new ProgressView(process.stderr);
  const stop = new AbortController();
  const hangUp = new AbortController();
  const ignoreInterrupts = onInterrupts(process, systemClock, {
    stop() {
      view.say("Stopping after the calls in flight. Press Ctrl-C again to end them now.");
      stop.abort();
    },
    hangUp() {
      view.say("Ending the calls.");
      hangUp.abort();
    },
    quit: () => process.exit(1),
  });
  const count = async (): Promise<void> => {
    const progress = await campaigns.progress(campaignId).catch(() => undefined);
    if (progress) view.count(progress);
  };
  await count();
  const counting = setInterval(() => void count(), 1_000);
  try {
    const ports = {
      ...database,
      queue: database.queueOf(campaignId),
      rooms: await liveKitRoomGateway(connection),
      dialer: await liveKitDialer({ ...connection, trunkId }),
      clock: systemClock,
      logger: environment.LOG_LEVEL
        ? lineLogger(environment.LOG_LEVEL, (line) => view.say(line))
        : silentLogger,
    };
    const run = await runCampaign(ports, {
      campaignId,
      policy,
      ...(channels > 0 ? { trunk: { id: trunkId, channels } } : {}),
      ...(flags.leaveAfter === undefined ? {} : { mostWaitMs: flags.leaveAfter * 60_000 }),
      stop: stop.signal,
      hangUp: hangUp.signal,
      onEvent: (event) => view.take(event),
    });
    await count();
    view.stop();
    const rows: CampaignReportRow[] = [];
    for await (const row of campaignReport({ campaigns, ledger }, campaignId)) rows.push(row);
    const report: RunReport = { campaignId, ...run, rejected: list.rejected.count, sameNumber, rows };
    process.stdout.write(`${flags.json ? JSON.stringify(report) : reportLines(report).join("\n")}\n`);
    return exitCodeOf(report);
  } finally {
    clearInterval(counting);
    view.stop();
    ignoreInterrupts();
  }
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
    process.exitCode = error.code === "store-unavailable" || error.code === "livekit-unavailable" ? 1 : 2;
  } else throw error;
}
