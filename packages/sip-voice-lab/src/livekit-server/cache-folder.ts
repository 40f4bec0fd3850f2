import { homedir } from "node:os";
import { join } from "node:path";
import { LIVEKIT_SERVER_VERSION } from "./version.ts";

/** Where the operating system keeps files that can be made again. */
export function osCacheFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env.XDG_CACHE_HOME) return env.XDG_CACHE_HOME;
  const home = env.HOME ?? homedir();
  return platform === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache");
}

/** The cached build of the LiveKit server: outside the repository, so that every clone shares it. */
export function cachedServerPath(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  return join(osCacheFolder(env, platform), "clinic-sip-voice", `livekit-server-${LIVEKIT_SERVER_VERSION}`);
}
