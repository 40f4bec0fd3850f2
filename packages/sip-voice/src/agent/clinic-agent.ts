import { flushCompileCache } from "node:module";
import { defineAgent, type JobContext, type JobProcess, log } from "@livekit/agents";
import { systemClock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import { redactedLogger } from "../log/redactor.ts";
import { spokenPrompts } from "../prompts/spoken-prompts.ts";
import { CallJob } from "./call/call-job.ts";
import type { CallJobOptions } from "./call/call-job-options.ts";
import { CallLine } from "./call/call-line.ts";
import type { ClinicAgentOptions } from "./clinic-agent-options.ts";
import type { ClinicBackend } from "./clinic-backend.ts";
import { readDispatchBrief } from "./dispatch-brief.ts";
import { emergencyMatcher } from "./emergency/emergency-words.ts";
import { redactStandardOutput } from "./framework-log.ts";
import { collectGarbage } from "./garbage.ts";
import { operatorPlan } from "./operator/operator-options.ts";
import { rehearseCall } from "./rehearsal.ts";
import { warmPrompts } from "./speech/prompt-warm-up.ts";

/** The framework's own logger, so that all lines of a worker come out in one place and at one level; everything redacted. */
const frameworkLogger: Logger = redactedLogger({
  debug: (fields, message) => log().debug(fields, message),
  info: (fields, message) => log().info(fields, message),
  warn: (fields, message) => log().warn(fields, message),
  error: (fields, message) => log().error(fields, message),
});

/** Whether a room is the one that was made for an attempt, and not one that a late agent brought back by joining it. */
function isRoomOf(attemptId: string, metadata: string | undefined): boolean {
  try {
    return (JSON.parse(metadata ?? "") as { attemptId?: unknown }).attemptId === attemptId;
  } catch {
    return false;
  }
}

/** Waits for work that can't end in a room that is gone: sound that nobody takes is never played out. */
async function unlessOver(line: CallLine, work: Promise<void>): Promise<void> {
  const over = new Promise<void>((resolve) => {
    if (line.over.aborted) resolve();
    line.over.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([work, over]);
}

async function takeCall(
  ctx: JobContext,
  options: ClinicAgentOptions,
  backend: ClinicBackend,
  prepared: Pick<CallJobOptions, "isEmergency" | "spokenPrompts">,
): Promise<void> {
  const clock = options.clock ?? systemClock;
  const logger = frameworkLogger;
  const dispatch = readDispatchBrief(ctx.job.metadata, clock.now());
  if (dispatch.kind === "expired") {
    logger.info({ jobId: ctx.job.id }, "the brief has expired, leaving before connecting");
    return ctx.shutdown("brief expired");
  }
  const brief = dispatch.kind === "brief" ? dispatch.brief : undefined;
  if (dispatch.kind === "malformed")
    logger.error({ error: dispatch.error, field: dispatch.error.field }, "the dispatch's brief is malformed");

  const line = new CallLine(ctx);
  const job = new CallJob({ ctx, options, backend, brief, line, clock, logger, ...prepared });
  // The store answers while the room is being joined.
  job.lookAhead();
  await ctx.connect();
  if (brief && !isRoomOf(brief.attemptId, ctx.room.metadata)) {
    logger.warn({ attemptId: brief.attemptId }, "the call was given up meanwhile, leaving");
    if (ctx.room.name) await backend.rooms.removeRoom(ctx.room.name);
    return ctx.shutdown("call given up");
  }

  ctx.addShutdownCallback(() => job.finish("worker-stopped"));
  try {
    if (dispatch.kind === "malformed") await unlessOver(line, job.apologize());
    else await job.run();
  } catch (error) {
    // Whatever was under way when the room went fails then: that is how such a call ends, and nobody is left to hear of it.
    if (line.over.aborted) logger.debug({ error, callId: job.callId }, "the room is gone");
    else {
      logger.error({ error, callId: job.callId }, "the call failed");
      await unlessOver(line, job.apologize());
    }
  } finally {
    await job.finish("error");
    ctx.shutdown("call ended");
  }
}

/**
 * Defines the agent of a clinic: the default export of the worker's entry file. It answers calls that come in, makes itself
 * ready for calls that `makeCall` places, and serves the browser. Its job ends when its call ends, whatever ended it.
 *
 * @throws SipVoiceError `invalid-phone-number` when the operator's number can't be dialled, `invalid-option` when something
 * else of the operator's options is wrong
 * @example
 * ```ts
 * import { type ClinicProfile, defineClinicAgent, geminiLive, promptDirectory } from "@clinic/sip-voice/agent";
 * import { liveKitRoomGateway } from "@clinic/sip-voice/livekit";
 * import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
 *
 * declare const clinic: ClinicProfile;
 *
 * export default defineClinicAgent({
 *   clinic,
 *   model: geminiLive({ apiKey: process.env.GOOGLE_API_KEY ?? "" }),
 *   backend: async () => ({
 *     ...openClinicDatabase("clinic.sqlite"),
 *     rooms: await liveKitRoomGateway({ url: "ws://127.0.0.1:7880", apiKey: "key", apiSecret: "secret" }),
 *     promptAudio: promptDirectory("prompts"),
 *   }),
 *   operator: { phoneNumber: "+15105550199" },
 * });
 * ```
 */
export function defineClinicAgent(options: ClinicAgentOptions) {
  if (options.operator) operatorPlan(options.operator);
  let backend: Promise<ClinicBackend> | undefined;
  const open = (): Promise<ClinicBackend> => {
    backend ??= options.backend();
    return backend;
  };
  const { promptVoice: voice, clock = systemClock } = options;
  // For the process, not for the call: what was spoken once is not asked for again.
  const prepared = {
    spokenPrompts: voice && spokenPrompts({ voice, clock, logger: frameworkLogger }),
    isEmergency: emergencyMatcher(options.clinic.emergencyWords),
  };
  return defineAgent({
    // A job's process is started before its call comes: whatever is slow to open is opened then. A failure is met again,
    // and told to the caller, when the call is there.
    prewarm: async (_process: JobProcess) => {
      redactStandardOutput();
      const opened = open().then(
        ({ promptAudio }) => warmPrompts(promptAudio, options.clinic, frameworkLogger),
        () => {
          backend = undefined;
        },
      );
      const rehearsed = rehearseCall().catch((error: unknown) =>
        frameworkLogger.warn({ error }, "a call's first steps could not be rehearsed"),
      );
      await Promise.all([opened, options.model.prepare?.().catch(() => {}), rehearsed]);
      // Now, and not when a process ends: the next one begins while this one's call is going on.
      flushCompileCache();
      collectGarbage();
    },
    entry: async (ctx) => await takeCall(ctx, options, await open(), prepared),
  });
}
