import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { clinic } from "@clinic/gemini-sip-agent/clinic";
import type { CallRecordEvent } from "@clinic/sip-voice";
import { promptDirectory } from "@clinic/sip-voice/agent";
import {
  clinicNumbers,
  defaultClinicScript,
  type GeminiStandIn,
  labEnvironment,
  patientNumbers,
  startGeminiStandIn,
  startLab,
} from "@clinic/sip-voice-lab";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

const command = createRequire(import.meta.url).resolve("@clinic/gemini-sip-agent/render-prompts");
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sip-voice-prompts-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("render-prompts", () => {
  let gemini: GeminiStandIn;

  beforeAll(async () => {
    gemini = await startGeminiStandIn({ script: defaultClinicScript });
  });

  afterEach(() => gemini.failNoMore());
  afterAll(() => gemini.stop());

  /** Runs the command to its end; `signal` is sent once a line says that so many sentences were rendered. */
  function render(args: readonly string[], stopAt?: { signal: NodeJS.Signals; rendered: number }) {
    const child = spawn(process.execPath, [command, ...args], {
      env: labEnvironment({
        GOOGLE_API_KEY: gemini.apiKey,
        GOOGLE_GEMINI_BASE_URL: gemini.baseUrl,
        SIP_VOICE_PROMPTS: folder,
      }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const before = out.split("rendered").length;
      out += text;
      // Ctrl-C reaches a program twice when a package manager passes it on.
      const now = out.split("rendered").length;
      if (stopAt && now !== before && now > stopAt.rendered) child.kill(stopAt.signal);
    });
    child.stderr.resume();
    return new Promise<{ code: number | null; out: string }>((resolve) => {
      child.once("close", (code) => resolve({ code, out }));
    });
  }

  /** What the agent would not find of what is in the folder. */
  async function halves(): Promise<string[]> {
    const files = await readdir(folder);
    const whole = new Set<string>();
    const audio = promptDirectory(folder);
    for (const text of Object.values(clinic.prompts["en-US"]))
      if (await audio.find(text, "en-US")) whole.add(text);
    return files.length === whole.size ? [] : files;
  }

  it("goes on where Ctrl-C and a kill ended it, and leaves nothing half", { timeout: 300_000 }, async () => {
    const english = ["--language", "en-US"];
    const stopped = await render(english, { signal: "SIGINT", rendered: 3 });
    expect(stopped.code).toBe(1);
    expect(stopped.out).toContain("Stopping.");
    expect(await halves()).toEqual([]);
    const afterStop = (await readdir(folder)).length;
    expect(afterStop).toBeGreaterThanOrEqual(3);
    expect((await render(english, { signal: "SIGKILL", rendered: 2 })).code).toBe(null);
    const unfinished = (await readdir(folder)).filter((name) => name.endsWith(".part"));
    const last = await render([...english, "--json", "--remove-stale"]);
    expect(last.code).toBe(0);
    const report = JSON.parse(last.out);
    expect(report).toMatchObject({ complete: true, removed: unfinished });
    expect(report.counts.kept).toBeGreaterThanOrEqual(afterStop + 1);
    expect(await halves()).toEqual([]);
    // Nothing is asked for twice.
    const asked = gemini.events.length;
    expect((await render(english)).code).toBe(0);
    expect(gemini.events).toHaveLength(asked);
  });

  it("tells which sentence failed, goes on with the others, and has 1 for a code", async () => {
    gemini.failNext({ at: "speech", status: 400 });
    const { code, out } = await render(["--language", "ar-XA", "--at-once", "1"]);
    expect(code).toBe(1);
    expect(out).toMatch(/ar-XA {2}opener +FAILED: The text-to-speech service answered with status 400/);
    expect(out).toContain("Run render-prompts again");
  });
});

it("a sentence that was not prepared is spoken in the call by text-to-speech", async () => {
  const lab = await startLab({ worker: { SIP_VOICE_PROMPTS: folder, SIP_VOICE_PROMPT_TTS: "on" } });
  try {
    const line = await lab.telephone(patientNumbers.Maria).call(clinicNumbers.inbound);
    await line.answered;
    const opener = await lab.gemini?.waitFor((event) => event.type === "speech-requested", 60_000);
    expect(opener).toMatchObject({ text: clinic.prompts["en-US"].opener, voice: "Puck" });
    const said = async (): Promise<CallRecordEvent[]> => {
      const [callId] = await lab.database.callLog.recent(1);
      const record = callId ? await lab.database.callLog.read(callId) : undefined;
      return (record?.entries ?? []).map(({ event }) => event).filter(({ type }) => type === "prompt");
    };
    await expect.poll(said, { timeout: 60_000 }).toHaveLength(1);
    // On a busy machine the voice may be too late for the opener, and the model speaks it.
    expect(await said()).toEqual([
      { type: "prompt", prompt: "opener", source: expect.stringMatching(/^(tts|model)$/) },
    ]);
    await line.waitForSpeechStart({ since: line.joinedAt, timeoutMs: 60_000 });
    await sleep(200);
    await line.hangUp();
  } finally {
    await lab.stop();
  }
});
