import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import wavefile from "wavefile";

const main = fileURLToPath(new URL("../../src/scenario/main.ts", import.meta.url));
const examples = fileURLToPath(new URL("../../../../examples/gemini-sip-agent/scenarios/", import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sip-voice-scenarios-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function scenarios(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [main, ...args]);
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err })));
}

describe("scenarios", { timeout: 240_000 }, () => {
  it("plays files in the lab, keeps the audio, and says what differs from what a file expects", async () => {
    const text = await readFile(join(examples, "unmapped-key.yaml"), "utf8");
    const wrong = join(folder, "wrong.yaml");
    await writeFile(
      wrong,
      text
        .replace("name: unmapped-key", "name: wrong")
        .replace("disposition: none", "disposition: confirmed"),
    );
    const audio = join(folder, "audio");
    const files = ["unmapped-key", "line-busy", "opted-out-before"].map((name) =>
      join(examples, `${name}.yaml`),
    );
    const { code, out, err } = await scenarios("--json", "--audio", audio, ...files, wrong);
    expect(code, out + err).toBe(1);
    const report = JSON.parse(out) as {
      ok: boolean;
      calls: { name: string; ok: boolean; checks: { what: string; ok: boolean; seen: string }[] }[];
      leftBehind: object;
    };
    expect(report).toMatchObject({ ok: false, leftBehind: { rooms: 0, lines: 0, processes: 0 } });
    expect(report.calls.map(({ name, ok }) => [name, ok])).toEqual([
      ["unmapped-key", true],
      ["line-busy", true],
      ["opted-out-before", true],
      ["wrong", false],
    ]);
    const different = report.calls[3]?.checks.filter(({ ok }) => !ok);
    expect(different).toEqual([{ what: "disposition", expected: "confirmed", seen: "none", ok: false }]);
    expect((await readdir(audio)).sort()).toEqual(["unmapped-key.wav", "wrong.wav"]);
    const wav = new wavefile.WaveFile(await readFile(join(audio, "wrong.wav")));
    expect(wav.fmt).toMatchObject({ numChannels: 2, sampleRate: 16_000 });
  });

  it("plays nothing when a file is wrong, and says what is", async () => {
    const file = join(folder, "a.yaml");
    await writeFile(
      file,
      "name: a\ntitle: A\ndirection: outbound\npatient: Omar\ntelephone: { does: sings }\n",
    );
    const { code, out, err } = await scenarios("--json", file);
    expect(code).toBe(2);
    expect(err).toContain(`${file}:5:14  telephone.does: `);
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: "invalid-scenario" } });
    expect(await scenarios("--nosuch")).toMatchObject({ code: 2, out: "" });
    expect(await scenarios("--check")).toMatchObject({
      code: 0,
      out: expect.stringContaining("well-formed"),
    });
  });
});
