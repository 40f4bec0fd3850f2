import { createPrivateKey, type JsonWebKey, type KeyObject, type webcrypto } from "node:crypto";
import { SipVoiceError } from "../errors.ts";

/** A private key: RSA or EC on P-384, as PEM text (PKCS #8) or as a JSON Web Key. */
export type PrivateKey = string | Readonly<Record<string, unknown>>;

/** What signs SMART's assertions. */
export interface SigningKey {
  /** The key. */
  readonly key: webcrypto.CryptoKey;
  /** Its id, where it is a JWK that says so. */
  readonly keyId: string | undefined;
}

/** The algorithms that SMART has every server know: RS384 and ES384. */
const algorithms = {
  rsa: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" },
  ec: { name: "ECDSA", namedCurve: "P-384" },
} as const;

function keyObject(given: PrivateKey): KeyObject {
  if (typeof given === "string") return createPrivateKey(given);
  return createPrivateKey({ key: given as JsonWebKey, format: "jwk" });
}

/** Reads a private key. */
export function signingKey(given: PrivateKey): SigningKey {
  try {
    const key = keyObject(given);
    const algorithm = algorithms[key.asymmetricKeyType as keyof typeof algorithms];
    const keyId = typeof given === "object" && typeof given.kid === "string" ? given.kid : undefined;
    return { key: key.toCryptoKey(algorithm, false, ["sign"]), keyId };
  } catch (cause) {
    throw new SipVoiceError("invalid-option", "The private key can't sign.", {
      field: "privateKey",
      remedy: "Give an RSA key, or an EC key on P-384, as PEM (PKCS #8, not encrypted) or as a JWK.",
      cause,
    });
  }
}
