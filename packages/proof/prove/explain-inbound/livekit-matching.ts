import { spawn } from "node:child_process";
import { join } from "node:path";
import { goBuildEnvironment } from "@clinic/sip-voice-lab";
import type { MatchingCase } from "./cases.ts";

/** What LiveKit does with a call. */
export interface LiveKitVerdict {
  readonly name: string;
  readonly outcome: string;
  readonly trunk: string;
  readonly rule: string;
  readonly room: string;
}

const program = join(import.meta.dirname, "../../livekit-matching");

/** Runs the functions of `github.com/livekit/protocol/sip` over the cases: the Go program in `livekit-matching/`. */
export function liveKitVerdicts(
  cases: readonly MatchingCase[],
  signal: AbortSignal,
): Promise<LiveKitVerdict[]> {
  return new Promise((resolve, reject) => {
    const child = spawn("go", ["run", "."], {
      cwd: program,
      env: { ...goBuildEnvironment(), GOFLAGS: "-mod=readonly" },
      stdio: ["pipe", "pipe", "pipe"],
      signal,
    });
    let output = "";
    let complaint = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = text.trim() || complaint;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(output) as LiveKitVerdict[]);
      else reject(new Error(`The Go program ended with ${code}: ${complaint}`));
    });
    // It may end before it has read everything; its exit code tells why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(JSON.stringify(cases));
  });
}
