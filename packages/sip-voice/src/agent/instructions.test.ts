import { describe, expect, it } from "vitest";
import { sampleAppointment } from "../testing/index.ts";
import { type ClinicProfile, profileOf } from "./clinic-profile.ts";
import {
  callInstructions,
  greetingInstructions,
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
      const told = greetingInstructions(profileOf(channel), appointment);
      expect(told).toContain(appointment.patient.name);
      expect(told).toContain(appointment.provider);
      expect(told).toMatch(when);
    },
  );

  it("give neither number nor id to the model, which has no use for them", () => {
    const told = greetingInstructions(profileOf("phone"), appointment);
    expect(told).not.toContain("555");
    expect(told).not.toContain(appointment.id);
    expect(told).not.toContain(appointment.patient.id);
  });

  it("speak of keys on the phone and not in the browser", () => {
    expect(greetingInstructions(profileOf("phone"), appointment)).toMatch(/press 1/);
    expect(greetingInstructions(profileOf("web"), appointment)).not.toMatch(/press/i);
  });

  it.each(channels)("hold no patient's data on the %s when nothing was found", (channel) => {
    const told = greetingInstructions(profileOf(channel), undefined);
    for (const text of personal) expect(told).not.toContain(text);
    expect(told).toMatch(/operator/);
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
