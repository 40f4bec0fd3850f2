import { randomUUID } from "node:crypto";
import { resolve4, resolveSrv } from "node:dns/promises";
import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { participantKind, type RoomGateway, SipVoiceError } from "@clinic/sip-voice";
import type { LiveKitReach } from "./livekit-steps.ts";
import type { DatabaseState, TelnyxFacts } from "./service-steps.ts";
import type { AgentAnswer } from "./sip-steps.ts";

const requestTimeoutMs = 8_000;

/** Asks for a page and waits no longer than 8 seconds. */
function request(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, { headers, signal: AbortSignal.timeout(requestTimeoutMs), redirect: "manual" });
}

/** Looks whether anything answers at LiveKit's address, and what time it has. */
export async function probeLiveKit(url: string): Promise<LiveKitReach> {
  try {
    const response = await request(url.replace(/^ws/, "http"));
    const date = Date.parse(response.headers.get("date") ?? "");
    await response.body?.cancel();
    return {
      reached: true,
      status: response.status,
      skewSeconds: Number.isNaN(date) ? undefined : (Date.now() - date) / 1000,
    };
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    return {
      reached: false,
      code: (error as Error).name === "TimeoutError" ? "ETIMEDOUT" : (code ?? "unknown"),
    };
  }
}

/** Dispatches the agent into a room of its own, waits for it, and removes the room. */
export async function probeAgent(
  rooms: RoomGateway,
  agentName: string,
  patienceMs: number,
): Promise<AgentAnswer> {
  const room = `sip-voice-doctor-${randomUUID()}`;
  const begun = performance.now();
  const waited = (): number => performance.now() - begun;
  try {
    await rooms.createRoom(room, { metadata: "{}", emptyTimeoutSeconds: 30 });
    await rooms.dispatchAgent(room, agentName, "");
    while (waited() < patienceMs) {
      const members = await rooms.participants(room);
      if (members.some(({ kind }) => kind === participantKind.agent))
        return { came: true, afterMs: waited() };
      await sleep(250);
    }
    return { came: false, afterMs: waited() };
  } catch (error) {
    if (SipVoiceError.is(error)) return { failed: error.message };
    throw error;
  } finally {
    await rooms.removeRoom(room).catch(() => undefined);
  }
}

/** Asks Gemini for a model's name with the key; gives the status. The key goes in a header, never in an address. */
export async function probeGemini(baseUrl: string, key: string): Promise<number | undefined> {
  try {
    const response = await request(`${baseUrl.replace(/\/$/, "")}/v1beta/models?pageSize=1`, {
      "x-goog-api-key": key,
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return undefined;
  }
}

/** Looks the carrier's host up, as SIP does: SRV first. */
export async function probeDns(host: string): Promise<TelnyxFacts["dns"]> {
  const patience = sleep(requestTimeoutMs, "no-answer" as const, { ref: false });
  const lookUp = async (): Promise<TelnyxFacts["dns"]> => {
    const srv = await resolveSrv(`_sip._udp.${host}`).catch(() => []);
    if (srv.length > 0) return "ok";
    return await resolve4(host).then(
      () => "ok" as const,
      ({ code }: NodeJS.ErrnoException) =>
        code === "ENOTFOUND" || code === "ENODATA" ? "no-such-host" : "no-answer",
    );
  };
  return await Promise.race([lookUp(), patience]);
}

/** Asks Telnyx's API for the number's connection and where that sends calls. */
export async function probeTelnyx(
  baseUrl: string,
  key: string,
  number: string,
): Promise<TelnyxFacts["account"]> {
  const ask = async (path: string): Promise<Response> =>
    request(`${baseUrl}${path}`, { authorization: `Bearer ${key}` });
  try {
    const found = await ask(`/v2/phone_numbers?filter[phone_number]=${encodeURIComponent(number)}`);
    if (!found.ok) return { status: found.status };
    const [owned] = ((await found.json()) as { data?: { connection_id?: string | null }[] }).data ?? [];
    if (!owned) return { number: "unknown", fqdns: [] };
    if (!owned.connection_id) return { number: "unassigned", fqdns: [] };
    const listed = await ask(`/v2/fqdns?filter[connection_id]=${encodeURIComponent(owned.connection_id)}`);
    if (!listed.ok) return { status: listed.status };
    const fqdns = ((await listed.json()) as { data?: { fqdn?: string }[] }).data ?? [];
    return { number: "assigned", fqdns: fqdns.map(({ fqdn }) => fqdn ?? "") };
  } catch {
    return undefined;
  }
}

/** Looks at the database without changing it. */
export function probeDatabase(folder: string, path: string): DatabaseState {
  const file = resolve(folder, path);
  if (!existsSync(file)) return existsSync(dirname(file)) ? "absent" : "no-folder";
  let database: DatabaseSync | undefined;
  try {
    if (!statSync(file).isFile()) return "not-a-database";
    database = new DatabaseSync(file, { readOnly: true });
    const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() as {
      tables: number;
    };
    return tables > 0 ? "ready" : "empty";
  } catch (error) {
    return (error as { errcode?: number }).errcode === 26 ? "not-a-database" : "unreadable";
  } finally {
    database?.close();
  }
}
