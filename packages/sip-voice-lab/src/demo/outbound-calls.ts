import { labPatient } from "./call-patient.ts";
import type { DemoExpectation, OutboundDemoCall } from "./demo-call.ts";

const notReached = (outcome: DemoExpectation["outcome"], rings: number): DemoExpectation => ({
  outcome,
  appointment: "booked",
  rings,
});

/** Patients whom the clinic calls, with `makeCall`. */
export const outboundCalls: readonly OutboundDemoCall[] = [
  {
    name: "call-confirm",
    title: "The clinic calls; the patient asks when the appointment is, and confirms with key 1",
    direction: "outbound",
    patient: labPatient("Nadia"),
    telephone: { kind: "answers", afterMs: 600 },
    steps: [
      { say: "when", answer: /your appointment is/i },
      { press: "1", hears: "confirmed" },
    ],
    expect: {
      outcome: "answered",
      disposition: "confirmed",
      endedBy: "patient",
      appointment: "confirmed",
      rings: 1,
    },
  },
  {
    name: "call-busy",
    title: "The clinic calls; the line is busy",
    direction: "outbound",
    patient: labPatient("Samuel"),
    telephone: { kind: "busy" },
    steps: [],
    expect: notReached("busy", 1),
  },
  {
    name: "call-declined",
    title: "The clinic calls; the patient declines",
    direction: "outbound",
    patient: labPatient("Hana"),
    telephone: { kind: "declines", afterMs: 800 },
    steps: [],
    expect: notReached("declined", 1),
  },
  {
    name: "call-no-answer",
    title: "The clinic calls; nobody answers within the 15 seconds that the law asks for",
    direction: "outbound",
    patient: labPatient("Jonas"),
    telephone: { kind: "does-not-answer" },
    waits: true,
    steps: [],
    expect: notReached("no-answer", 1),
  },
  {
    name: "call-no-agent",
    title: "The clinic wants to call, but no agent comes: nobody's telephone rings",
    direction: "outbound",
    patient: labPatient("Lucia"),
    telephone: { kind: "answers", afterMs: 0 },
    agentName: "an-agent-that-no-worker-has",
    waits: true,
    steps: [],
    expect: notReached("agent-unavailable", 0),
  },
  {
    name: "call-opted-out",
    title:
      "The clinic wants to call a patient who asked for no more calls: refused, nobody's telephone rings",
    direction: "outbound",
    patient: labPatient("Yusuf"),
    telephone: { kind: "answers", afterMs: 0 },
    optedOut: true,
    waits: true,
    steps: [],
    expect: { ...notReached("refused-by-policy", 0), refusedBy: ["do-not-call"] },
  },
];
