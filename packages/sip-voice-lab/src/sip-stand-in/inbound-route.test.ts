import { ListUpdate, SIPDispatchRule, SIPDispatchRuleInfo, SIPInboundTrunkInfo } from "@livekit/protocol";
import { expect, test } from "vitest";
import { inboundParticipant, routeInbound } from "./inbound-route.ts";
import { updatedList } from "./list-update.ts";
import { SipResources } from "./sip-resources.ts";
import { transferNumber } from "./transfer.ts";
import { codeOfSipStatus, sipStatusError } from "./twirp-error.ts";

const CLINIC = "+17205550174";
const CALLER = "+15105550100";
const individual = (roomPrefix: string, noRandomness = false) =>
  new SIPDispatchRule({ rule: { case: "dispatchRuleIndividual", value: { roomPrefix, noRandomness } } });

function network() {
  const resources = new SipResources();
  const trunk = resources.createInbound(new SIPInboundTrunkInfo({ name: "in", numbers: [CLINIC] }));
  const rule = resources.createRule(
    new SIPDispatchRuleInfo({ trunkIds: [trunk.sipTrunkId], rule: individual("call-", true) }),
  );
  return { resources, trunk, rule };
}

test("a call is routed by the number called, the caller's number, and the rule's trunks", () => {
  const { resources, trunk, rule } = network();
  expect(routeInbound(resources, CALLER, CLINIC)).toEqual({ trunk, rule });
  expect(routeInbound(resources, CALLER, "+17205550175")).toBeUndefined();
  trunk.allowedNumbers = ["+15105550101"];
  expect(routeInbound(resources, CALLER, CLINIC)).toBeUndefined();
});

test("the more specific trunk and rule win; a rule with a PIN takes no caller", () => {
  const { resources, trunk, rule } = network();
  resources.createInbound(new SIPInboundTrunkInfo({ name: "any", authUsername: "u", authPassword: "p" }));
  resources.createRule(new SIPDispatchRuleInfo({ rule: individual("any-") }));
  expect(routeInbound(resources, CALLER, CLINIC)).toEqual({ trunk, rule });
  resources.deleteRule(rule.sipDispatchRuleId);
  expect(routeInbound(resources, CALLER, CLINIC)?.rule.trunkIds).toEqual([]);
  const pin = network();
  pin.resources.deleteRule(pin.rule.sipDispatchRuleId);
  const direct = new SIPDispatchRule({
    rule: { case: "dispatchRuleDirect", value: { roomName: "r", pin: "1" } },
  });
  pin.resources.createRule(new SIPDispatchRuleInfo({ rule: direct }));
  expect(routeInbound(pin.resources, CALLER, CLINIC)).toBeUndefined();
});

test("an inbound participant has the recorded shape, and no number when it is hidden", () => {
  const route = network();
  const call = { from: CALLER, to: CLINIC, hidden: false, callId: "SCL_x", sequence: 1 };
  expect(inboundParticipant(route, call)).toMatchObject({
    identity: `sip_${CALLER}`,
    name: `Phone ${CALLER}`,
    room: `call-_${CALLER}`,
    attributes: { "sip.callStatus": "ringing", "sip.phoneNumber": CALLER, "sip.trunkPhoneNumber": CLINIC },
  });
  expect(JSON.stringify(inboundParticipant(route, { ...call, hidden: true }))).not.toContain("0100");
  route.rule.hidePhoneNumber = true;
  const masked = inboundParticipant(route, call);
  expect(masked).toMatchObject({ name: "Phone 0100", room: "call-_0100" });
  expect(JSON.stringify(masked)).not.toContain(CALLER);
});

test("list updates set, clear, add and remove", () => {
  expect(updatedList(["a"], undefined)).toEqual(["a"]);
  expect(updatedList(["a"], new ListUpdate({ set: ["b"] }))).toEqual(["b"]);
  expect(updatedList(["a"], new ListUpdate({ clear: true }))).toEqual([]);
  expect(updatedList(["a", "b"], new ListUpdate({ add: ["c", "b"], remove: ["a"] }))).toEqual(["b", "c"]);
});

test("SIP statuses come to LiveKit's error codes", () => {
  expect([404, 408, 480, 486, 488, 403, 407, 500, 503, 504, 600, 603, 604, 699].map(codeOfSipStatus)).toEqual(
    [
      "not_found",
      "deadline_exceeded",
      "resource_exhausted",
      "resource_exhausted",
      "invalid_argument",
      "permission_denied",
      "unauthenticated",
      "failed_precondition",
      "failed_precondition",
      "deadline_exceeded",
      "resource_exhausted",
      "permission_denied",
      "not_found",
      "invalid_argument",
    ],
  );
  const busy = sipStatusError(486, "Busy Here");
  expect([busy.httpStatus, busy.meta]).toEqual([429, { sip_status: "Busy Here", sip_status_code: "486" }]);
});

test("transfer targets are tel: and sip: URIs", () => {
  for (const uri of [
    `tel:${CALLER}`,
    `<tel:${CALLER}>`,
    `sip:${CALLER}@127.0.0.1:5060`,
    `<sips:${CALLER}@x;a=b>`,
  ]) {
    expect(transferNumber(uri)).toBe(CALLER);
  }
  expect(transferNumber(CALLER)).toBeUndefined();
  expect(transferNumber("https://example.com")).toBeUndefined();
});
