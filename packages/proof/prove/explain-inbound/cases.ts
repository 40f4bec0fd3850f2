import type { DispatchRule, InboundTrunk } from "@clinic/sip-voice/trunks";

/** A call and the set-up that it meets, with LiveKit's resources as protobuf JSON. */
export interface MatchingCase {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly source: string;
  readonly host: string;
  readonly pin: string;
  readonly trunks: readonly (Omit<InboundTrunk, "name"> & {
    readonly name: string;
    readonly sipTrunkId: string;
  })[];
  readonly rules: readonly (DispatchRule & { readonly sipDispatchRuleId: string })[];
}

const clinic = "+17205550174";
const branch = "+17205550175";
const caller = "+15105550100";

type TrunkFields = Omit<InboundTrunk, "name">;
const trunks = (...fields: readonly TrunkFields[]): MatchingCase["trunks"] =>
  fields.map((one, index) => ({ ...one, name: `trunk ${index}`, sipTrunkId: `ST_${index}` }));

/** What an inbound call may meet: numbers in several spellings, lists of callers and addresses, and conflicts of them. */
const trunkSets: Readonly<Record<string, MatchingCase["trunks"]>> = {
  none: [],
  "own number": trunks({ numbers: [clinic] }),
  "own number, other spelling": trunks({ numbers: ["1 (720) 555-0174"] }),
  "number without plus": trunks({ numbers: ["17205550174"] }),
  "another number": trunks({ numbers: [branch] }),
  "any number": trunks({ authUsername: "riverside" }),
  "any and own": trunks({ authUsername: "riverside" }, { numbers: [clinic] }),
  "two of one number": trunks({ numbers: [clinic] }, { numbers: [branch, "720-555-0174", clinic] }),
  "two of any number": trunks({ authUsername: "a" }, { authUsername: "b" }),
  "two of any number and own": trunks({ authUsername: "a" }, { authUsername: "b" }, { numbers: [clinic] }),
  "by caller": trunks({ numbers: [clinic], allowedNumbers: ["1-510-555-0100"] }, { numbers: [branch] }),
  "split by caller": trunks(
    { numbers: [clinic], allowedNumbers: ["+15105550101"] },
    { numbers: [clinic], allowedNumbers: [caller] },
  ),
  "by address": trunks({ numbers: [clinic], allowedAddresses: ["192.0.2.10", "198.51.100.0/24"] }),
  "by host": trunks({ numbers: [clinic], allowedAddresses: ["sip.carrier.example"] }),
  "by an unreadable address": trunks({ numbers: [clinic], allowedAddresses: ["192.0.2.*", "sip://carrier"] }),
  "by address of version 6": trunks({
    numbers: [clinic],
    allowedAddresses: ["2001:db8::/32", "300.1.1.1/8"],
  }),
  "address elsewhere, any here": trunks(
    { numbers: [clinic], allowedAddresses: ["203.0.113.7"] },
    { authUsername: "riverside" },
  ),
  "same number twice": trunks({ numbers: [clinic, clinic] }),
};

const rules = (...fields: readonly Omit<DispatchRule, "name">[]): MatchingCase["rules"] =>
  fields.map((one, index) => ({ ...one, name: `rule ${index}`, sipDispatchRuleId: `SDR_${index}` }));
const individual = (roomPrefix: string, pin?: string): DispatchRule["rule"] => ({
  dispatchRuleIndividual: { roomPrefix, noRandomness: true, ...(pin === undefined ? {} : { pin }) },
});
const direct = (roomName: string, pin?: string): DispatchRule["rule"] => ({
  dispatchRuleDirect: { roomName, ...(pin === undefined ? {} : { pin }) },
});
const callee = (roomPrefix: string): DispatchRule["rule"] => ({ dispatchRuleCallee: { roomPrefix } });

const ruleSets: Readonly<Record<string, MatchingCase["rules"]>> = {
  none: [],
  "for all": rules({ rule: individual("call") }),
  "for all, no prefix": rules({ rule: individual("") }),
  "for the first trunk": rules({ rule: individual("call"), trunkIds: ["ST_0"] }),
  "for the second trunk": rules({ rule: individual("call"), trunkIds: ["ST_1"] }),
  "for all and for the first": rules(
    { rule: individual("any") },
    { rule: individual("own"), trunkIds: ["ST_0", "ST_2"] },
  ),
  "two for all": rules({ rule: individual("a") }, { rule: individual("b") }),
  "two for the second trunk": rules(
    { rule: individual("a"), trunkIds: ["ST_1"] },
    { rule: individual("b"), trunkIds: ["ST_1"] },
    { rule: direct("lobby") },
  ),
  "by caller": rules({ rule: individual("vip"), inboundNumbers: [caller] }, { rule: individual("all") }),
  "by caller, other spelling": rules(
    { rule: individual("vip"), inboundNumbers: ["15105550100"] },
    { rule: individual("all") },
  ),
  "by called number": rules({ rule: callee("desk"), numbers: [clinic] }, { rule: direct("lobby") }),
  "by called and by caller": rules(
    { rule: individual("b"), numbers: [clinic] },
    { rule: individual("a"), inboundNumbers: [caller] },
    { rule: individual("c"), numbers: [clinic], inboundNumbers: [caller] },
  ),
  "with a PIN beside one without": rules({ rule: individual("open") }, { rule: direct("closed", "4711") }),
  "only with a PIN": rules({ rule: individual("closed", "4711"), trunkIds: ["ST_0"] }),
  "two PINs": rules({ rule: direct("one", "1"), trunkIds: ["ST_0"] }, { rule: individual("two", "4711") }),
  "kinds in order": rules(
    { rule: callee("c"), numbers: [clinic] },
    { rule: individual("b"), numbers: [clinic, branch], trunkIds: ["ST_0"] },
    { rule: direct("a"), inboundNumbers: [caller], trunkIds: ["ST_0"] },
  ),
  "hidden number": rules({ rule: individual("call"), hidePhoneNumber: true }),
  "one with a number twice": rules({ rule: individual("call"), numbers: [clinic, "720 555 0174", clinic] }),
};

const calls: readonly Omit<MatchingCase, "name" | "trunks" | "rules">[] = [
  { from: caller, to: clinic, source: "192.0.2.10", host: "sip.carrier.example", pin: "" },
  { from: caller, to: branch, source: "198.51.100.77", host: "198.51.100.77", pin: "" },
  { from: "15105550100", to: "17205550174", source: "203.0.113.9", host: "other.example", pin: "" },
  { from: "anonymous", to: clinic, source: "", host: "", pin: "" },
  { from: caller, to: clinic, source: "2001:db8::5", host: "sip.carrier.example", pin: "4711" },
  { from: "+15105550101", to: clinic, source: "not an address", host: "x", pin: "9" },
  { from: "100", to: "riverside", source: "::ffff:192.0.2.10", host: "sip.carrier.example", pin: "" },
];

/** Every call against every set of trunks and every set of rules. */
export function matchingCases(): readonly MatchingCase[] {
  return Object.entries(trunkSets).flatMap(([trunkName, trunkSet]) =>
    Object.entries(ruleSets).flatMap(([ruleName, ruleSet]) =>
      calls.map((call, index) => ({
        ...call,
        name: `trunks ${trunkName} / rules ${ruleName} / call ${index}`,
        trunks: trunkSet,
        rules: ruleSet,
      })),
    ),
  );
}
