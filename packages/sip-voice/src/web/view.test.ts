import { describe, expect, it } from "vitest";
import { SipVoiceError } from "../errors.ts";
import { type ClinicView, encodeClinicView, longestView, mostSlots, parseClinicView } from "./view.ts";

const slot = (id: string) => ({
  id,
  start: "2026-11-27T10:00:00-08:00",
  timeZone: "America/Los_Angeles",
  provider: "Dr. Lane",
  day: "الجمعة، 27 نوفمبر",
  time: "10:00 ص",
});

const view: ClinicView = {
  version: 1,
  sequence: 3,
  clinicName: "Riverside Family Clinic",
  language: "ar-XA",
  languages: ["ar-XA", "en-US"],
  call: {
    phase: "active",
    disposition: "reschedule-requested",
    model: "working",
    transfer: "none",
    callBack: false,
    optedOut: false,
  },
  appointment: {
    patientName: "Maria",
    provider: "Dr. Lane",
    start: "2026-11-24T10:00:00-08:00",
    timeZone: "America/Los_Angeles",
    durationMinutes: 20,
    day: "الثلاثاء، 24 نوفمبر",
    time: "10:00 ص",
    status: "booked",
  },
  slots: [slot("slot-1"), slot("slot-2")],
  notice: null,
};

const packet = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe("the view of a call", () => {
  it("comes out of its packet as it went in", () => {
    expect(parseClinicView(encodeClinicView(view))).toEqual(view);
    const nothingFound: ClinicView = { ...view, appointment: null, slots: [], notice: "no-slots" };
    expect(parseClinicView(encodeClinicView(nothingFound))).toEqual(nothingFound);
  });

  it("is read without the fields that a later version adds", () => {
    const later = { ...view, mood: "good", call: { ...view.call, music: true } };
    expect(parseClinicView(packet(later))).toEqual(view);
  });

  it.each([
    ["another version", { ...view, version: 2 }],
    ["a missing part", { ...view, call: undefined }],
    ["a phase that does not exist", { ...view, call: { ...view.call, phase: "asleep" } }],
    ["a language that is none of ours", { ...view, language: "xx-XX" }],
    ["a start that is no instant", { ...view, appointment: { ...view.appointment, start: "tomorrow" } }],
    ["too many slots", { ...view, slots: Array.from({ length: mostSlots + 1 }, (_, at) => slot(`${at}`)) }],
    ["no sequence", { ...view, sequence: 0 }],
    ["a list", []],
    ["nothing", null],
  ])("is not read from %s", (_, value) => {
    expect(parseClinicView(packet(value))).toBeUndefined();
  });

  it("is not read from what is not JSON, not UTF-8, or too long", () => {
    expect(parseClinicView(new TextEncoder().encode("{"))).toBeUndefined();
    expect(parseClinicView(Uint8Array.of(0xff, 0xfe))).toBeUndefined();
    expect(parseClinicView(new Uint8Array())).toBeUndefined();
    expect(parseClinicView(packet({ ...view, padding: "x".repeat(longestView) }))).toBeUndefined();
  });

  it("fits into a packet with as many slots as one may offer, in Arabic", () => {
    const slots = Array.from({ length: mostSlots }, (_, at) => slot(`slot-${at + 1}`));
    expect(encodeClinicView({ ...view, slots }).byteLength).toBeLessThan(longestView / 2);
  });

  it("is not sent in a wrong shape or too long, and the error repeats nothing of it", () => {
    const error = (wrong: ClinicView): unknown => {
      try {
        return encodeClinicView(wrong);
      } catch (thrown) {
        return thrown;
      }
    };
    const misshapen = error({
      ...view,
      appointment: { ...slot("a"), ...view.appointment, start: "Maria" } as never,
    });
    expect(SipVoiceError.is(misshapen) && misshapen.field).toBe("appointment.start");
    expect(String(misshapen)).not.toContain("Maria");
    const wordy = { ...slot("slot-1"), day: "ع".repeat(400), provider: "ع".repeat(400) };
    const long = error({ ...view, slots: Array.from({ length: mostSlots }, () => wordy) });
    expect(SipVoiceError.is(long) && long.field).toBe("view");
  });
});
