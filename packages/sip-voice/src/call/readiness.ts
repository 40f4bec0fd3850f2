/**
 * Participant attributes of this library. An agent tells with `ready` and `unready` how it stands: the agent gate of
 * `makeCall` reads them before any telephone rings.
 */
export const agentAttribute = {
  /** The attempt id, once the session and the opener are prepared. */
  ready: "clinic.ready",
  /** Why the agent can't take the call up: an {@link UnreadyReason}. */
  unready: "clinic.unready",
  /** The id of the call that the agent holds: the key of its record in the call log. */
  callId: "clinic.callId",
  /** On the token of somebody in the browser, set by the server: the id of their appointment. */
  appointment: "clinic.appointmentId",
  /** On the token of somebody in the browser, set by the server: the {@link Language} to begin in; Arabic unless given. */
  language: "clinic.language",
} as const;

/** Why an agent that came can't take a call up. */
export type UnreadyReason = "appointment-not-found" | "store-unavailable" | "model-unavailable";
