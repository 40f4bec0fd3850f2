/**
 * The domain of a clinic's voice agent: telephone numbers, SIP, DTMF, call state, appointments, calling rules,
 * and {@link makeCall}. Loads nothing heavy; LiveKit and SQLite come in only when `makeCall` needs them.
 *
 * @module @clinic/sip-voice
 */
export type { Appointment, AppointmentStatus, Patient, Slot } from "./appointments/appointment.ts";
export type { AppointmentBook } from "./appointments/appointment-book.ts";
export type { AppointmentCalendar, CalendarQuery } from "./appointments/calendar.ts";
export type { CallBack } from "./appointments/call-back.ts";
export {
  type AppointmentSeed,
  type MemoryStoreOptions,
  memoryAppointmentStore,
} from "./appointments/memory-store.ts";
export type { AppointmentPreferences, ReminderPreference } from "./appointments/preferences.ts";
export type * from "./appointments/store.ts";
export { defaultAgentName } from "./call/agent-name.ts";
export { type CallBrief, isBriefExpired, parseCallBrief } from "./call/brief.ts";
export * from "./call/call-log.ts";
export {
  type ClinicMenu,
  type ClinicMenuLeaf,
  type ClinicMenuPlace,
  defineClinicMenu,
  type MenuSentence,
} from "./call/clinic-menu.ts";
export type { CallEffect, Transition } from "./call/effect.ts";
export type { CallChoice, CallEvent, ChoiceVia, IdentityProof } from "./call/event.ts";
export type { AttemptId, CallChannel, CallDirection, CallId } from "./call/identifiers.ts";
export type { Language, PromptName, PromptTexts } from "./call/prompt.ts";
export { agentAttribute, type UnreadyReason } from "./call/readiness.ts";
export * from "./call/state.ts";
export { type CallStateChange, CallStateMachine, type CallStateMachineEvents } from "./call/state-machine.ts";
export { transition } from "./call/transition.ts";
export * from "./campaign/appointment-contacts.ts";
export type { CallListColumn } from "./campaign/call-list/list-row.ts";
export { rejectsCsv } from "./campaign/call-list/rejects-file.ts";
export * from "./campaign/call-list/row-fault.ts";
export * from "./campaign/call-list.ts";
export type { Campaign, CampaignState, NewCampaign } from "./campaign/campaign.ts";
export type * from "./campaign/campaign-event.ts";
export type { CampaignPorts } from "./campaign/campaign-ports.ts";
export * from "./campaign/campaign-preview.ts";
export * from "./campaign/campaign-report.ts";
export type * from "./campaign/campaign-run.ts";
export type * from "./campaign/campaign-store.ts";
export * from "./campaign/campaign-try.ts";
export { type BreakerRule, type CircuitState, defaultBreakerRule } from "./campaign/circuit-breaker.ts";
export * from "./campaign/confirm-try.ts";
export type { CampaignContact, ContactAppointment } from "./campaign/contact.ts";
export { checkContact } from "./campaign/contact.ts";
export { memoryCampaignStore } from "./campaign/memory-campaign-store.ts";
export { type CampaignPace, defaultPace } from "./campaign/pace.ts";
export * from "./campaign/prepare-campaign.ts";
export * from "./campaign/queue.ts";
export { defaultRetryPlan, type RetryPlan, type RetryRule, type TryOutcome } from "./campaign/retry-plan.ts";
export * from "./campaign/run-campaign.ts";
export type * from "./campaign/try-result.ts";
export { type Clock, pause, systemClock, type Timer } from "./clock.ts";
export type { TextSource } from "./csv/text-lines.ts";
export * from "./dtmf/collect-digits.ts";
export type * from "./dtmf/dialogue-options.ts";
export { type DtmfDigit, dtmfCodeOf, isDtmfDigit, parseDtmfDigit } from "./dtmf/digit.ts";
export * from "./dtmf/keyed-date.ts";
export * from "./dtmf/keypad.ts";
export type { DtmfChoice, DtmfKeysOf, DtmfMenu, IsDtmfDigits, ValidDtmfMenu } from "./dtmf/menu.ts";
export type * from "./dtmf/menu-result.ts";
export type * from "./dtmf/menu-tree.ts";
export * from "./dtmf/router.ts";
export { runDtmfMenu } from "./dtmf/run-menu.ts";
export type { DtmfSequence, DtmfSequenceLength, DtmfSequenceSettings } from "./dtmf/sequence.ts";
export type { DtmfTiming } from "./dtmf/timing.ts";
export * from "./environment.ts";
export { SipVoiceError, type SipVoiceErrorCode, type SipVoiceErrorOptions } from "./errors.ts";
export { type LogFields, type Logger, silentLogger } from "./log/logger.ts";
export type * from "./log/pool-usage.ts";
export { maskPhoneNumber, redact, redactedLogger } from "./log/redactor.ts";
export { type MakeCallOptions, makeCall } from "./make-call.ts";
export * from "./messaging/confirm-by-sms.ts";
export * from "./messaging/message-log.ts";
export type { MessageRefusal, MessageResult, Messenger, TextMessage } from "./messaging/messenger.ts";
export * from "./outbound/attempt.ts";
export type { AttemptHint } from "./outbound/attempt-hint.ts";
export * from "./outbound/attempt-review.ts";
export type * from "./outbound/call-result.ts";
export type { Dialer, DialRequest, DialResult } from "./outbound/dialer.ts";
export type { AttemptCap, DialingStart, Ledger, Reservation } from "./outbound/ledger.ts";
export { memoryLedger } from "./outbound/memory-ledger.ts";
export type { CallPorts, OutboundTrunk } from "./outbound/planned-call.ts";
export {
  type AttemptFinding,
  type ReconcileOptions,
  type ReconcilePorts,
  type ReconcileReport,
  reconcileAttempts,
} from "./outbound/reconcile.ts";
export type { RoomGateway, RoomParticipant, TransferResult } from "./outbound/room-gateway.ts";
export type { WebhookAnswer, WebhookHandler, WebhookRequest } from "./outbound/webhook.ts";
export * from "./phone/phone-number.ts";
export { timeZonesOf } from "./phone/time-zone.ts";
export { attemptCaps, type EarlierAttempts, type PolicyCap } from "./policy/attempt-caps.ts";
export type { CalleeFacts, CalleePlace } from "./policy/callee-place.ts";
export { type CallingPolicy, defaultCallingPolicy, strictCallingPolicy } from "./policy/calling-policy.ts";
export type { CallingHours, CallingWindow } from "./policy/calling-window.ts";
export {
  type Consent,
  type ContactPreference,
  type ContactPreferences,
  memoryContactPreferences,
} from "./policy/contact-preferences.ts";
export {
  decide,
  type PolicyDecision,
  type PolicyFacts,
  type PolicyReason,
  type PolicyRule,
} from "./policy/decision.ts";
export * from "./policy/decision-log.ts";
export * from "./policy/decision-record.ts";
export { type HolidayRule, usFederalHolidays } from "./policy/holiday.ts";
export { isOpenAt, type OpeningHours } from "./policy/opening-hours.ts";
export { type PlaceRule, usStateRules } from "./policy/place-rule.ts";
export { checkCallingPolicy } from "./policy/policy-check.ts";
export * from "./policy/stop-switch.ts";
export * from "./prompts/fixed-sentence.ts";
export {
  type AudioClip,
  type MemoryPromptAudio,
  memoryPromptAudio,
  type PromptAudio,
} from "./prompts/prompt-audio.ts";
export type * from "./prompts/prompt-cache.ts";
export type * from "./prompts/prompt-voice.ts";
export * from "./prompts/render-prompts.ts";
export * from "./prompts/render-report.ts";
export { sentenceClip } from "./prompts/sentence-clip.ts";
export * from "./sip/detect-sip-participant.ts";
export * from "./sip/dial-outcome.ts";
export { isParticipantKind, participantKind } from "./sip/participant-kind.ts";
export { type SipCallStatus, sipAttribute } from "./sip/sip-attributes.ts";
