export type { Ring } from "./ring-log.ts";
export { type SipStandIn, type SipStandInOptions, startSipStandIn } from "./sip-stand-in.ts";
