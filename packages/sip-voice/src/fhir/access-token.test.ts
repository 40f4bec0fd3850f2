import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SipVoiceError } from "../errors.ts";
import { type SimulatedClock, simulatedClock } from "../testing/index.ts";
import type { AccessTokens } from "./access-token.ts";
import { fhirAppointmentStore } from "./appointment-store.ts";
import { clientCredentials, smartBackendServices } from "./token-grant.ts";

interface Grant {
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}

let server: Server;
let tokenUrl: string;
let grants: Grant[];
let answerWith: () => { status: number; body: object };
let clock: SimulatedClock;

beforeEach(async () => {
  grants = [];
  clock = simulatedClock();
  answerWith = () => ({
    status: 200,
    body: { access_token: `token-${grants.length}`, token_type: "Bearer", expires_in: 300 },
  });
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    grants.push({
      authorization: request.headers.authorization,
      form: new URLSearchParams(Buffer.concat(chunks).toString()),
    });
    const { status, body } = answerWith();
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth2/token`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const signal = AbortSignal.timeout(60_000);
const byName = (name: string) =>
  clientCredentials({ tokenUrl, clientId: "voice agent", clientSecret: "s3cret:/", scope: name, clock });

describe("client credentials", () => {
  it("are sent as a header, or in the form", async () => {
    expect(await byName("system/*.read").authorization(signal)).toBe("Bearer token-1");
    const [basic] = grants;
    // RFC 6749, 2.3.1: encoded as a form is, before base64.
    const header = Buffer.from(basic?.authorization?.replace("Basic ", "") ?? "", "base64").toString();
    expect(header).toBe("voice+agent:s3cret%3A%2F");
    expect(Object.fromEntries(basic?.form ?? [])).toEqual({
      grant_type: "client_credentials",
      scope: "system/*.read",
    });
    const post = clientCredentials({ tokenUrl, clientId: "a", clientSecret: "b", sentAs: "post" });
    await post.authorization(signal);
    expect(grants[1]?.authorization).toBeUndefined();
    expect(Object.fromEntries(grants[1]?.form ?? [])).toMatchObject({ client_id: "a", client_secret: "b" });
  });

  it("give a token that is kept until shortly before its end, and fetched once for all who ask", async () => {
    const tokens = byName("x");
    const all = await Promise.all([1, 2, 3].map(() => tokens.authorization(signal)));
    expect(new Set(all)).toEqual(new Set(["Bearer token-1"]));
    await clock.advance(269_000);
    expect(await tokens.authorization(signal)).toBe("Bearer token-1");
    await clock.advance(2_000);
    expect(await tokens.authorization(signal)).toBe("Bearer token-2");
    expect(grants).toHaveLength(2);
  });

  it("give a token that was refused no second time", async () => {
    const tokens = byName("x");
    await tokens.authorization(signal);
    tokens.forget();
    expect(await tokens.authorization(signal)).toBe("Bearer token-2");
  });

  it.each<[string, () => { status: number; body: object }]>([
    ["is refused", () => ({ status: 401, body: { error: "invalid_client", error_description: "s3cret" } })],
    ["fails", () => ({ status: 500, body: {} })],
    ["gives no token", () => ({ status: 200, body: { token_type: "Bearer" } })],
    [
      "gives a token that is not a bearer's",
      () => ({ status: 200, body: { access_token: "t", token_type: "mac" } }),
    ],
  ])("of a client that %s make the store unavailable, and the next one asks again", async (_name, how) => {
    const good = answerWith;
    answerWith = how;
    const tokens = byName("x");
    const error = await tokens.authorization(signal).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(SipVoiceError.is(error) && error.code).toBe("store-unavailable");
    expect(String(error)).not.toContain("s3cret");
    answerWith = good;
    expect(await tokens.authorization(signal)).toBe("Bearer token-2");
  });

  it("are sent by https only, but on this machine", () => {
    const open = (url: string) => () =>
      clientCredentials({ tokenUrl: url, clientId: "a", clientSecret: "b" });
    for (const url of [
      "http://login.example/token",
      "ftp://127.0.0.1/",
      "no address",
      "https://a:b@login.example/",
    ]) {
      expect(open(url), url).toThrow("patients' data may be sent to");
    }
    expect(open("https://login.example/token")).not.toThrow();
  });
});

/** The parts of a JWT, whose signature is checked by Node itself. */
function readAssertion(jwt: string, key: KeyObject, dsa: boolean) {
  const [header = "", payload = "", signature = ""] = jwt.split(".");
  const signed = Buffer.from(`${header}.${payload}`);
  const given = dsa ? { key, dsaEncoding: "ieee-p1363" as const } : key;
  expect(verify("sha384", signed, given, Buffer.from(signature, "base64url"))).toBe(true);
  const read = (part: string) =>
    JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  return { header: read(header), payload: read(payload) };
}

describe("SMART backend services", () => {
  it.each(["rsa", "ec"] as const)(
    "sign each request for a token with the client's key (%s)",
    async (type) => {
      const { privateKey, publicKey } =
        type === "rsa"
          ? generateKeyPairSync("rsa", { modulusLength: 2048 })
          : generateKeyPairSync("ec", { namedCurve: "P-384" });
      const pem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
      const jwk = { ...privateKey.export({ format: "jwk" }), kid: "key-of-jwk" };
      const common = { tokenUrl, clientId: "voice-agent", scope: "system/Appointment.write" };
      const fromPem: AccessTokens = smartBackendServices({ ...common, privateKey: pem, keyId: "2026-11" });
      const fromJwk: AccessTokens = smartBackendServices({ ...common, privateKey: jwk });
      await fromPem.authorization(signal);
      await fromJwk.authorization(signal);

      const ids = new Set<unknown>();
      for (const [{ form }, kid] of [
        [grants[0], "2026-11"],
        [grants[1], "key-of-jwk"],
      ] as [Grant, string][]) {
        expect(form.get("grant_type")).toBe("client_credentials");
        expect(form.get("client_assertion_type")).toBe(
          "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        );
        const { header, payload } = readAssertion(
          form.get("client_assertion") ?? "",
          createPublicKey(publicKey.export({ type: "spki", format: "pem" })),
          type === "ec",
        );
        expect(header).toMatchObject({ alg: type === "rsa" ? "RS384" : "ES384", kid });
        expect(payload).toMatchObject({ iss: "voice-agent", sub: "voice-agent", aud: tokenUrl });
        // The specification has five minutes as the most.
        expect(Number(payload.exp) - Date.now() / 1000).toBeLessThanOrEqual(300);
        expect(Number(payload.exp) - Date.now() / 1000).toBeGreaterThan(0);
        ids.add(payload.jti);
      }
      expect(ids.size).toBe(2);
    },
  );

  it("refuse a key that can't sign as SMART asks", () => {
    const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    for (const privateKey of [
      "no key",
      p256.export({ type: "pkcs8", format: "pem" }) as string,
      { kty: "oct" },
    ]) {
      const open = () => smartBackendServices({ tokenUrl, clientId: "a", privateKey });
      expect(open).toThrow("can't sign");
    }
  });
});

it("a store whose token was revoked fetches another one and goes on; one that is refused again gives up", async () => {
  const seen: (string | undefined)[] = [];
  let revoked = "Bearer token-1";
  const send: typeof fetch = async (_url, init) => {
    const { authorization } = (init?.headers ?? {}) as Record<string, string>;
    seen.push(authorization);
    if (authorization === revoked || revoked === "all") return new Response(null, { status: 401 });
    const headers = { "content-type": "application/fhir+json" };
    return new Response(JSON.stringify({ resourceType: "OperationOutcome" }), { status: 404, headers });
  };
  const clinics = { main: { timeZone: "America/Los_Angeles" } };
  const store = fhirAppointmentStore({
    baseUrl: "https://fhir.example/r4",
    clinics,
    tokens: byName("x"),
    fetch: send,
  });
  expect(await store.get("a-1")).toBeUndefined();
  expect(seen).toEqual(["Bearer token-1", "Bearer token-2"]);
  revoked = "all";
  await expect(store.get("a-1")).rejects.toThrow("refused the credentials (HTTP 401)");
  expect(seen).toHaveLength(4);
});
