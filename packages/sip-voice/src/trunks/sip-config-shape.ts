import * as z from "zod/mini";

/** A field with what an editor says of it. */
function field<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  // A copy: the registry knows a schema by its identity, and some are used for several fields.
  const copy = z.clone(schema);
  z.globalRegistry.add(copy, { description });
  return copy;
}

const text = z.string();
const texts = z.array(z.string());
const textMap = z.record(z.string(), z.string());
const wholeNumber = z.int().check(z.minimum(0));
const duration = z
  .string()
  .check(z.regex(/^\d+([.]\d{1,9})?s$/, 'A duration is seconds and "s", as in "80s".'));

const name = field(
  z.string().check(z.minLength(1)),
  "The resource is found again by this name: keep it, and give no other one the same.",
);
const metadata = field(text, "Free text for your own programs.");
const encryption = z.enum([
  "SIP_MEDIA_ENCRYPT_DISABLE",
  "SIP_MEDIA_ENCRYPT_ALLOW",
  "SIP_MEDIA_ENCRYPT_REQUIRE",
]);

const media = z.strictObject({
  onlyListedCodecs: z.optional(z.boolean()),
  codecs: z.optional(z.array(z.strictObject({ name: text, rate: z.optional(wholeNumber) }))),
  encryption: z.optional(encryption),
  mediaTimeout: z.optional(duration),
});

const common = {
  name,
  metadata: z.optional(metadata),
  krispEnabled: z.optional(field(z.boolean(), "LiveKit's noise cancellation for callers.")),
  mediaEncryption: z.optional(field(encryption, "Deprecated by LiveKit: use media.encryption.")),
  media: z.optional(media),
};

const headers = {
  headers: z.optional(field(textMap, "SIP headers that are sent along.")),
  headersToAttributes: z.optional(field(textMap, "SIP headers that become participant attributes.")),
  attributesToHeaders: z.optional(field(textMap, "Participant attributes that become SIP headers.")),
  includeHeaders: z.optional(
    field(
      z.enum(["SIP_NO_HEADERS", "SIP_X_HEADERS", "SIP_ALL_HEADERS"]),
      "Which SIP headers become attributes by themselves.",
    ),
  ),
};

const credentials = {
  authUsername: z.optional(
    field(text, "By reference, as in $" + "{TELNYX_SIP_USER}. Telnyx takes no underscore."),
  ),
  authPassword: z.optional(
    field(text, "By reference, as in $" + "{TELNYX_SIP_PASSWORD}: never in this file."),
  ),
};

/** The inbound trunk: which calls LiveKit takes from the carrier. */
export const inboundTrunkShape = z.strictObject({
  ...common,
  ...headers,
  ...credentials,
  numbers: z.optional(field(texts, "The clinic's numbers in +E.164; none means every number.")),
  allowedAddresses: z.optional(
    field(texts, "Addresses and networks that may call in: your carrier's signalling addresses."),
  ),
  allowedNumbers: z.optional(field(texts, "Callers that may call in, in +E.164; none means everybody.")),
  authRealm: z.optional(text),
  ringingTimeout: z.optional(duration),
  maxCallDuration: z.optional(duration),
});

/** The outbound trunk: how LiveKit reaches the carrier. */
export const outboundTrunkShape = z.strictObject({
  name,
  metadata: z.optional(metadata),
  mediaEncryption: common.mediaEncryption,
  media: common.media,
  ...headers,
  ...credentials,
  address: field(
    z.string().check(z.minLength(1)),
    "The carrier's host with its port, as in sip.telnyx.com:5060.",
  ),
  transport: z.optional(
    field(
      z.enum(["SIP_TRANSPORT_AUTO", "SIP_TRANSPORT_UDP", "SIP_TRANSPORT_TCP", "SIP_TRANSPORT_TLS"]),
      "SIP_TRANSPORT_UDP with Telnyx; AUTO fails silently.",
    ),
  ),
  numbers: z.optional(field(texts, "The numbers that patients see, in +E.164.")),
  destinationCountry: z.optional(field(text, "Where calls go, as a two-letter country code.")),
  fromHost: z.optional(field(text, "Host of the From header, where the carrier wants its own.")),
});

const pin = z.optional(field(text, "Callers must key it in before they are connected."));
const roomPrefix = z.optional(field(text, "How the names of the rooms begin."));

/** The dispatch rule: into which room a call goes, and which agent comes. */
export const dispatchRuleShape = z.strictObject({
  ...common,
  rule: z
    .strictObject({
      dispatchRuleIndividual: z.optional(
        field(
          z.strictObject({ roomPrefix, pin, noRandomness: z.optional(z.boolean()) }),
          "A room for each call: what a clinic wants.",
        ),
      ),
      dispatchRuleDirect: z.optional(
        field(
          z.strictObject({ roomName: z.string().check(z.minLength(1)), pin }),
          "One room for all: callers hear each other.",
        ),
      ),
      dispatchRuleCallee: z.optional(
        field(
          z.strictObject({ roomPrefix, pin, randomize: z.optional(z.boolean()) }),
          "A room by the number called.",
        ),
      ),
    })
    .check(
      z.refine(
        (rule) => Object.values(rule).filter((one) => one !== undefined).length === 1,
        "It holds exactly one of dispatchRuleIndividual, dispatchRuleDirect and dispatchRuleCallee.",
      ),
    ),
  trunkIds: z.optional(
    field(texts, 'The trunks it holds for: ["$' + '{INBOUND_TRUNK_ID}"] for the one beside it.'),
  ),
  hidePhoneNumber: z.optional(field(z.boolean(), "Hides the caller's number, by which patients are known.")),
  inboundNumbers: z.optional(field(texts, "Callers it holds for, exactly as the carrier sends them.")),
  numbers: z.optional(field(texts, "Called numbers it holds for, exactly as the carrier sends them.")),
  attributes: z.optional(field(textMap, "Attributes of the caller's participant.")),
  roomPreset: z.optional(text),
  roomConfig: z.optional(
    z.strictObject({
      name: z.optional(text),
      emptyTimeout: z.optional(wholeNumber),
      departureTimeout: z.optional(wholeNumber),
      maxParticipants: z.optional(wholeNumber),
      metadata: z.optional(text),
      minPlayoutDelay: z.optional(wholeNumber),
      maxPlayoutDelay: z.optional(wholeNumber),
      syncStreams: z.optional(z.boolean()),
      tags: z.optional(textMap),
      egress: z.optional(
        field(z.record(z.string(), z.unknown()), "LiveKit's RoomEgress: recordings made by LiveKit itself."),
      ),
      agents: z.optional(
        field(
          z.array(
            z.strictObject({
              agentName: field(
                z.string().check(z.minLength(1)),
                "The agent's name, as its worker registers it.",
              ),
              metadata: z.optional(text),
              attributes: z.optional(textMap),
              deployment: z.optional(text),
              restartPolicy: z.optional(z.enum(["JRP_ON_FAILURE", "JRP_NEVER"])),
            }),
          ),
          "The agents that come: without one that is named here, nobody takes the call.",
        ),
      ),
    }),
  ),
});

/** LiveKit's inbound trunk (`livekit.SIPInboundTrunkInfo`) as protobuf JSON, without what the server adds. */
export type InboundTrunk = z.infer<typeof inboundTrunkShape>;
/** LiveKit's outbound trunk (`livekit.SIPOutboundTrunkInfo`) as protobuf JSON, without what the server adds. */
export type OutboundTrunk = z.infer<typeof outboundTrunkShape>;
/** LiveKit's dispatch rule (`livekit.SIPDispatchRuleInfo`) as protobuf JSON, without what the server adds. */
export type DispatchRule = z.infer<typeof dispatchRuleShape>;

/** Fields whose keys are names of the user's own. */
export const mapFields: ReadonlySet<string> = new Set([
  "headers",
  "headersToAttributes",
  "attributesToHeaders",
  "attributes",
  "tags",
]);
