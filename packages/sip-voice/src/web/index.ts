/**
 * What the agent and a page in the browser tell each other: the call as a patient sees it, and what they tap.
 * Loads in a browser: no Node, no LiveKit.
 *
 * @module @clinic/sip-voice/web
 */
export * from "./tap.ts";
export * from "./topic.ts";
export * from "./view.ts";
