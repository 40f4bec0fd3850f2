/** The LiveKit server release that the lab runs; the recorded behaviour comes from this one. */
export const LIVEKIT_SERVER_VERSION = "v1.13.5";
