/**
 * Participant attributes with which an agent tells whoever dispatched it how it stands.
 * Set by the agent, read by the agent gate of `makeCall` before any telephone rings.
 */
export const agentAttribute = {
  /** The attempt id, once the session and the opener are prepared. */
  ready: "clinic.ready",
  /** Why the agent can't take the call up: an {@link UnreadyReason}. */
  unready: "clinic.unready",
} as const;

/** Why an agent that came can't take a call up. */
export type UnreadyReason = "appointment-not-found" | "store-unavailable" | "model-unavailable";
