import { fileURLToPath } from "node:url";
import { cli, type JobRequest, ServerOptions } from "@livekit/agents";
import { defaultAgentName } from "../call/agent-name.ts";
import { systemClock } from "../clock.ts";
import { prepareCallProcesses } from "./call-process.ts";
import { readDispatchBrief } from "./dispatch-brief.ts";
import { redactStandardOutput } from "./framework-log.ts";

/** The load up to which LiveKit's server gives a worker calls, unless its configuration says otherwise. */
const serverTargetLoad = 0.7;

/** How a worker runs. */
export interface ClinicWorkerOptions {
  /** `import.meta.url` of the file whose default export is the agent. */
  readonly file: string;
  /** The name under which the agent is dispatched. */
  readonly agentName?: string;
  /** How many calls the worker takes at one time; 10 unless given. */
  readonly mostCalls?: number;
  /** How many processes wait for the next call; 1 unless given. */
  readonly idleProcesses?: number;
  /** Where the worker's health check listens; loopback unless given, since nobody else needs it. */
  readonly host?: string;
  /** The port of the health check; 0 takes a free one; 8081 unless given. */
  readonly port?: number;
  /** How long calls may go on after the worker was told to stop, in seconds; 600 unless given. */
  readonly drainSeconds?: number;
  /** Least level of log lines: `debug`, `info`, `warn`, `error`; `info` unless given. */
  readonly logLevel?: string | undefined;
}

/** Takes every call, in whatever room; only a brief that has expired is turned down, before a process is spent on it. */
export async function acceptCall(request: JobRequest): Promise<void> {
  if (readDispatchBrief(request.job.metadata, systemClock.now()).kind === "expired") await request.reject();
  else await request.accept();
}

/**
 * Runs a worker when the entry file was started as a program; does nothing when a call's process imports it again.
 * LiveKit's address and credentials come from `LIVEKIT_URL`, `LIVEKIT_API_KEY` and `LIVEKIT_API_SECRET`.
 *
 * @example
 * ```ts
 * import { runClinicWorker } from "@clinic/sip-voice/agent";
 *
 * runClinicWorker({ file: import.meta.url, agentName: "gemini-sip-agent", mostCalls: 4 });
 * ```
 */
export function runClinicWorker(options: ClinicWorkerOptions): void {
  const agent = fileURLToPath(options.file);
  if (process.argv[1] !== agent) return;
  const { agentName = defaultAgentName, mostCalls = 10, idleProcesses = 1, drainSeconds = 600 } = options;
  redactStandardOutput();
  prepareCallProcesses();
  cli.runApp(
    new ServerOptions({
      agent,
      agentName,
      requestFunc: acceptCall,
      // The machine's CPU says little about calls. A server drops dispatches without a word once the load that a worker
      // tells is over the server's own `target_load`, whatever the worker's threshold: so the last call is just there.
      loadFunc: async (worker) => (worker.activeJobs.length / mostCalls) * serverTargetLoad,
      loadThreshold: serverTargetLoad,
      numIdleProcesses: idleProcesses,
      initializeProcessTimeout: 60_000,
      drainTimeout: drainSeconds * 1000,
      shutdownProcessTimeout: 20_000,
      host: options.host ?? "127.0.0.1",
      // The framework takes the number 0 for "not given", and 8081 in its place; Node listens on "0" as on 0.
      port: (options.port === 0 ? "0" : (options.port ?? 8081)) as number,
      ...(options.logLevel ? { logLevel: options.logLevel } : {}),
    }),
  );
}
