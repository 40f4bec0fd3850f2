import { describe, expect, it } from "vitest";
import { type CallState, initialCallState } from "../../call/state.ts";
import { sampleAppointment } from "../../testing/index.ts";
import { operatorSummary } from "./operator-summary.ts";

const appointment = sampleAppointment();
const state = (more: Partial<CallState>): CallState => ({ ...initialCallState, ...more });

describe("the operator's summary", () => {
  it("says who, which appointment and what for", () => {
    const proven = state({ identity: "proven", disposition: "reschedule-requested" });
    const text = operatorSummary("en-US", proven, appointment);
    expect(text).toContain(`a caller for you: ${appointment.patient.name}.`);
    expect(text).toMatch(/on \w+day, \w+ \d+ at \d+:\d\d [AP]M, with Dr\. /);
    expect(text).toContain("They want another time.");
    expect(text).not.toContain("not checked");
  });

  it("says that the identity was not checked", () => {
    expect(operatorSummary("en-US", state({}), appointment)).toContain("who is speaking was not checked");
  });

  it("says that nobody knows who it is", () => {
    const text = operatorSummary("en-US", state({}), undefined);
    expect(text).toContain("Who it is, is not known.");
    expect(text).not.toContain("appointment");
  });

  it("begins with an emergency, and tells of a call-back", () => {
    const text = operatorSummary("en-US", state({ emergency: true, callBack: true }), appointment);
    expect(text).toMatch(/^The caller spoke of an emergency\./);
    expect(text).toContain("called back");
  });

  it("is in Arabic for an operator who speaks it", () => {
    const text = operatorSummary("ar-XA", state({ identity: "proven", emergency: true }), appointment);
    expect(text).toMatch(/^تحدث المتصل عن حالة طارئة/);
    expect(text).toContain(appointment.patient.name);
    expect(text).toContain("الموعد يوم");
  });

  it("has no quotation mark, which would end it where a model is asked to say it word for word", () => {
    for (const language of ["en-US", "ar-XA"] as const)
      expect(operatorSummary(language, state({ callBack: true }), appointment)).not.toMatch(/["“”]/);
  });
});
