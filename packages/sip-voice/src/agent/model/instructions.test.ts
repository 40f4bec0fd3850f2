import { describe, expect, it } from "vitest";
import { sampleAppointment } from "../../testing/index.ts";
import { type ClinicProfile, profileOf } from "../clinic-profile.ts";
import {
  type CallKnowledge,
  callInstructions,
  greetingInstructions,
  identityInstructions,
  nothingKnown,
  offerSlotsInstructions,
  verbatimInstructions,
} from "./instructions.ts";

const prompts = {} as ClinicProfile["prompts"];
const clinic: ClinicProfile = {
  clinicId: "main",
  name: "Harbor Street Clinic",
  timeZone: "America/Los_Angeles",
  prompts,
};
const appointment = sampleAppointment();
const known: CallKnowledge = { ...nothingKnown, identity: "proven", appointment, appointments: 1 };
const channels = ["phone", "web"] as const;

/** What must not be told to a model that has no need of it. */
const personal = [
  appointment.patient.name,
  "Nadia",
  appointment.patient.phoneNumber,
  "5550111",
  appointment.provider,
  appointment.id,
  appointment.patient.id,
  "November",
  "نوفمبر",
];

describe("callInstructions", () => {
  it.each(channels)("tell the model on the %s who it is and how to speak", (channel) => {
    const profile = profileOf(channel);
    const told = callInstructions(clinic, profile);
    expect(told).toContain(clinic.name);
    expect(told).toContain(profile.manner);
    expect(told).toMatch(/You are an AI/);
    expect(told).toMatch(/no medical advice/);
    expect(told).not.toContain("undefined");
  });

  it("speak of the language that the channel begins in", () => {
    expect(callInstructions(clinic, profileOf("phone"))).toMatch(/speak English/);
    expect(callInstructions(clinic, profileOf("web"))).toMatch(/speak Arabic/);
  });

  it("end with the clinic's own", () => {
    const own = "Parking is behind the house.";
    const lines = callInstructions({ ...clinic, instructions: own }, profileOf("phone")).split("\n");
    expect(lines.at(-1)).toBe(own);
  });

  it.each(channels)("hold nothing of any patient on the %s", (channel) => {
    const told = callInstructions(clinic, profileOf(channel));
    for (const text of personal) expect(told).not.toContain(text);
  });
});

describe("greetingInstructions", () => {
  it.each([
    { channel: "phone", when: /Tuesday, November 24 at 10:00\sAM/u },
    { channel: "web", when: /الثلاثاء.*نوفمبر/u },
  ] as const)(
    "have the model greet by name on the $channel and say when the appointment is",
    ({ channel, when }) => {
      const told = greetingInstructions(profileOf(channel), known);
      expect(told).toContain(appointment.patient.name);
      expect(told).toContain(appointment.provider);
      expect(told).toMatch(when);
    },
  );

  it("give neither number nor id to the model, which has no use for them", () => {
    const told = greetingInstructions(profileOf("phone"), known);
    expect(told).not.toContain("555");
    expect(told).not.toContain(appointment.id);
    expect(told).not.toContain(appointment.patient.id);
  });

  it("speak of keys on the phone and not in the browser", () => {
    expect(greetingInstructions(profileOf("phone"), known)).toMatch(/press 1/);
    expect(greetingInstructions(profileOf("web"), known)).not.toMatch(/press/i);
  });

  it.each(channels)("hold no patient's data on the %s when nothing was found", (channel) => {
    const told = greetingInstructions(profileOf(channel), nothingKnown);
    for (const text of personal) expect(told).not.toContain(text);
    expect(told).toMatch(/operator/);
  });
});

describe("what the model is told once it may know", () => {
  it("is the name, the time, the provider and the place, for the whole call", () => {
    const north = { ...known, appointment: { ...appointment, location: "North Street" }, appointments: 2 };
    const told = callInstructions(clinic, profileOf("phone"), north);
    expect(told).toContain(appointment.patient.name);
    expect(told).toMatch(/Tuesday, November 24 at 10:00\sAM, with Dr\. Lane, at North Street\./u);
    expect(told).toMatch(/2 appointments; chooseAppointment/);
    for (const text of [appointment.id, appointment.patient.id, "555"]) expect(told).not.toContain(text);
  });

  it("is in each call what never changes: an AI, no medical advice, the emergency number, the operator's tool", () => {
    for (const one of [nothingKnown, known]) {
      const told = callInstructions(clinic, profileOf("phone"), one);
      expect(told).toMatch(/never deny it/);
      expect(told).toMatch(/emergency.*dial the emergency number/);
      expect(told).toMatch(/IdentityNeeded/);
      expect(told).toMatch(/proposeSlot.*wait for a yes/);
    }
  });

  it("is in a call that was missed that the clinic tried to reach the patient", () => {
    const told = greetingInstructions(profileOf("phone"), { ...known, missed: true });
    expect(told).toMatch(/tried to reach/);
    expect(told).toContain(appointment.patient.name);
    expect(greetingInstructions(profileOf("phone"), known)).not.toMatch(/tried to reach/);
  });
});

describe("what the model is told while it is not known who speaks", () => {
  const choices = [
    { number: 1, firstName: "Nadia" },
    { number: 2, firstName: "Sami" },
  ];
  const neutral = [appointment.provider, "November", "Haddad", appointment.id, "555"];

  it.each(["unproven", "asked", "refused"] as const)("holds nothing of a patient: %s", (identity) => {
    const told = greetingInstructions(profileOf("phone"), { ...nothingKnown, identity });
    for (const text of personal) expect(told).not.toContain(text);
    expect(told).not.toMatch(/press 1/);
  });

  it("asks for a date of birth, said or keyed", () => {
    const told = identityInstructions({ ...nothingKnown, identity: "asked" });
    expect(told).toMatch(/verifyDateOfBirth/);
    expect(told).toMatch(/do not say whether there is an appointment/);
  });

  it("tells a family's first names with their numbers, to be said by nobody but the caller", () => {
    for (const identity of ["asked", "proven"] as const) {
      const told = greetingInstructions(profileOf("phone"), { ...nothingKnown, identity, choices });
      expect(told).toMatch(/somebody in the household/);
      expect(told).toMatch(/Do not say a name before the caller does/);
      expect(told).toMatch(/choosePatient: 1 is Nadia, 2 is Sami/);
      for (const text of neutral) expect(told).not.toContain(text);
    }
  });

  it("asks a caller whose number is hidden for a code, where the clinic gives codes", () => {
    const told = identityInstructions({ ...nothingKnown, takesCodes: true });
    expect(told).toMatch(/verifyConfirmationCode/);
    expect(told).toMatch(/operator/);
    expect(identityInstructions(nothingKnown)).not.toMatch(/code/);
  });

  it("offers the operator once there are no more tries, and tells no names any more", () => {
    const told = identityInstructions({ ...nothingKnown, identity: "refused", choices });
    expect(told).toMatch(/operator/);
    expect(told).not.toMatch(/Nadia|Sami/);
  });
});

describe("the other instructions", () => {
  it("offer slots without a word about the patient", () => {
    for (const text of personal) expect(offerSlotsInstructions).not.toContain(text);
    expect(offerSlotsInstructions).toContain("findOpenSlots");
  });

  it("have a fixed sentence said as it is", () => {
    expect(verbatimInstructions("Goodbye.")).toContain('"Goodbye."');
  });
});
