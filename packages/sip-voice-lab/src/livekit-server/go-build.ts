import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { goBuildEnvironment } from "../environment.ts";
import { LIVEKIT_SERVER_VERSION } from "./version.ts";

const BUILD_PREFIX = "build-";
/** Much longer than a build takes: an older folder belongs to a process that was killed. */
const ABANDONED_AFTER_MS = 3_600_000;
const GO_PACKAGE = "github.com/livekit/livekit-server/cmd/server";

/** What a build with Go needs. */
export interface GoBuildOptions {
  /** Path of the `go` command. */
  readonly go: string;
  /** Where the binary shall be in the end. */
  readonly target: string;
  /** The caller's environment; only what Go needs of it is passed on. */
  readonly env: NodeJS.ProcessEnv;
  /** Called about once a second with the time and the modules downloaded so far. */
  readonly onProgress?: (text: string) => void;
  /** Ends the build. */
  readonly signal?: AbortSignal;
}

/**
 * Builds the LiveKit server with `go install` and puts it at the target.
 * Each build has its own folder and ends with a rename, which replaces atomically: of two processes that build
 * at once both succeed and neither ever runs half a file.
 */
export async function buildServerWithGo(options: GoBuildOptions): Promise<string> {
  const { target, signal } = options;
  const parent = dirname(target);
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const folder = await mkdtemp(join(parent, BUILD_PREFIX));
  try {
    await install(options, folder);
    signal?.throwIfAborted();
    // The package's folder is called `server`, so that is what `go install` names the binary.
    await rename(join(folder, "server"), target);
    return target;
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new Error((error as Error).message, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(BUILD_PREFIX)) continue;
    const info = await stat(join(parent, name)).catch(() => undefined);
    if (info && Date.now() - info.mtimeMs > ABANDONED_AFTER_MS) {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}

function install(options: GoBuildOptions, folder: string): Promise<void> {
  const startedAt = performance.now();
  let modules = 0;
  let lastLine = "";
  const report = (): void => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    options.onProgress?.(
      `building the LiveKit server ${LIVEKIT_SERVER_VERSION} with Go (once): ${seconds} s, ${modules} modules downloaded`,
    );
  };
  report();
  const ticker = setInterval(report, 1000);
  return new Promise<void>((resolve, reject) => {
    const child = spawn(options.go, ["install", `${GO_PACKAGE}@${LIVEKIT_SERVER_VERSION}`], {
      env: { ...goBuildEnvironment(options.env), GOBIN: folder, CGO_ENABLED: "0" },
      stdio: ["ignore", "ignore", "pipe"],
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const kill = (): void => {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    };
    process.once("exit", kill);
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text: string) => {
      for (const line of text.split("\n")) {
        if (line.startsWith("go: downloading ")) modules += 1;
        if (line.trim() !== "") lastLine = line.trim();
      }
    });
    child.once("error", reject);
    child.once("close", (code) => {
      process.off("exit", kill);
      if (code === 0) resolve();
      else reject(new Error(`go install ended with ${code}: ${lastLine}`));
    });
  }).finally(() => clearInterval(ticker));
}
