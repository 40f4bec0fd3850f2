import { fileURLToPath } from "node:url";

/** What is wrong with the store: it takes 5 s or is down, when it is written to or whatever it is asked. */
export const storeTroubles = ["down-writes", "slow-writes", "down-all", "slow-all"] as const;

/** One of {@link storeTroubles}. */
export type StoreTrouble = (typeof storeTroubles)[number];

/** Tells the worker of {@link troubledStoreAgent} what is wrong with its store. */
export const storeTroubleVariable = "SIP_VOICE_LAB_STORE";

/** The entry file of an agent of the example's clinic, on a store in trouble. */
export const troubledStoreAgent = fileURLToPath(new URL("./troubled-store/agent.ts", import.meta.url));
