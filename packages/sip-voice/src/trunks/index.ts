/**
 * SIP trunks and dispatch rules as files: read, check, plan, apply, and explain where a call would go. Loads nothing of LiveKit;
 * the adapter is `liveKitSipSetup` of `@clinic/sip-voice/livekit`.
 *
 * @module @clinic/sip-voice/trunks
 */

export { type AppliedSipStep, applySipPlan, type SipApplication } from "./apply-plan.ts";
export { type CarrierFqdnFacts, checkCarrierFqdn } from "./carrier-fqdn.ts";
export * from "./explain-inbound.ts";
export * from "./finding.ts";
export { type MemorySipSetup, memorySipSetup } from "./memory-sip-setup.ts";
export type { SipChange } from "./sip-change.ts";
export { checkSipConfig, type SipCheckFacts } from "./sip-checks.ts";
export { readSipConfig, type SipConfig, type SipConfigReading, type SipConfigTexts } from "./sip-config.ts";
export type { DispatchRule, InboundTrunk, OutboundTrunk } from "./sip-config-shape.ts";
export * from "./sip-plan.ts";
export {
  type LiveSipResource,
  type SipListing,
  type SipResourceKind,
  type SipResourceOf,
  sipConfigFiles,
  sipResourceKinds,
} from "./sip-resource.ts";
export type {
  SipResource,
  SipSetup,
  SipSetupAnswer,
  SipSetupFailure,
  SipSetupFailureKind,
} from "./sip-setup.ts";
