/**
 * The lab: a telephone network on one machine, without an account, a key or a telephone.
 *
 * @module
 */
export * from "./callee/index.ts";
export { type ListenOptions, waitToHear } from "./demo/heard-sentence.ts";
export * from "./environment.ts";
export * from "./gemini-stand-in/index.ts";
export * from "./lab/agent-worker.ts";
export * from "./lab/calling-policy.ts";
export * from "./lab/clinic-data.ts";
export * from "./lab/lab.ts";
export * from "./lab/store-trouble.ts";
export * from "./livekit-server/index.ts";
export * from "./postgres-server/index.ts";
export * from "./sip-stand-in/index.ts";
export * from "./telephone/index.ts";
export * from "./telnyx-stand-in/index.ts";
export * from "./voice/index.ts";
