import ipaddr from "ipaddr.js";

/** An address of either version; the short and octal forms of old are none, as to Go's `netip`. */
function addressOf(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(":") && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined;
}

function isUsable(mask: string): boolean {
  return !/[()+*;, \t\n\r]/.test(mask) && !mask.includes("://");
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, mask: string): boolean {
  const [network = "", bits, ...rest] = mask.split("/");
  const base = addressOf(network);
  if (!base || rest.length > 0 || base.kind() !== address.kind()) return false;
  if (bits === undefined) return base.toNormalizedString() === address.toNormalizedString();
  if (!/^(0|[1-9]\d*)$/.test(bits) || Number(bits) > (base.kind() === "ipv4" ? 32 : 128)) return false;
  return address.match(base as never, Number(bits));
}

/**
 * Whether LiveKit lets a call in from an address. Without an address, or without a list, it does; a list of nothing but what it can't
 * read counts as none.
 */
export function allowsAddress(
  address: string | undefined,
  host: string | undefined,
  masks: readonly string[] | undefined,
): boolean {
  const parsed = address === undefined ? undefined : addressOf(address);
  const usable = (masks ?? []).filter(isUsable);
  if (!parsed || usable.length === 0) return true;
  return usable.some((mask) => mask === host || isWithin(parsed, mask));
}
