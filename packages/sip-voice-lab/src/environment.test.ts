import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { goBuildEnvironment, labEnvironment } from "./environment.ts";

const HOSTILE = {
  LIVEKIT_URL: "wss://clinic.livekit.cloud",
  LIVEKIT_API_KEY: "live-key",
  LIVEKIT_API_SECRET: "live-secret",
  LIVEKIT_CONFIG: "port: 1",
  livekit_url: "wss://clinic.livekit.cloud",
  GOOGLE_API_KEY: "live",
  GOOGLE_GEMINI_BASE_URL: "https://live.example",
  GOOGLE_APPLICATION_CREDENTIALS: "/live.json",
  GEMINI_API_KEY: "live",
  OPENAI_API_KEY: "live",
  TELNYX_API_KEY: "live",
  OUTBOUND_TRUNK_ID: "ST_live",
  INBOUND_TRUNK_ID: "ST_live",
  SIP_TRUNK_ID: "ST_live",
  SIP_VOICE_DB: "/var/clinic.db",
  OPERATOR_PHONE_NUMBER: "live",
  DATABASE_URL: "postgres://live",
  NODE_OPTIONS: "--require=/live.js",
  NODE_ENV: "production",
  DOTENV_CONFIG_PATH: ".env.sip",
};
const HARMLESS = {
  PATH: "/bin",
  HOME: "/home/somebody",
  TMPDIR: "/tmp",
  LANG: "C.UTF-8",
  LC_ALL: "C.UTF-8",
  TERM: "dumb",
  NO_COLOR: "1",
  FORCE_COLOR: "0",
  XDG_CACHE_HOME: "/cache",
  SIP_VOICE_LAB_LIVEKIT_SERVER: "/server",
};

test("only the allow-list gets through the wall", () => {
  expect(labEnvironment({}, { ...HOSTILE, ...HARMLESS })).toEqual(HARMLESS);
});

test("the lab's own values win over the caller's", () => {
  const own = { LIVEKIT_URL: "ws://127.0.0.1:1", SIP_VOICE_DB: "/tmp/lab.db", HOME: "/tmp/lab" };
  const environment = labEnvironment(own, { ...HOSTILE, ...HARMLESS });
  expect(environment).toEqual({ ...HARMLESS, ...own });
});

test("the Go build gets Go's variables and the proxies, and nothing live", () => {
  const go = {
    GOPATH: "/go",
    GOCACHE: "/gocache",
    GOPROXY: "https://proxy",
    HTTPS_PROXY: "http://p",
    no_proxy: "x",
  };
  expect(goBuildEnvironment({ ...HOSTILE, ...HARMLESS, ...go })).toEqual({ ...HARMLESS, ...go });
});

test("a child process sees no hostile value", () => {
  const child = spawnSync(process.execPath, ["-p", "JSON.stringify(process.env)"], {
    env: labEnvironment({ LIVEKIT_URL: "ws://127.0.0.1:1" }, { ...HOSTILE, PATH: process.env.PATH }),
    encoding: "utf8",
  });
  const seen = JSON.parse(child.stdout) as Record<string, string>;
  expect(seen.LIVEKIT_URL).toBe("ws://127.0.0.1:1");
  for (const name of Object.keys(HOSTILE)) if (name !== "LIVEKIT_URL") expect(seen).not.toHaveProperty(name);
});
