import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { labEnvironment } from "../environment.ts";
import type { ServerSource } from "./server-source.ts";

const KEPT_LINES = 40;
/** Longer than a quiet server needs; a server with participants would wait for them for ever. */
const GRACE_MS = 150;

/** A running LiveKit server, as a child of this process. It never outlives this process's `exit` event. */
export class ServerProcess {
  /** Resolves when the child has ended. */
  readonly exited: Promise<void>;
  #lines: string[] = [];
  #child: ChildProcess;
  #container: string | undefined;
  #hasExited = false;

  constructor(source: ServerSource, configBody: string) {
    // The configuration goes through the environment: nothing is left on disk, and `ps` shows no secret.
    const env = { ...labEnvironment(), LIVEKIT_CONFIG: configBody };
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
    if (source.kind === "binary") {
      this.#child = spawn(source.path, [], { env, stdio });
    } else {
      this.#container = `sip-voice-lab-${randomBytes(4).toString("hex")}`;
      const args = ["run", "--rm", "--name", this.#container, "--network", "host", "-e", "LIVEKIT_CONFIG"];
      this.#child = spawn("docker", [...args, source.image], { env, stdio });
    }
    this.#child.stdout?.on("data", this.#keep);
    this.#child.stderr?.on("data", this.#keep);
    process.once("exit", this.#kill);
    this.exited = new Promise((resolve) => {
      const done = (): void => {
        this.#hasExited = true;
        process.off("exit", this.#kill);
        resolve();
      };
      this.#child.once("exit", done);
      this.#child.once("error", (error) => {
        this.#lines.push(error.message);
        done();
      });
    });
  }

  /** Whether the child has ended. */
  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** The last lines that the server logged. */
  get lastLines(): readonly string[] {
    return this.#lines;
  }

  /** Ends the server: politely, and by force when that takes too long. */
  async stop(): Promise<void> {
    if (this.#hasExited) return;
    this.#child.kill("SIGTERM");
    const timer = setTimeout(this.#kill, GRACE_MS);
    await this.exited;
    clearTimeout(timer);
  }

  #keep = (chunk: Buffer): void => {
    const lines = chunk.toString("utf8").split("\n");
    this.#lines.push(...lines.filter((line) => line.trim() !== ""));
    this.#lines.splice(0, this.#lines.length - KEPT_LINES);
  };

  #kill = (): void => {
    if (this.#container)
      spawnSync("docker", ["rm", "-f", this.#container], { stdio: "ignore", timeout: 5_000 });
    this.#child.kill("SIGKILL");
  };
}
