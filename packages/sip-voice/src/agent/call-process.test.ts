import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { prepareCallProcesses } from "./call-process.ts";

describe("prepareCallProcesses", () => {
  it("names a folder of this user for compiled modules, and limits the young generation", () => {
    const env: NodeJS.ProcessEnv = { HOME: "/home/clinic" };
    const flags = ["--enable-source-maps"];
    prepareCallProcesses(env, flags, "linux");
    expect(env.NODE_COMPILE_CACHE).toBe(join("/home/clinic", ".cache", "clinic-sip-voice", "compile-cache"));
    expect(flags).toEqual(["--enable-source-maps", "--max-semi-space-size=4"]);
  });

  it("leaves alone what whoever started the worker has set", () => {
    const env: NodeJS.ProcessEnv = {
      NODE_COMPILE_CACHE: "/var/cache/node",
      NODE_OPTIONS: "--max_semi_space_size=32",
    };
    const flags: string[] = [];
    prepareCallProcesses(env, flags, "linux");
    expect(env.NODE_COMPILE_CACHE).toBe("/var/cache/node");
    expect(flags).toEqual([]);
    const off: NodeJS.ProcessEnv = { NODE_DISABLE_COMPILE_CACHE: "1" };
    prepareCallProcesses(off, ["--max-semi-space-size=16"], "linux");
    expect(off.NODE_COMPILE_CACHE).toBeUndefined();
  });

  it("is what a forked process runs with", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sip-voice-call-process-"));
    try {
      const part = join(folder, "part.mjs");
      const child = join(folder, "child.mjs");
      writeFileSync(part, "export const part = () => 1;\n");
      writeFileSync(child, 'import "./part.mjs";\nprocess.send({ flags: process.execArgv });\n');
      const env: NodeJS.ProcessEnv = { ...process.env, XDG_CACHE_HOME: folder };
      delete env.NODE_COMPILE_CACHE;
      delete env.NODE_OPTIONS;
      const flags: string[] = [];
      prepareCallProcesses(env, flags);
      const forked = fork(child, { env, execArgv: flags });
      const [message] = await once(forked, "message");
      await once(forked, "exit");
      expect(message).toMatchObject({ flags: ["--max-semi-space-size=4"] });
      const cache = readdirSync(join(folder, "clinic-sip-voice", "compile-cache"), { recursive: true });
      expect(cache.length).toBeGreaterThan(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
