import { mapFields } from "./sip-config-shape.ts";

/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Enumerations of LiveKit's messages, whose values protobuf JSON also takes as numbers. */
const enumerations: Readonly<Record<string, readonly string[]>> = {
  transport: ["SIP_TRANSPORT_AUTO", "SIP_TRANSPORT_UDP", "SIP_TRANSPORT_TCP", "SIP_TRANSPORT_TLS"],
  includeHeaders: ["SIP_NO_HEADERS", "SIP_X_HEADERS", "SIP_ALL_HEADERS"],
  mediaEncryption: ["SIP_MEDIA_ENCRYPT_DISABLE", "SIP_MEDIA_ENCRYPT_ALLOW", "SIP_MEDIA_ENCRYPT_REQUIRE"],
  encryption: ["SIP_MEDIA_ENCRYPT_DISABLE", "SIP_MEDIA_ENCRYPT_ALLOW", "SIP_MEDIA_ENCRYPT_REQUIRE"],
  restartPolicy: ["JRP_ON_FAILURE", "JRP_NEVER"],
};
const durations = new Set(["ringingTimeout", "maxCallDuration", "mediaTimeout"]);

/** A field's name as protobuf JSON writes it: `auth_username` is `authUsername`. Both spellings are read. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

/** A value as this package compares it: enumerations by name, durations without trailing zeros. */
export function canonicalScalar(field: string, value: Json): Json {
  if (typeof value === "number") return enumerations[field]?.[value] ?? value;
  if (typeof value === "string" && durations.has(field) && /^\d+([.]\d+)?s$/.test(value))
    return `${Number(value.slice(0, -1))}s`;
  return value;
}

function isUnset(field: string, value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (enumerations[field]?.[0] === value && field !== "encryption") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/**
 * A message of LiveKit's as protobuf JSON without what is unset: field names in camelCase, enumerations by name, no empty text,
 * list, map, false or zero. Two messages mean the same exactly if their forms are equal.
 */
export function canonicalForm(value: Json, field = ""): Json {
  if (Array.isArray(value)) return value.map((item: Json) => canonicalForm(item, field));
  if (typeof value !== "object" || value === null) return canonicalScalar(field, value);
  const map = mapFields.has(field);
  const entries = Object.entries(value).map(([key, item]) => {
    const name = map ? key : camelCase(key);
    return [name, canonicalForm(item, map ? "" : name)] as const;
  });
  const kept = entries.filter(([name, item]) => map || ruleCases.has(name) || !isUnset(name, item));
  return upgraded(Object.fromEntries(kept.sort(([one], [other]) => (one < other ? -1 : 1))));
}

/** Which rule it is matters also when all of the rule's own fields are unset. */
const ruleCases = new Set(["dispatchRuleIndividual", "dispatchRuleDirect", "dispatchRuleCallee"]);

/** LiveKit moves the deprecated `mediaEncryption` into `media` when it stores a resource. */
function upgraded(message: Record<string, Json>): Json {
  const { mediaEncryption, ...rest } = message;
  if (mediaEncryption === undefined) return message;
  const media = rest.media as Record<string, Json> | undefined;
  return { ...rest, media: { encryption: mediaEncryption, ...media } };
}
