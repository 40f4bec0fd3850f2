import {
  type DispatchRule,
  dispatchRuleShape,
  type InboundTrunk,
  inboundTrunkShape,
  type OutboundTrunk,
  outboundTrunkShape,
} from "./sip-config-shape.ts";

/** The three kinds of LiveKit's SIP resources. */
export type SipResourceKind = "inbound-trunk" | "outbound-trunk" | "dispatch-rule";

/** The resource of each kind. */
export interface SipResourceOf {
  /** Which calls are taken from the carrier. */
  readonly "inbound-trunk": InboundTrunk;
  /** How the carrier is reached. */
  readonly "outbound-trunk": OutboundTrunk;
  /** Which room and agent a call gets. */
  readonly "dispatch-rule": DispatchRule;
}

/** A resource that exists in a LiveKit project. */
export interface LiveSipResource<Resource = InboundTrunk | OutboundTrunk | DispatchRule> {
  /** LiveKit's id, `ST_…` or `SDR_…`. */
  readonly id: string;
  /** The resource itself, without what is unset. */
  readonly resource: Resource;
}

/** Everything of SIP that a LiveKit project has. */
export interface SipListing {
  /** The inbound trunks. */
  readonly inboundTrunks: readonly LiveSipResource<InboundTrunk>[];
  /** The outbound trunks. */
  readonly outboundTrunks: readonly LiveSipResource<OutboundTrunk>[];
  /** The dispatch rules. */
  readonly dispatchRules: readonly LiveSipResource<DispatchRule>[];
}

/** The file of each kind in `sip_config/`, the field that holds the resource, and the variable that keeps its id. */
export const sipConfigFiles = {
  "inbound-trunk": { file: "inbound_trunk.json", wrapper: "trunk", variable: "INBOUND_TRUNK_ID" },
  "outbound-trunk": { file: "outbound_trunk.json", wrapper: "trunk", variable: "OUTBOUND_TRUNK_ID" },
  "dispatch-rule": { file: "dispatch_rule.json", wrapper: "dispatchRule", variable: undefined },
} as const;

/** The kinds in the order in which they can be made: a rule names its trunk. */
export const sipResourceKinds: readonly SipResourceKind[] = [
  "inbound-trunk",
  "outbound-trunk",
  "dispatch-rule",
];

/** The shape of each kind's resource. */
export const shapeOfKind = {
  "inbound-trunk": inboundTrunkShape,
  "outbound-trunk": outboundTrunkShape,
  "dispatch-rule": dispatchRuleShape,
} as const;

/** What a kind is called in sentences. */
export function kindName(kind: SipResourceKind): string {
  return kind.replace("-", " ");
}

/** The live resources of a kind. */
export function listedOf(listing: SipListing, kind: SipResourceKind): readonly LiveSipResource[] {
  switch (kind) {
    case "inbound-trunk":
      return listing.inboundTrunks;
    case "outbound-trunk":
      return listing.outboundTrunks;
    case "dispatch-rule":
      return listing.dispatchRules;
  }
}
