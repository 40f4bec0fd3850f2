import {
  type AuthorizationServer,
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  clientCredentialsGrantRequest,
  customFetch,
  PrivateKeyJwt,
  processClientCredentialsResponse,
} from "oauth4webapi";
import type { Clock } from "../clock.ts";
import { type AccessTokens, cachedTokens, noToken } from "./access-token.ts";
import { isPlainLoopback, serverAddress } from "./server-address.ts";
import { type PrivateKey, signingKey } from "./signing-key.ts";

/** What every grant of a token needs. */
export interface TokenGrantOptions {
  /** The address of the token endpoint: `token_endpoint` in the server's `.well-known/smart-configuration`. */
  readonly tokenUrl: string;
  /** The id that the server gave this client. */
  readonly clientId: string;
  /** The scopes to ask for, `system/Appointment.read system/Appointment.write` for instance; all that the client has unless given. */
  readonly scope?: string;
  /** Sends the request; the platform's own unless given. */
  readonly fetch?: typeof fetch;
  /** By which tokens grow old; the machine's clock unless given. */
  readonly clock?: Clock;
}

/** Settings of {@link clientCredentials}. */
export interface ClientCredentialsOptions extends TokenGrantOptions {
  /** The client's secret. */
  readonly clientSecret: string;
  /** Where the secret goes: into a header (`basic`, unless given) or the form (`post`). */
  readonly sentAs?: "basic" | "post";
}

/** Settings of {@link smartBackendServices}. */
export interface SmartBackendOptions extends TokenGrantOptions {
  /** The client's private key. Its public half is registered with the server. */
  readonly privateKey: PrivateKey;
  /** The id (`kid`) under which the public key is registered; that of the JWK unless given. */
  readonly keyId?: string;
}

function tokensBy(options: TokenGrantOptions, authentication: () => Promise<ClientAuth>): AccessTokens {
  const tokenUrl = serverAddress(options.tokenUrl, "tokenUrl");
  const { clientId, scope, clock } = options;
  // SMART has the assertion name the token endpoint as its audience, which is the issuer here.
  const server: AuthorizationServer = { issuer: tokenUrl, token_endpoint: tokenUrl };
  const client = { client_id: clientId };
  return cachedTokens(async (signal) => {
    try {
      const answer = await clientCredentialsGrantRequest(
        server,
        client,
        await authentication(),
        scope === undefined ? {} : { scope },
        {
          signal,
          [allowInsecureRequests]: isPlainLoopback(tokenUrl),
          ...(options.fetch ? { [customFetch]: options.fetch as never } : {}),
        },
      );
      const granted = await processClientCredentialsResponse(server, client, answer);
      return { token: granted.access_token, expiresIn: granted.expires_in };
    } catch (cause) {
      throw noToken(cause);
    }
  }, clock);
}

/**
 * Access tokens by OAuth 2.0 client credentials (RFC 6749, 4.4), kept until shortly before their end.
 *
 * @throws SipVoiceError `invalid-option` when the token endpoint is not reached by `https:`
 * @example
 * ```ts
 * import { clientCredentials, fhirAppointmentStore } from "@clinic/sip-voice/fhir";
 *
 * const tokens = clientCredentials({
 *   tokenUrl: "https://login.example/oauth2/token",
 *   clientId: "voice-agent",
 *   clientSecret: process.env.FHIR_CLIENT_SECRET ?? "",
 * });
 * const clinics = { main: { timeZone: "America/Los_Angeles" } };
 * export const appointments = fhirAppointmentStore({ baseUrl: "https://fhir.example/r4", tokens, clinics });
 * ```
 */
export function clientCredentials(options: ClientCredentialsOptions): AccessTokens {
  const { clientSecret, sentAs = "basic" } = options;
  const authentication = sentAs === "post" ? ClientSecretPost(clientSecret) : ClientSecretBasic(clientSecret);
  return tokensBy(options, async () => authentication);
}

/**
 * Access tokens by SMART Backend Services (https://hl7.org/fhir/smart-app-launch/backend-services.html): each request for one is
 * signed with the client's private key, RS384 or ES384.
 *
 * @throws SipVoiceError `invalid-option` when the token endpoint is not reached by `https:`, or the key can't sign
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { smartBackendServices } from "@clinic/sip-voice/fhir";
 *
 * export const tokens = smartBackendServices({
 *   tokenUrl: "https://fhir.example/oauth2/token",
 *   clientId: "voice-agent",
 *   privateKey: readFileSync("voice-agent.pem", "utf8"),
 *   keyId: "2026-11",
 *   scope: "system/Patient.read system/Appointment.read system/Appointment.write",
 * });
 * ```
 */
export function smartBackendServices(options: SmartBackendOptions): AccessTokens {
  const { key, keyId } = signingKey(options.privateKey);
  const kid = options.keyId ?? keyId;
  const authentication = PrivateKeyJwt(kid === undefined ? key : { key, kid }, {});
  return tokensBy(options, async () => authentication);
}
