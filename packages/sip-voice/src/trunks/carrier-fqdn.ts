import type { SipFinding } from "./finding.ts";

/** Where the carrier sends calls, and where they should go. */
export interface CarrierFqdnFacts {
  /** The FQDN that the carrier's connection has, as in `vjnxecm0tjk.sip.livekit.cloud`. */
  readonly fqdn: string;
  /** `LIVEKIT_URL`. */
  readonly liveKitUrl: string;
  /** The SIP URI of the project's settings, as in `sip:vjnxecm0tjk.sip.livekit.cloud`, where it is known. */
  readonly liveKitSipUri?: string | undefined;
}

const cloudSip = /^([a-z0-9]+)(?:[.][a-z0-9-]+)*[.]sip[.]livekit[.]cloud$/;

function hostOf(uri: string): string {
  return uri
    .trim()
    .toLowerCase()
    .replace(/^sips?:/, "")
    .replace(/^.*@/, "")
    .replace(/[:;].*$/, "");
}

/**
 * Whether the carrier sends calls to this LiveKit project. LiveKit Cloud's SIP host begins with the project's id and has nothing to
 * do with the name in `LIVEKIT_URL`: the two are easily taken for each other, and calls then end nowhere.
 *
 * @example
 * ```ts
 * import { checkCarrierFqdn } from "@clinic/sip-voice/trunks";
 *
 * const liveKitUrl = "wss://clinic-1a2b3c.livekit.cloud";
 * console.log(checkCarrierFqdn({ fqdn: "clinic-1a2b3c.livekit.cloud", liveKitUrl })?.remedy);
 * ```
 */
export function checkCarrierFqdn({
  fqdn,
  liveKitUrl,
  liveKitSipUri,
}: CarrierFqdnFacts): SipFinding | undefined {
  const host = hostOf(fqdn);
  const server = URL.canParse(liveKitUrl) ? new URL(liveKitUrl).hostname : "";
  const cloud = server.endsWith(".livekit.cloud");
  const finding = (found: string, remedy: string): SipFinding => ({
    ...{ rule: "fqdn", severity: "error", field: "FQDN" },
    found,
    means: "Calls to your number end before they reach your agent.",
    remedy,
  });
  const copy =
    "Copy the SIP URI from your LiveKit project's settings, without sip:, into your carrier's connection.";
  if (/^sips?:/i.test(fqdn.trim())) return finding("The carrier's FQDN is a URI.", "Take sip: out of it.");
  if (cloud && !cloudSip.test(host)) {
    const found =
      host === server
        ? "The carrier's FQDN is LIVEKIT_URL's host."
        : "The carrier's FQDN is not LiveKit Cloud's.";
    return finding(found, copy);
  }
  if (!cloud && host.endsWith(".livekit.cloud"))
    return finding(
      "The carrier's FQDN is LiveKit Cloud's, and LIVEKIT_URL is not.",
      "Write the host of your own LiveKit SIP service into your carrier's connection.",
    );
  const wanted = liveKitSipUri ? hostOf(liveKitSipUri) : undefined;
  if (wanted === undefined || cloudSip.exec(host)?.[1] === cloudSip.exec(wanted)?.[1]) {
    const same = wanted === undefined || cloud || host === wanted;
    return same ? undefined : finding("The carrier's FQDN is not LIVEKIT_SIP_URI's host.", copy);
  }
  return finding("The carrier's FQDN is another LiveKit project's.", copy);
}
