import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { SipVoiceError } from "../errors.ts";
import { openClinicDatabase } from "./clinic-database.ts";
import { type ThrowAwaySchema, throwAwaySchema } from "./throw-away-schema.ts";

/** A certificate of 127.0.0.1 that signs itself, made by the openssl that PostgreSQL's package brings along. */
function selfSigned(): { readonly key: string; readonly certificate: string } {
  const folder = mkdtempSync(join(tmpdir(), "sip-voice-tls-"));
  try {
    const [key, certificate] = [join(folder, "key"), join(folder, "certificate")];
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    const files = ["-keyout", key, "-out", certificate];
    const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    execFileSync("openssl", ["req", "-x509", ...newKey, "-days", "2", ...subject, ...files], {
      stdio: "pipe",
    });
    return { key: readFileSync(key, "utf8"), certificate: readFileSync(certificate, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const server = selfSigned();
const another = selfSigned();
let place: ThrowAwaySchema;

/** Has the server write a file into its own folder, readable by itself alone. */
async function writeOnServer(name: string, text: string): Promise<void> {
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => `('${line}')`);
  await place.query(`COPY (VALUES ${lines.join(", ")}) TO PROGRAM 'umask 077; cat > ${name}'`);
}

beforeAll(async () => {
  place = throwAwaySchema(inject("postgresUrl"));
  await writeOnServer("test.key", server.key);
  await writeOnServer("test.crt", server.certificate);
  await place.query("ALTER SYSTEM SET ssl_cert_file = 'test.crt'");
  await place.query("ALTER SYSTEM SET ssl_key_file = 'test.key'");
});

afterAll(async () => {
  for (const name of ["ssl", "ssl_cert_file", "ssl_key_file"])
    await place.query(`ALTER SYSTEM RESET ${name}`);
  await place.query("SELECT pg_reload_conf()");
  await place.dispose();
});

async function refusal(step: () => Promise<unknown>): Promise<SipVoiceError> {
  const error = await step().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (SipVoiceError.is(error)) return error;
  throw new Error("It was not refused.", { cause: error });
}

const openWith = (ca: string) => openClinicDatabase(place.pool({ ssl: { ca } }), { schema: place.schema });

it("is refused, and named, where the pool asks for TLS and the server has none", async () => {
  const error = await refusal(() => openWith(server.certificate));
  expect([error.code, error.remedy]).toEqual(["store-unavailable", expect.stringContaining("ssl")]);
});

it("takes a server whose certificate the pool trusts, and no other", async () => {
  await place.query("ALTER SYSTEM SET ssl = on");
  await place.query("SELECT pg_reload_conf()");
  const pool = place.pool({ ssl: { ca: server.certificate } });
  // The server reads its settings again in its own time.
  for (let tries = 0; tries < 200; tries++) {
    const open = await openClinicDatabase(pool, { schema: place.schema }).catch(() => undefined);
    if (open) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { appointments } = await openClinicDatabase(pool, { schema: place.schema });
  expect(await appointments.get("a-1")).toBeUndefined();
  const { rows } = await pool.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
  expect(rows).toEqual([{ ssl: true }]);

  const error = await refusal(() => openWith(another.certificate));
  expect([error.code, error.remedy]).toEqual(["store-unavailable", expect.stringContaining("certificate")]);
});
