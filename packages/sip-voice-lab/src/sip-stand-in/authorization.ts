import type { IncomingMessage } from "node:http";
import { TokenVerifier } from "livekit-server-sdk";
import type { LiveKitAddress } from "../livekit-server/livekit-server.ts";
import { TwirpError } from "./twirp-error.ts";

/** A token that is not a valid one: LiveKit answers in plain text, before Twirp. */
export class InvalidToken extends Error {}

/** The grants that matter for SIP. */
export interface SipGrants {
  readonly admin: boolean;
  readonly call: boolean;
  readonly roomAdminOf: string | undefined;
}

/** Verifies the bearer token of a request; no token means no grants. */
export async function grantsOf(request: IncomingMessage, livekit: LiveKitAddress): Promise<SipGrants> {
  const header = request.headers.authorization;
  if (!header) return { admin: false, call: false, roomAdminOf: undefined };
  const token = header.startsWith("Bearer ") ? header.slice("Bearer ".length) : "";
  try {
    const claims = await new TokenVerifier(livekit.apiKey, livekit.apiSecret).verify(token);
    return {
      admin: claims.sip?.admin === true,
      call: claims.sip?.call === true,
      roomAdminOf: claims.video?.roomAdmin ? claims.video.room : undefined,
    };
  } catch {
    throw new InvalidToken("invalid authorization token");
  }
}

/** A missing grant is `unauthenticated` to LiveKit, not `permission_denied`. */
export function requireGrant(granted: boolean): void {
  if (!granted) throw new TwirpError("unauthenticated", "permissions denied");
}
