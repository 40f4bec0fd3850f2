/** The name that the example agent's worker registers with, and that calls dispatch unless they say otherwise. */
export const defaultAgentName = "gemini-sip-agent";
