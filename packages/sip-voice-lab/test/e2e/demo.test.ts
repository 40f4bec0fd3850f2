import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Lab, patientNumbers, startLab } from "@clinic/sip-voice-lab";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import wavefile from "wavefile";
import { makeCalls } from "../../src/demo/demo.ts";
import { demoCalls } from "../../src/demo/demo-calls.ts";
import type { DemoReport } from "../../src/demo/demo-report.ts";
import { LiveView } from "../../src/demo/live-view.ts";

const main = fileURLToPath(new URL("../../src/demo/main.ts", import.meta.url));

// Each demo has a folder for its temporary files and a process group, so that what it leaves behind is seen.
let temporary: string;
const started: ChildProcess[] = [];

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "sip-voice-demo-test-"));
});

afterEach(async () => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  await rm(temporary, { recursive: true, force: true });
});

/** What was printed, so far and in the end. */
interface Run {
  readonly child: ChildProcess;
  readonly printed: { out: string; err: string };
  readonly exited: Promise<number | null>;
}

function runDemo(...args: string[]): Run {
  const { GOOGLE_API_KEY: _, ...env } = process.env;
  const child = spawn(process.execPath, [main, ...args], { env: { ...env, TMPDIR: temporary } });
  started.push(child);
  const printed = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (printed.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (printed.err += chunk.toString()));
  return { child, printed, exited: once(child, "close").then(([code]) => code as number | null) };
}

/** The processes whose environment names this test's folder: the demo's own, and everything that it started. */
async function processesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    if (!environment.includes(`TMPDIR=${folder}`)) continue;
    found.push((await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " "));
  }
  return found;
}

async function leftNothing(): Promise<void> {
  expect(await readdir(temporary)).toEqual([]);
  // A killed process is listed until its parent, or the system, has taken note.
  for (let tries = 0; process.platform === "linux" && tries < 40; tries++) {
    if ((await processesOf(temporary)).length === 0) return;
    await sleep(50);
  }
  if (process.platform === "linux") expect(await processesOf(temporary)).toEqual([]);
}

async function until(run: Run, text: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (run.printed.out.includes(text)) return;
    if (run.child.exitCode !== null) break;
    await sleep(50);
  }
  throw new Error(`The demo never printed “${text}”: ${run.printed.out}${run.printed.err}`);
}

describe("demo", () => {
  it("prints one JSON document and nothing else, keeps the audio, and leaves nothing behind", async () => {
    const audio = join(temporary, "kept");
    const run = runDemo("--json", "--only", "press-1,call-opted-out", "--keep-audio", audio);
    expect(await run.exited, run.printed.out + run.printed.err).toBe(0);
    const report = JSON.parse(run.printed.out) as DemoReport;
    expect(run.printed.err).toBe("");
    expect(report).toMatchObject({
      ok: true,
      gemini: "stand-in",
      leftBehind: { rooms: 0, lines: 0, processes: 0 },
      calls: [
        {
          name: "press-1",
          ok: true,
          outcome: "answered",
          disposition: "confirmed",
          appointment: { before: { status: "booked" }, after: { status: "confirmed" } },
        },
        { name: "call-opted-out", ok: true, outcome: "refused-by-policy", rings: [] },
      ],
    });
    const wav = new wavefile.WaveFile(await readFile(join(audio, "press-1.wav")));
    expect(wav.fmt).toMatchObject({ numChannels: 2, sampleRate: 16_000 });
    await rm(audio, { recursive: true });
    await leftNothing();
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("ends at %s in the middle of a call, and leaves nothing behind", async (signal, exitCode) => {
    const run = runDemo("--only", "press-1,call-no-answer");
    await until(run, "phase: active");
    if (process.platform === "linux") expect((await processesOf(temporary)).length).toBeGreaterThan(2);
    run.child.kill(signal);
    // A package manager passes on what the terminal has sent to everyone: that is not a second Ctrl-C.
    run.child.kill(signal);
    expect(await run.exited).toBe(exitCode);
    expect(run.printed.err).toContain("clearing away");
    await leftNothing();
  });

  it("ends while it is starting, and leaves nothing behind", async () => {
    const run = runDemo("--only", "press-1");
    await until(run, "starting the agent's worker");
    run.child.kill("SIGINT");
    expect(await run.exited).toBe(130);
    await leftNothing();
  });

  it("refuses a call that there is not, and names those that there are", async () => {
    const run = runDemo("--only", "press-1,nonsense");
    expect(await run.exited).toBe(2);
    expect(run.printed.err).toContain("nonsense");
    for (const { name } of demoCalls) expect(run.printed.err).toContain(name);
  });

  it("asks for the key of the real Gemini by its name", async () => {
    const run = runDemo("--real-gemini");
    expect(await run.exited).toBe(2);
    expect(run.printed.err).toContain("GOOGLE_API_KEY");
  });

  it("tells programs why it could not start", async () => {
    const { exited, printed } = runDemo("--json", "--only", "press-1", "--keep-audio", "/dev/null/kept");
    expect(await exited).toBe(1);
    expect(JSON.parse(printed.out)).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining("kept") },
    });
  });
});

describe("the demo's verdict", () => {
  const calls = demoCalls.filter(({ name }) => name === "voice-friday");
  let lab: Lab;

  beforeEach(async () => {
    lab = await startLab();
  });

  afterEach(async () => {
    await lab.stop();
  });

  it("is no when the caller's voice does not reach the model", async () => {
    // The caller speaks, and the microphone sends silence: only the sound is missing.
    lab.telephone(patientNumbers.Elena).on("line", (line) => void line.answered.then(() => line.mute()));
    const view = new LiveView(undefined, []);
    const [report] = await makeCalls(lab, { calls, view, signal: new AbortController().signal });
    expect(report).toMatchObject({ ok: false, outcome: "answered", disposition: "none" });
    const failed = report?.checks.filter(({ ok }) => ok === false).map(({ what }) => what);
    expect(failed).toEqual(expect.arrayContaining(["disposition", "appointment's day", "the old slot"]));
    expect(report?.checks.find(({ what }) => what === "introduction heard")?.ok).toBe(true);
    // The patient says it three times before giving up.
  }, 240_000);
});
