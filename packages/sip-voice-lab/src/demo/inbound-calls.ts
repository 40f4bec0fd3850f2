import { labPatient } from "./call-patient.ts";
import type { InboundDemoCall } from "./demo-call.ts";

const nothingDisclosed = {
  direction: "inbound",
  group: "operator",
  steps: [
    { press: "1", hears: "no-appointment" },
    { press: "0", hears: "operator" },
  ],
  expect: { outcome: "answered", disposition: "none", endedBy: "transfer", appointment: "booked", rings: 1 },
} as const;

/** Patients who call the clinic. */
export const inboundCalls: readonly InboundDemoCall[] = [
  {
    name: "press-1",
    title: "A patient calls and confirms with key 1",
    direction: "inbound",
    patient: labPatient("Maria"),
    steps: [{ press: "1", hears: "confirmed" }],
    expect: {
      outcome: "answered",
      disposition: "confirmed",
      endedBy: "patient",
      appointment: "confirmed",
      rings: 0,
    },
  },
  {
    name: "press-2",
    title: "A patient calls and asks for another time with key 2",
    direction: "inbound",
    patient: labPatient("Omar"),
    steps: [{ press: "2", hears: "reschedule-requested", model: /which day/i }],
    expect: {
      outcome: "answered",
      disposition: "reschedule-requested",
      endedBy: "patient",
      appointment: "reschedule-requested",
      rings: 0,
    },
  },
  {
    name: "press-0",
    title: "A patient presses key 0 in the middle of the introduction and is handed to the operator",
    direction: "inbound",
    patient: labPatient("Grace"),
    impatient: true,
    group: "operator",
    steps: [{ press: "0", hears: "operator" }],
    expect: {
      outcome: "answered",
      disposition: "none",
      endedBy: "transfer",
      appointment: "booked",
      rings: 1,
    },
  },
  {
    name: "press-7",
    title: "A patient presses a key that has no meaning: it is acknowledged, nothing changes",
    direction: "inbound",
    patient: labPatient("Ravi"),
    impatient: true,
    steps: [{ press: "7", hears: "unmapped-digit" }],
    expect: { outcome: "answered", disposition: "none", endedBy: "patient", appointment: "booked", rings: 0 },
  },
  {
    name: "voice-friday",
    title:
      "A patient says that they want Friday; the model proposes a time, and moves the appointment after a yes",
    direction: "inbound",
    patient: labPatient("Elena"),
    scripted: true,
    steps: [
      { say: "want-friday", answer: /friday, .*shall i do that/i },
      { say: "yes", answer: /friday, .*anything else/i },
      { say: "goodbye", answer: "hangs-up" },
    ],
    expect: {
      outcome: "answered",
      disposition: "rescheduled",
      endedBy: "agent",
      appointment: "booked",
      movedTo: "Friday",
      rings: 0,
    },
  },
  {
    ...nothingDisclosed,
    name: "unknown-number",
    title:
      "Somebody calls from a number that no patient has: nothing is disclosed, the operator can be reached",
    patient: labPatient("Tomas"),
    unknownBecause: "strange-number",
  },
  {
    ...nothingDisclosed,
    name: "hidden-number",
    title:
      "A patient's number is hidden by the dispatch rule: nothing is disclosed, the operator can be reached",
    patient: labPatient("Aisha"),
    unknownBecause: "number-hidden",
  },
  {
    ...nothingDisclosed,
    name: "anonymous",
    title: "A patient withholds the number: nothing is disclosed, the operator can be reached",
    patient: labPatient("Peter"),
    unknownBecause: "anonymous",
  },
];
