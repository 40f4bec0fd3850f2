import * as proto from "@livekit/protocol";
import { requireGrant, type SipGrants } from "./authorization.ts";
import { dial } from "./outbound-call.ts";
import type { Switchboard } from "./switchboard.ts";
import { transfer } from "./transfer.ts";
import { serviceError } from "./twirp-error.ts";

/** JSON as protobuf's decoder takes it. */
export type ProtoJson = Parameters<typeof proto.SIPTrunkInfo.fromJson>[0];

/** The part of a generated message that encodes. */
export interface ProtoMessage {
  toBinary(): Uint8Array;
  toJson(options?: { emitDefaultValues?: boolean; useProtoFieldName?: boolean }): unknown;
}

interface ProtoClass<T> {
  fromJson(json: ProtoJson, options?: { ignoreUnknownFields?: boolean }): T;
  fromBinary(bytes: Uint8Array): T;
}

/** A request body that is still encoded. */
export type EncodedRequest = { readonly json: ProtoJson } | { readonly binary: Uint8Array };

/** Runs one method of the SIP service. `undefined` is the empty message. */
export type SipMethod = (
  board: Switchboard,
  grants: SipGrants,
  request: EncodedRequest,
) => Promise<ProtoMessage | undefined>;

function method<T>(
  type: ProtoClass<T>,
  granted: (grants: SipGrants, request: T) => boolean,
  run: (board: Switchboard, request: T) => ProtoMessage | undefined | Promise<ProtoMessage | undefined>,
): SipMethod {
  return async (board, grants, encoded) => {
    const request =
      "json" in encoded
        ? type.fromJson(encoded.json, { ignoreUnknownFields: true })
        : type.fromBinary(encoded.binary);
    requireGrant(granted(grants, request));
    return run(board, request);
  };
}

const admin = (grants: SipGrants): boolean => grants.admin;
const call = (grants: SipGrants): boolean => grants.call;

/** The methods of `livekit.SIP` that the stand-in answers, by name. */
export const SIP_METHODS: ReadonlyMap<string, SipMethod> = new Map([
  [
    "CreateSIPInboundTrunk",
    method(proto.CreateSIPInboundTrunkRequest, admin, (board, { trunk }) =>
      board.resources.createInbound(trunk),
    ),
  ],
  [
    "CreateSIPOutboundTrunk",
    method(proto.CreateSIPOutboundTrunkRequest, admin, (board, { trunk }) =>
      board.resources.createOutbound(trunk),
    ),
  ],
  [
    "UpdateSIPInboundTrunk",
    method(proto.UpdateSIPInboundTrunkRequest, admin, (board, request) =>
      board.resources.updateInbound(request),
    ),
  ],
  [
    "UpdateSIPOutboundTrunk",
    method(proto.UpdateSIPOutboundTrunkRequest, admin, (board, request) =>
      board.resources.updateOutbound(request),
    ),
  ],
  [
    "GetSIPInboundTrunk",
    method(proto.GetSIPInboundTrunkRequest, admin, ({ resources }, { sipTrunkId }) => {
      const trunk = resources.inbound.get(sipTrunkId);
      if (!trunk) throw serviceError("not_found", "requested sip trunk does not exist");
      return new proto.GetSIPInboundTrunkResponse({ trunk });
    }),
  ],
  [
    "GetSIPOutboundTrunk",
    method(proto.GetSIPOutboundTrunkRequest, admin, ({ resources }, { sipTrunkId }) => {
      const trunk = resources.outbound.get(sipTrunkId);
      if (!trunk) throw serviceError("not_found", "requested sip trunk does not exist");
      return new proto.GetSIPOutboundTrunkResponse({ trunk });
    }),
  ],
  [
    "ListSIPTrunk",
    method(
      proto.ListSIPTrunkRequest,
      admin,
      ({ resources }) => new proto.ListSIPTrunkResponse({ items: resources.listLegacy() }),
    ),
  ],
  [
    "ListSIPInboundTrunk",
    method(
      proto.ListSIPInboundTrunkRequest,
      admin,
      ({ resources }, request) =>
        new proto.ListSIPInboundTrunkResponse({ items: resources.listInbound(request) }),
    ),
  ],
  [
    "ListSIPOutboundTrunk",
    method(
      proto.ListSIPOutboundTrunkRequest,
      admin,
      ({ resources }, request) =>
        new proto.ListSIPOutboundTrunkResponse({ items: resources.listOutbound(request) }),
    ),
  ],
  [
    "DeleteSIPTrunk",
    method(proto.DeleteSIPTrunkRequest, admin, ({ resources }, { sipTrunkId }) =>
      resources.deleteTrunk(sipTrunkId),
    ),
  ],
  [
    "CreateSIPDispatchRule",
    method(proto.CreateSIPDispatchRuleRequest, admin, ({ resources }, { dispatchRule, ...fields }) => {
      const { rule, trunkIds, hidePhoneNumber, inboundNumbers, name, metadata, attributes } = fields;
      const { roomPreset, roomConfig } = fields;
      const given = { trunkIds, hidePhoneNumber, inboundNumbers, name, metadata, attributes, roomPreset };
      // Older clients send the fields one by one, newer ones the whole rule.
      const info = new proto.SIPDispatchRuleInfo({
        ...given,
        ...(rule ? { rule } : {}),
        ...(roomConfig ? { roomConfig } : {}),
      });
      return resources.createRule(dispatchRule ?? info);
    }),
  ],
  [
    "UpdateSIPDispatchRule",
    method(proto.UpdateSIPDispatchRuleRequest, admin, (board, request) =>
      board.resources.updateRule(request),
    ),
  ],
  [
    "ListSIPDispatchRule",
    method(
      proto.ListSIPDispatchRuleRequest,
      admin,
      ({ resources }, request) =>
        new proto.ListSIPDispatchRuleResponse({ items: resources.listRules(request) }),
    ),
  ],
  [
    "DeleteSIPDispatchRule",
    method(proto.DeleteSIPDispatchRuleRequest, admin, ({ resources }, request) =>
      resources.deleteRule(request.sipDispatchRuleId),
    ),
  ],
  ["CreateSIPParticipant", method(proto.CreateSIPParticipantRequest, call, dial)],
  [
    "TransferSIPParticipant",
    method(
      proto.TransferSIPParticipantRequest,
      (grants, request) => {
        // As LiveKit does: the missing room is told before the missing grant.
        if (!request.roomName) throw serviceError("invalid_argument", "Missing room name");
        return grants.call && grants.roomAdminOf === request.roomName;
      },
      async (board, request) => {
        await transfer(board, request);
        return undefined;
      },
    ),
  ],
]);
