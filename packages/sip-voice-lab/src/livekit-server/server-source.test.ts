import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cachedServerPath, findServer, LiveKitServerMissing } from "./index.ts";
import { loopbackInterface, serverConfigBody } from "./server-config.ts";

let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sip-voice-lab-source-"));
  await mkdir(join(folder, "bin"));
  env = { PATH: join(folder, "bin"), HOME: folder, XDG_CACHE_HOME: join(folder, "cache") };
});
afterEach(() => rm(folder, { recursive: true }));

async function program(path: string, script = "exit 1"): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}
const command = (name: string, script?: string) => program(join(folder, "bin", name), script);

// Stands in for Go: writes what it would have built, and what it says on the way.
const FAKE_GO = `
echo "go: downloading github.com/livekit/livekit-server v1.13.5" >&2
echo "go: downloading github.com/pion/webrtc v4" >&2
[ -n "$LIVEKIT_API_KEY" ] && exit 9
/bin/sleep 0.1
echo "$@" > "$GOBIN/server"
/bin/chmod 755 "$GOBIN/server"`;

test("looks at the variable, PATH, the cache, and Go, in this order", async () => {
  const go = await command("go", FAKE_GO);
  const progress: string[] = [];
  const cached = cachedServerPath(env);
  const onProgress = (text: string) => progress.push(text);
  const found = await findServer({ env: { ...env, LIVEKIT_API_KEY: "live" }, onProgress });
  expect(found).toEqual({ kind: "binary", path: cached, from: "go" });
  expect(await readFile(cached, "utf8")).toBe(
    "install github.com/livekit/livekit-server/cmd/server@v1.13.5\n",
  );
  expect(progress[0]).toMatch(/0 s, 0 modules/);
  await rm(go);

  expect(await findServer({ env })).toEqual({ kind: "binary", path: cached, from: "cache" });
  const onPath = await command("livekit-server");
  expect(await findServer({ env })).toEqual({ kind: "binary", path: onPath, from: "path" });
  const given = await program(join(folder, "given"));
  const withVariable = { ...env, SIP_VOICE_LAB_LIVEKIT_SERVER: given };
  expect(await findServer({ env: withVariable })).toEqual({
    kind: "binary",
    path: given,
    from: "environment",
  });
});

test("two builds at once both succeed and leave one binary", async () => {
  await command("go", FAKE_GO);
  const [first, second] = await Promise.all([findServer({ env }), findServer({ env })]);
  expect(first).toEqual(second);
  expect(await readdir(dirname(cachedServerPath(env)))).toEqual(["livekit-server-v1.13.5"]);
});

test("a build that is given up leaves nothing", async () => {
  await command("go", "exec /bin/sleep 20");
  const signal = AbortSignal.timeout(200);
  await expect(findServer({ env, signal })).rejects.toThrow(/timeout/);
  expect(await readdir(dirname(cachedServerPath(env)))).toEqual([]);
});

test("falls back to Docker when Go fails and Docker answers", async () => {
  await command("go", "echo no network >&2; exit 1");
  await command("docker", "exit 0");
  expect(await findServer({ env })).toEqual({ kind: "docker", image: "livekit/livekit-server:v1.13.5" });
});

test("otherwise says what to install, and why each way failed", async () => {
  await command("go", "echo no network >&2; exit 1");
  await command("docker", "exit 1");
  const error = await findServer({ env }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(LiveKitServerMissing);
  const { message } = error as Error;
  for (const part of ["install Go", "brew install livekit", "start Docker", "SIP_VOICE_LAB_LIVEKIT_SERVER"]) {
    expect(message).toContain(part);
  }
  expect(message).toContain("no network");
  expect(message).toContain("`docker info` fails");
});

test("a wrong path in the variable is an error, not a build", async () => {
  await command("go", FAKE_GO);
  const wrong = { ...env, SIP_VOICE_LAB_LIVEKIT_SERVER: join(folder, "nothing") };
  await expect(findServer({ env: wrong })).rejects.toThrow(/not an executable file/);
  expect(env.PATH?.split(delimiter).length).toBe(1);
});

test("the server is configured for loopback only", () => {
  const loopback = [{ address: "127.0.0.1" }] as NodeJS.Dict<never[]>[string];
  expect(loopbackInterface({ en0: [], lo0: loopback as never[] })).toBe("lo0");
  const body = serverConfigBody({
    port: 1,
    udpPort: 2,
    apiKey: "k",
    apiSecret: "s",
    loopbackInterface: "lo0",
  });
  expect(JSON.parse(body)).toMatchObject({
    bind_addresses: ["127.0.0.1"],
    rtc: { tcp_port: 0, udp_port: 2, node_ip: "127.0.0.1", interfaces: { includes: ["lo0"] } },
  });
});
