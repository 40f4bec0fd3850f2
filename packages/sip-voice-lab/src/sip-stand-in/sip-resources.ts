import {
  type ListSIPInboundTrunkRequest,
  SIPDispatchRuleInfo,
  SIPInboundTrunkInfo,
  SIPOutboundTrunkInfo,
  SIPTrunkInfo,
  SIPTrunkInfo_TrunkKind,
  type UpdateSIPDispatchRuleRequest,
  type UpdateSIPInboundTrunkRequest,
  type UpdateSIPOutboundTrunkRequest,
} from "@livekit/protocol";
import { livekitId } from "../telephone/sip-leg.ts";
import { updatedList } from "./list-update.ts";
import { serviceError } from "./twirp-error.ts";

const noTrunk = () => serviceError("not_found", "requested sip trunk does not exist");
const noRule = () => serviceError("not_found", "requested sip dispatch rule does not exist");

type TrunkFilter = Pick<ListSIPInboundTrunkRequest, "trunkIds" | "numbers">;

/** Trunks and dispatch rules as LiveKit keeps them, in memory: they are gone when the lab is. */
export class SipResources {
  readonly inbound = new Map<string, SIPInboundTrunkInfo>();
  readonly outbound = new Map<string, SIPOutboundTrunkInfo>();
  readonly rules = new Map<string, SIPDispatchRuleInfo>();

  createInbound(trunk: SIPInboundTrunkInfo | undefined): SIPInboundTrunkInfo {
    if (!trunk) throw serviceError("invalid_argument", "missing trunk");
    const secured =
      trunk.authUsername || trunk.authPassword || trunk.allowedAddresses.length || trunk.numbers.length;
    if (!secured) {
      throw serviceError(
        "invalid_argument",
        "an inbound trunk needs numbers, allowed addresses or a user and password",
      );
    }
    return this.#keep(this.inbound, new SIPInboundTrunkInfo({ ...trunk, sipTrunkId: livekitId("ST_") }));
  }

  createOutbound(trunk: SIPOutboundTrunkInfo | undefined): SIPOutboundTrunkInfo {
    if (!trunk) throw serviceError("invalid_argument", "missing trunk");
    if (!trunk.address) throw serviceError("invalid_argument", "no outbound address specified");
    if (trunk.numbers.length === 0) throw serviceError("invalid_argument", "no trunk numbers specified");
    return this.#keep(this.outbound, new SIPOutboundTrunkInfo({ ...trunk, sipTrunkId: livekitId("ST_") }));
  }

  createRule(rule: SIPDispatchRuleInfo): SIPDispatchRuleInfo {
    if (rule.rule?.rule.case === undefined) throw serviceError("invalid_argument", "missing rule");
    const created = new SIPDispatchRuleInfo({ ...rule, sipDispatchRuleId: livekitId("SDR_") });
    this.rules.set(created.sipDispatchRuleId, created);
    return created;
  }

  updateInbound(request: UpdateSIPInboundTrunkRequest): SIPInboundTrunkInfo {
    const current = this.inbound.get(request.sipTrunkId) ?? fail(noTrunk());
    const { sipTrunkId } = current;
    const { action } = request;
    if (action.case === "replace") {
      return this.#keep(this.inbound, new SIPInboundTrunkInfo({ ...action.value, sipTrunkId }));
    }
    if (action.case !== "update")
      throw serviceError("invalid_argument", "missing or unsupported update action");
    const { numbers, allowedAddresses, allowedNumbers, ...fields } = action.value;
    const updated = new SIPInboundTrunkInfo({ ...current, ...given(fields), sipTrunkId });
    updated.numbers = updatedList(current.numbers, numbers);
    updated.allowedAddresses = updatedList(current.allowedAddresses, allowedAddresses);
    updated.allowedNumbers = updatedList(current.allowedNumbers, allowedNumbers);
    return this.#keep(this.inbound, updated);
  }

  updateOutbound(request: UpdateSIPOutboundTrunkRequest): SIPOutboundTrunkInfo {
    const current = this.outbound.get(request.sipTrunkId) ?? fail(noTrunk());
    const { sipTrunkId } = current;
    const { action } = request;
    if (action.case === "replace") {
      return this.#keep(this.outbound, new SIPOutboundTrunkInfo({ ...action.value, sipTrunkId }));
    }
    if (action.case !== "update")
      throw serviceError("invalid_argument", "missing or unsupported update action");
    const { numbers, ...fields } = action.value;
    const updated = new SIPOutboundTrunkInfo({ ...current, ...given(fields), sipTrunkId });
    updated.numbers = updatedList(current.numbers, numbers);
    return this.#keep(this.outbound, updated);
  }

  updateRule(request: UpdateSIPDispatchRuleRequest): SIPDispatchRuleInfo {
    const current = this.rules.get(request.sipDispatchRuleId) ?? fail(noRule());
    const { sipDispatchRuleId } = current;
    const { action } = request;
    let updated: SIPDispatchRuleInfo;
    if (action.case === "replace") {
      updated = new SIPDispatchRuleInfo({ ...action.value, sipDispatchRuleId });
    } else if (action.case === "update") {
      const { trunkIds, attributes, ...fields } = action.value;
      updated = new SIPDispatchRuleInfo({ ...current, ...given(fields), sipDispatchRuleId });
      updated.trunkIds = updatedList(current.trunkIds, trunkIds);
      if (Object.keys(attributes).length > 0) updated.attributes = { ...current.attributes, ...attributes };
    } else {
      throw serviceError("invalid_argument", "missing or unsupported update action");
    }
    this.rules.set(sipDispatchRuleId, updated);
    return updated;
  }

  deleteTrunk(sipTrunkId: string): SIPTrunkInfo {
    const inbound = this.inbound.get(sipTrunkId);
    const outbound = this.outbound.get(sipTrunkId);
    if (!inbound && !outbound) throw noTrunk();
    this.inbound.delete(sipTrunkId);
    this.outbound.delete(sipTrunkId);
    return legacyTrunk(inbound ?? outbound);
  }

  deleteRule(sipDispatchRuleId: string): SIPDispatchRuleInfo {
    const rule = this.rules.get(sipDispatchRuleId) ?? fail(noRule());
    this.rules.delete(sipDispatchRuleId);
    return rule;
  }

  listInbound(filter: TrunkFilter): SIPInboundTrunkInfo[] {
    return [...this.inbound.values()].filter((trunk) => matches(trunk, filter));
  }

  listOutbound(filter: TrunkFilter): SIPOutboundTrunkInfo[] {
    return [...this.outbound.values()].filter((trunk) => matches(trunk, filter));
  }

  listRules(filter: { dispatchRuleIds: string[]; trunkIds: string[] }): SIPDispatchRuleInfo[] {
    return [...this.rules.values()].filter(
      (rule) =>
        (filter.dispatchRuleIds.length === 0 || filter.dispatchRuleIds.includes(rule.sipDispatchRuleId)) &&
        (filter.trunkIds.length === 0 || overlaps(rule.trunkIds, filter.trunkIds)),
    );
  }

  listLegacy(): SIPTrunkInfo[] {
    return [...this.inbound.values(), ...this.outbound.values()].map(legacyTrunk);
  }

  #keep<T extends { sipTrunkId: string }>(where: Map<string, T>, trunk: T): T {
    where.set(trunk.sipTrunkId, trunk);
    return trunk;
  }
}

function fail(error: Error): never {
  throw error;
}

// An update carries only the fields to change; the others must not overwrite with undefined.
function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && typeof value !== "function"),
  ) as Partial<T>;
}

/** A resource without any of these is a wildcard and matches. */
function overlaps(own: readonly string[], wanted: readonly string[]): boolean {
  return own.length === 0 || own.some((value) => wanted.includes(value));
}

function matches(trunk: { sipTrunkId: string; numbers: string[] }, filter: TrunkFilter): boolean {
  return (
    (filter.trunkIds.length === 0 || filter.trunkIds.includes(trunk.sipTrunkId)) &&
    (filter.numbers.length === 0 || overlaps(trunk.numbers, filter.numbers))
  );
}

function legacyTrunk(trunk: SIPInboundTrunkInfo | SIPOutboundTrunkInfo | undefined): SIPTrunkInfo {
  const kind =
    trunk instanceof SIPInboundTrunkInfo
      ? SIPTrunkInfo_TrunkKind.TRUNK_INBOUND
      : SIPTrunkInfo_TrunkKind.TRUNK_OUTBOUND;
  return new SIPTrunkInfo({
    kind,
    sipTrunkId: trunk?.sipTrunkId ?? "",
    name: trunk?.name ?? "",
    metadata: trunk?.metadata ?? "",
    outboundNumber: trunk?.numbers[0] ?? "",
    ...(trunk instanceof SIPOutboundTrunkInfo
      ? { outboundAddress: trunk.address, transport: trunk.transport }
      : {}),
    ...(trunk instanceof SIPInboundTrunkInfo
      ? { inboundAddresses: trunk.allowedAddresses, inboundNumbers: trunk.allowedNumbers }
      : {}),
  });
}
