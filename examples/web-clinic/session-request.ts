import type { Language } from "@clinic/sip-voice";

/** What a page asks for when somebody wants to talk. */
export interface SessionRequest {
  /** The secret part of the patient's link. */
  readonly link: string;
  /** The language to begin in. */
  readonly language: Language;
}

const languages: readonly Language[] = ["ar-XA", "en-US"];

/** Reads a request's body; `undefined` when it is malformed. */
export function readSessionRequest(body: string): SessionRequest | undefined {
  try {
    const { link, language } = JSON.parse(body) as { link?: unknown; language?: unknown };
    const known = languages.find((one) => one === language);
    return typeof link === "string" && known ? { link, language: known } : undefined;
  } catch {
    return undefined;
  }
}
