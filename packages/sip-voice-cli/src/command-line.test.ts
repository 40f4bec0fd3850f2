import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type SipStandIn, startSipStandIn } from "@clinic/sip-voice-lab";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runSipVoice } from "./command-line.ts";

const example = fileURLToPath(new URL("../../../examples/gemini-sip-agent/sip_config", import.meta.url));
const apiKey = "devkey";
const apiSecret = "a-secret-of-the-lab-that-is-long-enough";
const clinic = "+17205550174";

let folder: string;
let sip: SipStandIn;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sip-voice-cli-"));
  await cp(example, join(folder, "sip_config"), { recursive: true });
  // The stand-in alone: nothing here passes on to the LiveKit server behind it.
  sip = await startSipStandIn({
    livekit: { url: "ws://127.0.0.1:1", httpUrl: "http://127.0.0.1:1", apiKey, apiSecret },
  });
  await writeFile(
    join(folder, ".env"),
    `LIVEKIT_URL=${sip.url}\r\nLIVEKIT_API_KEY='${apiKey}'\r\nexport LIVEKIT_API_SECRET=${apiSecret}\r\n`,
  );
  await writeFile(
    join(folder, ".env.sip"),
    `# ours\nTELNYX_SIP_USER=riverside\nTELNYX_SIP_PASSWORD=not-a-real-one\nTELNYX_PHONE_NUMBER=${clinic}\nTELNYX_SIP_SERVER=sip.telnyx.com\nINBOUND_TRUNK_ID=\n`,
  );
});
afterEach(async () => {
  await sip.stop();
  await rm(folder, { recursive: true });
});

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(args: string, answers: readonly string[] = [], environment = {}): Promise<Run> {
  const left = [...answers];
  let out = "";
  let err = "";
  const code = await runSipVoice(args.split(" "), {
    environment,
    folder,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    ask: async () => left.shift(),
  });
  expect(`${out}${err}`).not.toContain("not-a-real-one");
  expect(`${out}${err}`).not.toContain(apiSecret);
  return { code, out, err };
}

describe("sip-voice trunks", () => {
  it("plans, applies, plans nothing, shows a change exactly, and destroys after asking", async () => {
    expect(await run("trunks plan")).toMatchObject({ code: 3, err: "" });
    expect(await run("trunks apply")).toMatchObject({ code: 0 });
    const written = await readFile(join(folder, ".env.sip"), "utf8");
    expect(written).toMatch(/^# ours\nTELNYX_SIP_USER=riverside\n/);
    expect(written).toMatch(/\nINBOUND_TRUNK_ID=ST_\w+\nOUTBOUND_TRUNK_ID=ST_\w+\n$/);
    const again = await run("trunks plan");
    expect(again).toMatchObject({ code: 0, err: "" });
    expect(again.out).toContain("Nothing to do");

    const file = join(folder, "sip_config/dispatch_rule.json");
    await writeFile(file, (await readFile(file, "utf8")).replace('"call"', '"phone"'));
    const changed = JSON.parse((await run("trunks plan --json")).out);
    expect(changed.steps.filter((step: { action: string }) => step.action !== "keep")).toMatchObject([
      { action: "update", kind: "dispatch-rule", changes: [{ field: "rule" }] },
    ]);
    expect(await run("trunks apply --json")).toMatchObject({ code: 0 });
    expect(await run("trunks plan")).toMatchObject({ code: 0 });

    expect(await run("trunks list")).toMatchObject({
      code: 0,
      out: expect.stringContaining("clinic-outbound"),
    });
    expect(await run("dispatch list")).toMatchObject({
      code: 0,
      out: expect.stringContaining("gemini-sip-agent"),
    });
    expect(await run(`explain-inbound +15105550100 ${clinic}`)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^The call is taken[\s\S]*agent gemini-sip-agent/),
    });
    expect(await run("explain-inbound +15105550100 +17205550175")).toMatchObject({ code: 1 });

    expect(await run("trunks destroy")).toMatchObject({
      code: 3,
      err: expect.stringContaining("Nothing was removed"),
    });
    expect(await run("trunks destroy", ["yes"])).toMatchObject({ code: 3 });
    expect(await run("trunks destroy", [new URL(sip.url).host])).toMatchObject({ code: 0 });
    expect(JSON.parse((await run("trunks list --json")).out)).toEqual([]);
    expect(await readFile(join(folder, ".env.sip"), "utf8")).toMatch(
      /\nINBOUND_TRUNK_ID=\nOUTBOUND_TRUNK_ID=\n$/,
    );
    expect(await run("trunks destroy --yes")).toMatchObject({ code: 0, out: "Nothing to do.\n" });
  });

  it("says everything that is wrong with the files, with line and column, and asks LiveKit for nothing", async () => {
    await writeFile(join(folder, "sip_config/inbound_trunk.json"), '{\n  "trunk": {\n');
    const file = join(folder, "sip_config/outbound_trunk.json");
    await writeFile(file, (await readFile(file, "utf8")).replace(":5060", "").replace("_UDP", "_AUTO"));
    const { code, out } = await run("trunks apply");
    expect(code).toBe(1);
    expect(out).toMatch(/error: inbound_trunk[.]json:3:1: /);
    expect(out).toMatch(/error: outbound_trunk[.]json:4:5 address: .*:5060/);
    expect(out).toMatch(/error: outbound_trunk[.]json:5:5 transport: .*UDP/);
  });

  it("warns when the process's environment hides the ids that it has written", async () => {
    const { code, err } = await run("trunks apply", [], { INBOUND_TRUNK_ID: "ST_old" });
    expect(code).toBe(0);
    expect(err).toMatch(/INBOUND_TRUNK_ID of the process's environment/);
  });
});

describe("sip-voice init", () => {
  const answers = [
    "AIza-key",
    "",
    clinic,
    "riverside_clinic",
    "riverside",
    "not-a-real-one",
    "sip.telnyx.eu",
  ];

  it("asks again for what can't be used, keeps what is there, and leaves a set-up that can be applied", async () => {
    await writeFile(join(folder, ".env.sip"), "# ours\n");
    await rm(join(folder, "sip_config"), { recursive: true });
    const { code, err } = await run("init", ["", "", "", ...answers]);
    expect(err).toContain("underscore");
    expect(code).toBe(0);
    expect(await readFile(join(folder, ".env"), "utf8")).toMatch(
      /\r\nGOOGLE_API_KEY=AIza-key\r\nSIP_VOICE_DB=clinic[.]sqlite\r\n$/,
    );
    expect(await readFile(join(folder, ".env.sip"), "utf8")).toBe(
      `# ours\nTELNYX_PHONE_NUMBER=${clinic}\nTELNYX_SIP_USER=riverside\nTELNYX_SIP_PASSWORD=not-a-real-one\nTELNYX_SIP_SERVER=sip.telnyx.eu\n`,
    );
    expect(await run("trunks apply")).toMatchObject({ code: 0 });
    expect(await run("trunks plan")).toMatchObject({ code: 0 });
  });

  it("writes nothing when the answers end too early, or none can be used", async () => {
    const before = await readFile(join(folder, ".env.sip"), "utf8");
    expect(await run("init", ["", "", ""])).toMatchObject({ code: 2 });
    expect(await run("init", ["http://x", "http://x", "http://x", ...answers])).toMatchObject({ code: 2 });
    expect(await readFile(join(folder, ".env.sip"), "utf8")).toBe(before);
  });
});

describe("sip-voice doctor", () => {
  it("names all variables, the files, and LiveKit that is not there, in this order, and gives a summary", async () => {
    await writeFile(
      join(folder, ".env.sip"),
      "TELNYX_SIP_USER=riverside_clinic\nTELNYX_SIP_PASSWORD=not-a-real-one\n",
    );
    const { code, out } = await run("doctor --json", [], { LIVEKIT_URL: "ws://127.0.0.1:1" });
    expect(code).toBe(1);
    const { steps, first, summary } = JSON.parse(out) as {
      steps: { subject: string; state: string; found: string }[];
      first: { found: string };
      summary: string;
    };
    expect(first.found).toBe("GOOGLE_API_KEY is not set.");
    expect(steps.filter(({ state }) => state === "error").map(({ subject }) => subject)).toEqual([
      ...Array(4).fill("variables"),
      "livekit",
    ]);
    expect(summary).toContain("variables=error");
    expect(summary).not.toContain("riverside");
  });
});

describe("sip-voice", () => {
  it("names every missing variable at once, before anything else", async () => {
    await writeFile(join(folder, ".env"), "LIVEKIT_URL=nowhere\n");
    const { code, err } = await run("trunks list");
    expect(code).toBe(2);
    for (const name of [
      "LIVEKIT_URL is malformed",
      "LIVEKIT_API_KEY is not set",
      "LIVEKIT_API_SECRET is not set",
    ])
      expect(err).toContain(name);
  });

  it.each([
    { args: "--help", code: 0 },
    { args: "trunks apply --help", code: 0 },
    { args: "trunks aply", code: 2 },
    { args: "explain-inbound", code: 2 },
    { args: "trunks plan --nonsense", code: 2 },
  ])("$args ends with $code", async ({ args, code }) => {
    expect((await run(args)).code).toBe(code);
  });

  it.each(["trunks list", "dispatch list", "trunks plan", "explain-inbound 1 2"])(
    "%s says why LiveKit refuses",
    async (args) => {
      const { code, err } = await run(args, [], {
        LIVEKIT_API_SECRET: "the-secret-of-another-project-altogether",
      });
      expect(code).toBe(1);
      expect(err).toMatch(/refused the credentials.*LIVEKIT_API_SECRET/);
    },
  );
});
