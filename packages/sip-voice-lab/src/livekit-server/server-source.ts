import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { cachedServerPath } from "./cache-folder.ts";
import { buildServerWithGo } from "./go-build.ts";
import { LiveKitServerMissing } from "./missing-server.ts";
import { LIVEKIT_SERVER_VERSION } from "./version.ts";

/** Where the LiveKit server comes from. */
export type ServerSource =
  | { readonly kind: "binary"; readonly path: string; readonly from: "environment" | "path" | "cache" | "go" }
  | { readonly kind: "docker"; readonly image: string };

/** What finding (or building) a server may use. */
export interface FindServerOptions {
  /** Called with one short line of progress, about once a second while something takes long. */
  readonly onProgress?: (text: string) => void;
  /** Gives up, and ends a running build. */
  readonly signal?: AbortSignal;
  /** The environment to look in; `process.env` by default. */
  readonly env?: NodeJS.ProcessEnv;
}

const run = promisify(execFile);

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The full path of a command on PATH, or undefined. */
export async function findOnPath(command: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    if (folder !== "" && (await isExecutable(join(folder, command)))) return join(folder, command);
  }
  return undefined;
}

async function answers(command: string, args: string[], signal: AbortSignal | undefined): Promise<boolean> {
  // `docker info` hangs for minutes when the daemon's socket exists but nobody serves it.
  return run(command, args, { timeout: 5_000, ...(signal ? { signal } : {}) }).then(
    () => true,
    () => false,
  );
}

/**
 * Finds a LiveKit server: `SIP_VOICE_LAB_LIVEKIT_SERVER`, then `livekit-server` on PATH, then the cached build,
 * then a build with Go (about two minutes, once), then Docker.
 * @throws LiveKitServerMissing saying what to install.
 */
export async function findServer(options: FindServerOptions = {}): Promise<ServerSource> {
  const env = options.env ?? process.env;
  const tried: string[] = [];

  const given = env.SIP_VOICE_LAB_LIVEKIT_SERVER;
  if (given) {
    // A path that was given and is wrong must not silently become a two-minute build.
    if (!(await isExecutable(given))) {
      throw new LiveKitServerMissing([`SIP_VOICE_LAB_LIVEKIT_SERVER=${given} is not an executable file`]);
    }
    return { kind: "binary", path: given, from: "environment" };
  }
  tried.push("SIP_VOICE_LAB_LIVEKIT_SERVER is not set");

  const onPath = await findOnPath("livekit-server", env);
  if (onPath) return { kind: "binary", path: onPath, from: "path" };
  tried.push("livekit-server is not on PATH");

  const cached = cachedServerPath(env);
  if (await isExecutable(cached)) return { kind: "binary", path: cached, from: "cache" };
  tried.push(`no cached build at ${cached}`);

  let cause: unknown;
  const go = await findOnPath("go", env);
  if (go) {
    try {
      const path = await buildServerWithGo({ ...options, go, target: cached, env });
      return { kind: "binary", path, from: "go" };
    } catch (error) {
      options.signal?.throwIfAborted();
      cause = error;
      tried.push(`Go at ${go} could not build it: ${(error as Error).message}`);
    }
  } else {
    tried.push("go is not on PATH");
  }

  const docker = await findOnPath("docker", env);
  if (docker && (await answers(docker, ["info"], options.signal))) {
    return { kind: "docker", image: `livekit/livekit-server:${LIVEKIT_SERVER_VERSION}` };
  }
  options.signal?.throwIfAborted();
  tried.push(docker ? "docker is installed but `docker info` fails" : "docker is not on PATH");
  throw new LiveKitServerMissing(tried, { cause });
}
