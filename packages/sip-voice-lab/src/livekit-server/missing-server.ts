import { LIVEKIT_SERVER_VERSION } from "./version.ts";

/** No LiveKit server could be found, built or pulled on this machine. The message says what to install. */
export class LiveKitServerMissing extends Error {
  /** Stable code for programs. */
  readonly code = "livekit-server-missing";

  constructor(tried: readonly string[], options?: ErrorOptions) {
    super(
      [
        `The lab needs the LiveKit server ${LIVEKIT_SERVER_VERSION} and found none. Do one of these, then try again:`,
        "  - install Go 1.24 or newer (https://go.dev/dl): the lab then builds the server by itself, once",
        "  - install livekit-server so that it is on PATH (macOS: brew install livekit)",
        "  - start Docker: the lab then runs livekit/livekit-server in a container",
        "  - set SIP_VOICE_LAB_LIVEKIT_SERVER to the path of a livekit-server binary",
        "Tried:",
        ...tried.map((line) => `  - ${line}`),
      ].join("\n"),
      options,
    );
    this.name = "LiveKitServerMissing";
  }
}

/** A LiveKit server was found but did not start or did not answer. The message ends with its last log lines. */
export class LiveKitServerFailed extends Error {
  /** Stable code for programs. */
  readonly code = "livekit-server-failed";

  constructor(message: string, lastLines: readonly string[], options?: ErrorOptions) {
    super(lastLines.length > 0 ? `${message}\nIts last lines:\n${lastLines.join("\n")}` : message, options);
    this.name = "LiveKitServerFailed";
  }
}
