import { readFileSync, writeFileSync } from "node:fs";
import {
  CreateSIPDispatchRuleRequest,
  CreateSIPInboundTrunkRequest,
  CreateSIPOutboundTrunkRequest,
} from "@livekit/protocol";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { sipFindingLine } from "./finding.ts";
import { checkSipConfig } from "./sip-checks.ts";
import { readSipConfig } from "./sip-config.ts";
import { type SipResourceKind, shapeOfKind, sipConfigFiles, sipResourceKinds } from "./sip-resource.ts";

const examples = new URL("../../../../examples/gemini-sip-agent/sip_config/", import.meta.url);
const schemas = new URL("../../schemas/", import.meta.url);
const variables = {
  TELNYX_PHONE_NUMBER: "+17205550174",
  TELNYX_SIP_SERVER: "sip.telnyx.com",
  TELNYX_SIP_USER: "riversideclinic",
  TELNYX_SIP_PASSWORD: "not-a-real-one",
};
const reference = (name: string): string => `$\{${name}}`;
const exampleText = (kind: SipResourceKind): string =>
  readFileSync(new URL(sipConfigFiles[kind].file, examples), "utf8");
const exampleTexts = Object.fromEntries(
  sipResourceKinds.map((kind) => [sipConfigFiles[kind].file, exampleText(kind)]),
);
const linesOf = (texts: Readonly<Record<string, string>>, values = variables): string[] =>
  readSipConfig(texts, values).findings.map(sipFindingLine);

const messages = {
  "inbound-trunk": CreateSIPInboundTrunkRequest,
  "outbound-trunk": CreateSIPOutboundTrunkRequest,
  "dispatch-rule": CreateSIPDispatchRuleRequest,
} as const;

describe("the files of the example", () => {
  it("read without a finding, and pass every check", () => {
    const reading = readSipConfig(exampleTexts, variables);
    expect(reading.findings).toEqual([]);
    expect(checkSipConfig(reading, { agentName: "gemini-sip-agent" })).toEqual([]);
    expect(reading.config["outbound-trunk"]).toMatchObject({
      address: "sip.telnyx.com:5060",
      authPassword: "not-a-real-one",
    });
    expect(reading.config["dispatch-rule"]?.trunkIds).toEqual([reference("INBOUND_TRUNK_ID")]);
  });

  it.each(sipResourceKinds)("%s loads as protobuf JSON of LiveKit's request, nothing left out", (kind) => {
    const json = JSON.parse(exampleText(kind));
    // As LiveKit's own command line does: an unknown field is an error.
    const request = messages[kind].fromJson(json, { ignoreUnknownFields: false });
    expect(request.toJson()).toEqual(json);
  });
});

describe("a file's shape", () => {
  it.each(sipResourceKinds)("%s has only fields that LiveKit's message has", (kind) => {
    const known = new Set(shapeOfKind[kind].def.shape ? Object.keys(shapeOfKind[kind].def.shape) : []);
    const wrapper = messages[kind].fields.findJsonName(sipConfigFiles[kind].wrapper);
    if (wrapper?.kind !== "message") throw new Error("no such field");
    const theirs = new Set(wrapper.T.fields.list().map(({ jsonName }) => jsonName));
    expect(known.size).toBeGreaterThan(8);
    expect([...known].filter((name) => !theirs.has(name))).toEqual([]);
    // Everything of LiveKit's is covered but what the server itself sets.
    const byServer = ["sipTrunkId", "sipDispatchRuleId", "createdAt", "updatedAt"];
    expect([...theirs].filter((name) => !known.has(name) && !byServer.includes(name))).toEqual([]);
  });

  it.each(sipResourceKinds)("%s is published as JSON Schema", (kind) => {
    const { file, wrapper } = sipConfigFiles[kind];
    const schema = {
      ...z.toJSONSchema(z.strictObject({ [wrapper]: shapeOfKind[kind] as z.ZodMiniType }), { io: "input" }),
      title: `sip_config/${file}`,
    };
    const url = new URL(file.replace(".json", ".schema.json"), schemas);
    if (process.env.SIP_VOICE_WRITE_SCHEMAS) writeFileSync(url, `${JSON.stringify(schema, null, 2)}\n`);
    expect(JSON.parse(readFileSync(url, "utf8"))).toEqual(schema);
  });
});

describe("bad input", () => {
  it.each([
    {
      name: "a missing comma",
      text: '{\n  "trunk": {\n    "name": "a"\n    "numbers": []\n  }\n}',
      at: "4:5",
    },
    { name: "a comma too many", text: '{\n  "trunk": {\n    "name": "a",\n  }\n}', at: "4:3" },
    { name: "a comment", text: '{\n  // ours\n  "trunk": {}\n}', at: "2:3" },
    { name: "an end too early", text: '{ "trunk": {', at: "1:13" },
    { name: "nothing", text: "", at: "1:1" },
    { name: "Windows line ends", text: '{\r\n  "trunk": [,]\r\n}', at: "2:13" },
  ])("$name is told with line and column", ({ text, at }) => {
    const [line, ...more] = linesOf({ "inbound_trunk.json": text });
    expect(line).toMatch(new RegExp(`^inbound_trunk[.]json:${at}: `));
    expect(more).toEqual([]);
  });

  it("tells every problem at once, each at its place", () => {
    const text = `{
  "trunk": {
    "nmae": "clinic",
    "name": "clinic",
    "auth_username": "a",
    "authUsername": "b",
    "numbers": "+17205550174",
    "transport": "UDP",
    "address": "${reference("NOWHERE")}:5060"
  }
}`;
    const findings = readSipConfig({ "outbound_trunk.json": text }, variables).findings;
    expect(findings.map(({ rule, line, column, field }) => [rule, line, column, field])).toEqual(
      expect.arrayContaining([
        ["unknown-field", 3, 5, "nmae"],
        ["duplicate-field", 6, 5, "authUsername"],
        ["wrong-shape", 7, 5, "numbers"],
        ["wrong-shape", 8, 5, "transport"],
        ["unset-variable", 9, 5, "address"],
      ]),
    );
    expect(findings).toHaveLength(5);
    expect(findings.map(sipFindingLine).join()).toContain("NOWHERE is not set.");
  });

  it("reads LiveKit's other spelling, enumerations by number and defaults as the same thing", () => {
    const one = {
      trunk: { name: "a", address: "x:5060", numbers: [], auth_username: "u", transport: 1, metadata: "" },
    };
    const other = {
      trunk: { name: "a", address: "x:5060", numbers: [], authUsername: "u", transport: "SIP_TRANSPORT_UDP" },
    };
    const read = (value: unknown) =>
      readSipConfig({ "outbound_trunk.json": JSON.stringify(value) }, {}).config["outbound-trunk"];
    expect(read(one)).toEqual(read(other));
    expect(read(one)).toMatchObject({ transport: "SIP_TRANSPORT_UDP" });
  });

  it("finds a password that stands in the file, and does not repeat it", () => {
    const text = exampleText("outbound-trunk").replace(reference("TELNYX_SIP_PASSWORD"), "hunter-two-555");
    const { findings } = readSipConfig({ "outbound_trunk.json": text }, variables);
    expect(findings).toMatchObject([{ rule: "secret-in-file", severity: "warning", field: "authPassword" }]);
    expect(JSON.stringify(findings)).not.toContain("hunter");
  });
});
