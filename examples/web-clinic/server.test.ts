import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { build } from "esbuild";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWebClinic, type WebClinic } from "./server.ts";

const liveKit = { url: "wss://clinic.livekit.cloud", apiKey: "key", apiSecret: "a secret of the tests" };
let clinic: WebClinic;

beforeAll(async () => {
  clinic = await startWebClinic({ liveKit, linkSecret: "a secret of the tests, 32 characters" });
});

afterAll(async () => {
  await clinic.stop();
});

const session = (body: string) => fetch(`${clinic.url}/session`, { method: "POST", body });
const linkTo = async (appointmentId: string, hours?: number) =>
  new URL(await clinic.linkTo(appointmentId, hours)).hash.slice(1);

describe("the page's server", () => {
  it("gives who has a link a token for a room of their own, in which they can't say who they are", async () => {
    const body = JSON.stringify({ link: await linkTo("appointment-maria"), language: "en-US" });
    const answers = await Promise.all([session(body), session(body)]);
    const [first, second] = await Promise.all(
      answers.map(async (answer) => ({
        answer,
        ...((await answer.json()) as { url: string; token: string }),
      })),
    );
    expect(first?.answer.headers.get("cache-control")).toBe("no-store");
    expect(first?.url).toBe(liveKit.url);
    const claims = decodeJwt(first?.token ?? "");
    expect(claims).toMatchObject({
      attributes: { "clinic.appointmentId": "appointment-maria", "clinic.language": "en-US" },
      video: { roomJoin: true, canPublishSources: ["microphone"], canUpdateOwnMetadata: false },
      roomConfig: { agents: [{ agentName: "gemini-sip-agent" }] },
    });
    expect(claims.name ?? "").toBe("");
    expect((claims.exp ?? 0) - (claims.nbf ?? 0)).toBeLessThanOrEqual(130);
    const other = decodeJwt(second?.token ?? "");
    expect((other.video as { room: string }).room).not.toBe((claims.video as { room: string }).room);
    expect(other.sub).not.toBe(claims.sub);
  });

  it.each([
    ["an expired link", async () => JSON.stringify({ link: await linkTo("a", -1), language: "ar-XA" }), 403],
    ["no link", async () => JSON.stringify({ link: "", language: "ar-XA" }), 403],
    ["another language", async () => JSON.stringify({ link: await linkTo("a"), language: "xx" }), 400],
    ["no JSON", async () => "link", 400],
    ["null", async () => "null", 400],
    ["a long text", async () => "x".repeat(5_000), 413],
  ])("refuses %s", async (_, body, status) => {
    const answer = await session(await body());
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain("token");
  });

  it("serves a page that may load and reach nothing else", async () => {
    const answer = await fetch(clinic.url);
    const html = await answer.text();
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html).not.toMatch(/<script(?![^>]*src=)| style=| on\w+=/);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(
      "connect-src 'self' wss://clinic.livekit.cloud https://clinic.livekit.cloud wss://*.livekit.cloud https://*.livekit.cloud",
    );
    expect(policy).not.toContain("unsafe");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    for (const [file, type] of [
      ["page.css", "text/css"],
      ["page.js", "text/javascript"],
    ]) {
      const loaded = await fetch(`${clinic.url}/${file}`);
      expect(loaded.headers.get("content-type")).toContain(type);
      expect((await loaded.text()).length).toBeGreaterThan(1_000);
    }
  });
});

describe("@clinic/sip-voice/web", () => {
  it("bundles for a browser, with neither Node nor LiveKit, and stays small", async () => {
    const { outputFiles, metafile } = await build({
      stdin: {
        contents: 'export { clinicTopic, encodeClinicTap, parseClinicView } from "@clinic/sip-voice/web";',
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      write: false,
      metafile: true,
      minify: true,
      format: "esm",
      platform: "browser",
    });
    expect(
      Object.keys(metafile.inputs).filter((file) => /livekit|libphonenumber|temporal/.test(file)),
    ).toEqual([]);
    expect(outputFiles[0]?.contents.byteLength).toBeLessThan(60_000);
  });
});

describe("web-clinic", () => {
  const run = (environment: Record<string, string>) =>
    spawnSync(process.execPath, [`${import.meta.dirname}/main.ts`], {
      env: { PATH: process.env.PATH ?? "", ...environment },
      encoding: "utf8",
      timeout: 50_000,
    });

  it("names everything that is missing at once, and ends with 2", () => {
    const { status, stderr } = run({ WEB_CLINIC_LINK_SECRET: "short", WEB_CLINIC_PORT: "99999" });
    expect(status).toBe(2);
    for (const name of [
      "LIVEKIT_URL is not set",
      "LIVEKIT_API_KEY is not set",
      "LIVEKIT_API_SECRET is not set",
      "WEB_CLINIC_LINK_SECRET is malformed",
      "WEB_CLINIC_PORT is malformed",
    ]) {
      expect(stderr).toContain(name);
    }
    expect(stderr).not.toContain("short");
  });

  it("says that its port is taken, and ends with 2", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as { port: number };
    const { status, stderr } = run({
      LIVEKIT_URL: "ws://127.0.0.1:1",
      LIVEKIT_API_KEY: "key",
      LIVEKIT_API_SECRET: "secret",
      WEB_CLINIC_LINK_SECRET: "a secret of the tests, 32 characters",
      WEB_CLINIC_PORT: String(port),
    });
    taken.close();
    expect(stderr).toContain(`Port ${port} is taken`);
    expect(status).toBe(2);
  });
});
