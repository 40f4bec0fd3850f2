export { cachedServerPath, osCacheFolder } from "./cache-folder.ts";
export { type LiveKitAddress, type LiveKitServer, startLiveKitServer } from "./livekit-server.ts";
export { LiveKitServerFailed, LiveKitServerMissing } from "./missing-server.ts";
export { type FindServerOptions, findServer, type ServerSource } from "./server-source.ts";
export { LIVEKIT_SERVER_VERSION } from "./version.ts";
