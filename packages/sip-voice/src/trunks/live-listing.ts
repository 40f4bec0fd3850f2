import { canonicalForm, type Json } from "./canonical-form.ts";
import {
  type LiveSipResource,
  type SipResourceKind,
  type SipResourceOf,
  shapeOfKind,
} from "./sip-resource.ts";

const idFields = {
  "inbound-trunk": "sipTrunkId",
  "outbound-trunk": "sipTrunkId",
  "dispatch-rule": "sipDispatchRuleId",
};

/**
 * A resource as LiveKit's API shows it, in protobuf JSON of either spelling. What the server adds, and fields that a newer server
 * may have, are left out; a resource that is not understood gives `undefined`.
 */
export function liveSipResource<Kind extends SipResourceKind>(
  kind: Kind,
  json: unknown,
): LiveSipResource<SipResourceOf[Kind]> | undefined {
  const form = canonicalForm(json as Json);
  if (typeof form !== "object" || form === null || Array.isArray(form)) return undefined;
  const { [idFields[kind]]: id, ...rest } = form as Readonly<Record<string, Json>>;
  if (typeof id !== "string") return undefined;
  const known = Object.keys(shapeOfKind[kind].shape);
  // What a message leaves out because it is empty is there all the same.
  const empty = kind === "dispatch-rule" ? { name: "", rule: {} } : { name: "" };
  const resource = Object.fromEntries(
    Object.entries({ ...empty, ...rest }).filter(([name]) => known.includes(name)),
  );
  return { id, resource: resource as unknown as SipResourceOf[Kind] };
}
