/**
 * What tests need: a simulated clock, samples, and for every port a conformance suite that registers its rules as vitest
 * cases. Needs `vitest`.
 *
 * @module @clinic/sip-voice/testing
 */
export { testAppointmentCalendar } from "./appointment-calendar-suite.ts";
export { testAppointmentStore } from "./appointment-store-suite.ts";
export { testCallLog } from "./call-log-suite.ts";
export { testCampaignStore } from "./campaign-store-suite.ts";
export type { ClinicSeed } from "./clinic-seed.ts";
export type { ConformanceFactory, ConformanceOptions, ConformanceSubject } from "./conformance.ts";
export { testContactPreferences } from "./contact-preferences-suite.ts";
export { testDecisionLog } from "./decision-log-suite.ts";
export { testLedger } from "./ledger-suite.ts";
export { testMessageLog } from "./message-log-suite.ts";
export { portInAnotherProcess } from "./port-in-another-process.ts";
export { type PreparedPrompt, testPromptAudio } from "./prompt-audio-suite.ts";
export { type QueueSubject, testQueue } from "./queue-suite.ts";
export { sampleAppointment, sampleSlot } from "./sample-appointment.ts";
export { sampleAttempt } from "./sample-attempt.ts";
export { type SimulatedClock, simulatedClock } from "./simulated-clock.ts";
export { testStopSwitch } from "./stop-switch-suite.ts";
