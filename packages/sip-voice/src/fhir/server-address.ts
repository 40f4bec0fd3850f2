import { SipVoiceError } from "../errors.ts";

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** An address that patients' data and secrets may be sent to: `https:`, or `http:` on this machine. */
export function serverAddress(given: string, field: string): string {
  const url = URL.parse(given);
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && loopback.test(url.hostname));
  if (url && isSafe && !url.username && !url.search && !url.hash) return url.href;
  throw new SipVoiceError("invalid-option", "The address is not one that patients' data may be sent to.", {
    field,
    remedy: "Give an https: address without credentials, query and fragment; http: is for loopback only.",
  });
}

/** Whether an address is on this machine and unencrypted. */
export function isPlainLoopback(address: string): boolean {
  return new URL(address).protocol === "http:";
}
