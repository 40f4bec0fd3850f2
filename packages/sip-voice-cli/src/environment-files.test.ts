import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readEnvironmentFiles, withVariables, writeVariables } from "./environment-files.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sip-voice-cli-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("reading", () => {
  it("takes .env, then .env.sip, and lets the process's own environment win", async () => {
    await writeFile(join(folder, ".env"), "A=env\nB=env\nC=env\nD=env\n");
    await writeFile(join(folder, ".env.sip"), "B=sip\nC=sip\nD=\n");
    expect(await readEnvironmentFiles(folder, { C: "own", B: "" })).toEqual({
      A: "env",
      B: "sip",
      C: "own",
      D: "env",
    });
  });

  it("takes Windows line ends, a byte order mark, quotes, comments and export lines", async () => {
    await writeFile(
      join(folder, ".env"),
      "\uFEFF# ours\r\nexport A='one # two'\r\nB=\"two words\" # said\r\n  export C=three\r\nD = four\r\n",
    );
    expect(await readEnvironmentFiles(folder, {})).toEqual({
      A: "one # two",
      B: "two words",
      C: "three",
      D: "four",
    });
  });

  it("takes a folder without files", async () => {
    expect(await readEnvironmentFiles(folder, {})).toEqual({});
  });
});

describe("writing", () => {
  it.each([
    { name: "a line that is there", before: "# a\nID=old\nB=2\n", after: "# a\nID=ST_1\nB=2\n" },
    { name: "an empty one", before: "ID=\n", after: "ID=ST_1\n" },
    { name: "a new one", before: "B=2\n", after: "B=2\nID=ST_1\n" },
    { name: "a new one after a last line without an end", before: "B=2", after: "B=2\nID=ST_1\n" },
    { name: "an empty file", before: "", after: "ID=ST_1\n" },
    { name: "Windows line ends", before: "A=1\r\nID='x'\r\nB=2\r\n", after: "A=1\r\nID=ST_1\r\nB=2\r\n" },
    {
      name: "an export line with a comment",
      before: '  export ID = "old" # ours\n',
      after: "  export ID = ST_1 # ours\n",
    },
    { name: "a line that is a comment", before: "# ID=old\n", after: "# ID=old\nID=ST_1\n" },
    { name: "a name that begins alike", before: "IDLE=1\n", after: "IDLE=1\nID=ST_1\n" },
  ])("sets $name and touches nothing else", ({ before, after }) => {
    expect(withVariables(before, { ID: "ST_1" })).toBe(after);
    expect(parseEnv(after).ID).toBe("ST_1");
  });

  it.each(["a b", "it's", 'say "x"', "a#b", "", "p$ss`w", "back\\slash"])(
    "writes %s so that it reads the same",
    (value) => {
      expect(parseEnv(withVariables("", { ID: value })).ID).toBe(value);
    },
  );

  it("makes a file for its owner alone, keeps the mode of one that is there, and leaves nothing half written", async () => {
    const path = join(folder, ".env.sip");
    await writeVariables(path, { ID: "ST_1" });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await writeFile(join(folder, "open"), "ID=x\n", { mode: 0o644 });
    await writeVariables(join(folder, "open"), { ID: "y" });
    expect((await stat(join(folder, "open"))).mode & 0o777).toBe(0o644);
    expect(await readFile(path, "utf8")).toBe("ID=ST_1\n");
    expect((await readdir(folder)).sort()).toEqual([".env.sip", "open"]);
  });
});
