import { liveSipResource } from "../trunks/live-listing.ts";
import type { SipResourceKind } from "../trunks/sip-resource.ts";
import {
  type SipResource,
  type SipSetup,
  type SipSetupAnswer,
  type SipSetupFailure,
  type SipSetupFailureKind,
  sipSetupFailures,
} from "../trunks/sip-setup.ts";
import { httpUrlOf, type LiveKitConnection, loadServerSdk } from "./connection.ts";

const requestTimeoutMs = 10_000;

const methods = {
  "inbound-trunk": { one: "SIPInboundTrunk", remove: "SIPTrunk", field: "trunk", id: "sip_trunk_id" },
  "outbound-trunk": { one: "SIPOutboundTrunk", remove: "SIPTrunk", field: "trunk", id: "sip_trunk_id" },
  "dispatch-rule": {
    one: "SIPDispatchRule",
    remove: "SIPDispatchRule",
    field: "dispatch_rule",
    id: "sip_dispatch_rule_id",
  },
} as const;

/**
 * LiveKit's SIP trunks and dispatch rules. Sends the resources as they stand in their files, since the SDK's client leaves some of
 * their fields out, and each request once: on LiveKit Cloud the SDK replays what got no answer, and a second creation makes a second
 * trunk.
 *
 * @example
 * ```ts
 * import { liveKitSipSetup } from "@clinic/sip-voice/livekit";
 *
 * const setup = await liveKitSipSetup({ url: "ws://127.0.0.1:7880", apiKey: "key", apiSecret: "secret" });
 * console.log(typeof setup.list);
 * ```
 */
export async function liveKitSipSetup(connection: LiveKitConnection): Promise<SipSetup> {
  const { AccessToken } = await loadServerSdk();
  const ask = async (method: string, body: unknown): Promise<SipSetupAnswer<Record<string, unknown>>> => {
    const token = new AccessToken(connection.apiKey, connection.apiSecret, { ttl: "10m" });
    token.addSIPGrant({ admin: true });
    let response: Response;
    try {
      response = await fetch(`${httpUrlOf(connection)}/twirp/livekit.SIP/${method}`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${await token.toJwt()}` },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
    } catch (error) {
      return failed(error instanceof DOMException ? "failed" : "unreachable");
    }
    const text = await response.text().catch(() => "");
    const answer = jsonOf(text);
    if (!response.ok) return { ok: false, failure: failureOf(response.status, answer) };
    return answer ? { ok: true, value: answer } : failed("no-api");
  };
  const change = async (method: string, kind: SipResourceKind, body: unknown) => {
    const answer = await ask(method, body);
    if (!answer.ok) return answer;
    const live = liveSipResource(kind, answer.value);
    return live ? ({ ok: true, value: live } as const) : failed("failed");
  };
  const all = async <Kind extends SipResourceKind>(kind: Kind) => {
    const answer = await ask(`List${methods[kind].one}`, {});
    if (!answer.ok) return answer;
    const items = Array.isArray(answer.value.items) ? (answer.value.items as unknown[]) : [];
    return {
      ok: true,
      value: items.map((item) => liveSipResource(kind, item)).filter((one) => one !== undefined),
    } as const;
  };
  return {
    async list() {
      const inbound = await all("inbound-trunk");
      if (!inbound.ok) return inbound;
      const [outbound, rules] = await Promise.all([all("outbound-trunk"), all("dispatch-rule")]);
      if (!outbound.ok) return outbound;
      if (!rules.ok) return rules;
      const value = {
        inboundTrunks: inbound.value,
        outboundTrunks: outbound.value,
        dispatchRules: rules.value,
      };
      return { ok: true, value };
    },
    create: ({ kind, resource }: SipResource) =>
      change(`Create${methods[kind].one}`, kind, { [methods[kind].field]: resource }),
    replace: (id: string, { kind, resource }: SipResource) =>
      change(`Update${methods[kind].one}`, kind, { [methods[kind].id]: id, replace: resource }),
    async remove(kind, id) {
      const answer = await ask(`Delete${methods[kind].remove}`, { [methods[kind].id]: id });
      return answer.ok ? { ok: true, value: undefined } : answer;
    },
  };
}

function failed(kind: SipSetupFailureKind): { readonly ok: false; readonly failure: SipSetupFailure } {
  return { ok: false, failure: sipSetupFailures[kind] };
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** LiveKit's own words are not repeated, as they may hold numbers; the ids in them are. */
function failureOf(status: number, answer: Record<string, unknown> | undefined): SipSetupFailure {
  const code = String(answer?.code ?? "");
  const words = String(answer?.msg ?? "");
  const kind = kindOf(status, code, words);
  const ids = [...new Set(words.match(/\b(?:ST|SDR)_\w+/g) ?? [])];
  const { means, remedy } = sipSetupFailures[kind];
  return { kind, means: ids.length > 0 ? `${means} It is ${ids.join(" or ")}.` : means, remedy };
}

function kindOf(status: number, code: string, words: string): SipSetupFailureKind {
  if (words.includes("sip not connected")) return "no-sip";
  // A token that is not taken is answered in plain text; a missing right in Twirp's form.
  if (status === 401 || status === 403) return code === "" ? "refused" : "too-few-rights";
  if (/conflicting inbound sip trunks|already exists/i.test(words)) return "conflict";
  if (code === "not_found") return "gone";
  if (code === "bad_route" || code === "unimplemented" || status === 404) return "no-api";
  if (code === "invalid_argument" || code === "malformed") return "invalid";
  return "failed";
}
