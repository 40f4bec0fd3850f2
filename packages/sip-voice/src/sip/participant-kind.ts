/**
 * LiveKit's kinds of room members, as numbers of its protocol (`ParticipantInfo.Kind`).
 * Source: livekit/protocol, `livekit_models.proto`; seen with livekit-server 1.13.5.
 */
export const participantKind = {
  standard: 0,
  ingress: 1,
  egress: 2,
  sip: 3,
  agent: 4,
} as const;

/** Whether a kind, as rtc-node, livekit-client or the server's API give it, is the wanted one. */
export function isParticipantKind(kind: unknown, wanted: keyof typeof participantKind): boolean {
  return kind === participantKind[wanted] || (typeof kind === "string" && kind.toLowerCase() === wanted);
}
