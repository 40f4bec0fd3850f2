/** The name under which the bare agent is dispatched. */
export const bareAgentName = "bare-agent";

/** The name under which the agent in the shape of the outbound example is dispatched. */
export const dialAndStartAgentName = "dial-and-start-agent";
