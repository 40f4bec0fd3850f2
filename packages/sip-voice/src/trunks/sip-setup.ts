import type { DispatchRule, InboundTrunk, OutboundTrunk } from "./sip-config-shape.ts";
import type { LiveSipResource, SipListing, SipResourceKind } from "./sip-resource.ts";

/**
 * Why LiveKit's SIP API did not do what it was asked.
 *
 * - `unreachable`: nothing answers at the address
 * - `refused`: the key or the secret is not this project's
 * - `too-few-rights`: the key is right, and may not change SIP
 * - `no-sip`: a LiveKit server without SIP
 * - `no-api`: what answers is no LiveKit server
 * - `gone`: the resource does not exist (any more)
 * - `conflict`: another resource already holds for the same calls
 * - `invalid`: LiveKit finds the resource itself wrong
 * - `failed`: anything else; whether it was carried out is not known
 */
export type SipSetupFailureKind =
  | "unreachable"
  | "refused"
  | "too-few-rights"
  | "no-sip"
  | "no-api"
  | "gone"
  | "conflict"
  | "invalid"
  | "failed";

/** A request that LiveKit did not carry out. Holds no number, name or secret. */
export interface SipSetupFailure {
  /** Why. */
  readonly kind: SipSetupFailureKind;
  /** What it means, as a sentence. */
  readonly means: string;
  /** What to do, as a sentence. */
  readonly remedy: string;
}

/** An answer of LiveKit's SIP API. */
export type SipSetupAnswer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: SipSetupFailure };

/** A resource with its kind. */
export type SipResource =
  | { readonly kind: "inbound-trunk"; readonly resource: InboundTrunk }
  | { readonly kind: "outbound-trunk"; readonly resource: OutboundTrunk }
  | { readonly kind: "dispatch-rule"; readonly resource: DispatchRule };

/** The SIP resources of a LiveKit project, to list and to change. What fails is a value; nothing is thrown for it. */
export interface SipSetup {
  /** Everything that is there. */
  list(): Promise<SipSetupAnswer<SipListing>>;
  /** Makes a resource and gives its id. Asks once: a lost answer is `failed`. */
  create(resource: SipResource): Promise<SipSetupAnswer<LiveSipResource>>;
  /** Puts a resource in the place of the one with this id. */
  replace(id: string, resource: SipResource): Promise<SipSetupAnswer<LiveSipResource>>;
  /** Removes a resource. */
  remove(kind: SipResourceKind, id: string): Promise<SipSetupAnswer<undefined>>;
}

/** The sentences of each failure; adapters use them. */
export const sipSetupFailures: Readonly<Record<SipSetupFailureKind, SipSetupFailure>> = {
  unreachable: {
    kind: "unreachable",
    means: "LiveKit can't be reached from here.",
    remedy: "Check LIVEKIT_URL, that the server runs, and that this machine may reach it.",
  },
  refused: {
    kind: "refused",
    means: "LiveKit refused the credentials.",
    remedy:
      "Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET, that they belong to LIVEKIT_URL, and this machine's clock.",
  },
  "too-few-rights": {
    kind: "too-few-rights",
    means: "The key is right and may not manage SIP.",
    remedy: "Make a key with the right to manage SIP in your LiveKit project's settings.",
  },
  "no-sip": {
    kind: "no-sip",
    means: "This LiveKit server has no SIP: it runs without Redis, or without LiveKit's SIP service.",
    remedy: "Use LiveKit Cloud, or add Redis and LiveKit's SIP service to your own server.",
  },
  "no-api": {
    kind: "no-api",
    means: "What answers at LIVEKIT_URL knows no SIP API.",
    remedy: "Check the address: it is your LiveKit project's, not its SIP address.",
  },
  gone: {
    kind: "gone",
    means: "The resource does not exist any more: somebody removed it.",
    remedy: "Plan again: what is missing will be made anew.",
  },
  conflict: {
    kind: "conflict",
    means: "Another resource of the project already holds for the same calls.",
    remedy: "`sip-voice trunks list` shows it: take the number out there, or remove it.",
  },
  invalid: {
    kind: "invalid",
    means: "LiveKit finds the resource itself wrong.",
    remedy: "Check its fields against LiveKit's documentation.",
  },
  failed: {
    kind: "failed",
    means: "LiveKit did not answer as it should, so whether it was carried out is not known.",
    remedy: "Plan again: it shows what was.",
  },
};
