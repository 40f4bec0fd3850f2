import { describe, expect, it } from "vitest";
import type { Appointment } from "../../appointments/appointment.ts";
import { memoryAppointmentStore } from "../../appointments/memory-store.ts";
import { CallStateMachine } from "../../call/state-machine.ts";
import { silentLogger } from "../../log/logger.ts";
import { parsePhoneNumber } from "../../phone/phone-number.ts";
import { sampleAppointment, simulatedClock } from "../../testing/index.ts";
import { AppointmentDesk } from "./appointment-desk.ts";
import { CallIdentity, type ClinicIdentity, type IdentityEvents } from "./identity.ts";

const clinic = { clinicId: "main", timeZone: "America/Los_Angeles" };
const caller = parsePhoneNumber("+15105550111");
const person = (id: string, name: string, dateOfBirth?: string) => ({
  id,
  name,
  phoneNumber: caller,
  ...(dateOfBirth === undefined ? {} : { dateOfBirth }),
});
const nadia = sampleAppointment({ id: "nadia-1", patient: person("nadia", "Nadia Haddad", "1984-03-07") });
const nadiaLater = sampleAppointment({
  id: "nadia-2",
  patient: nadia.patient,
  start: "2026-12-01T10:00:00-08:00",
});
const sami = sampleAppointment({
  id: "sami-1",
  patient: person("sami", "Sami Haddad", "2015-06-30"),
  start: "2026-11-24T11:00:00-08:00",
});
const lina = sampleAppointment({
  id: "lina-1",
  patient: person("lina", "Lina Haddad", "2015-06-30"),
  start: "2026-11-24T11:30:00-08:00",
});
const noDate = sampleAppointment({ id: "nobody-1", patient: person("nobody", "Ana Cruz") });

/** The identity check of a connected call, with a real state machine, desk and store. */
async function identityOf(settings: ClinicIdentity, appointments: readonly Appointment[]) {
  const clock = simulatedClock();
  const machine = new CallStateMachine();
  const call: IdentityEvents = {
    get state() {
      return machine.state;
    },
    identityAsked: () => void machine.send({ type: "identity-asked" }),
    identityProven: (by, via) => void machine.send({ type: "identity-proven", by, ...(via ? { via } : {}) }),
    identityRefused: (via) => void machine.send({ type: "identity-refused", via }),
    appointmentFound: (appointmentId) => void machine.send({ type: "appointment-found", appointmentId }),
  };
  const desk = new AppointmentDesk(memoryAppointmentStore({ appointments }), "call-1", clock, silentLogger);
  desk.guard(() => machine.state.identity === "proven");
  const identity = new CallIdentity({ settings, desk, call, clock, clinic });
  machine.send({ type: "connected" });
  await desk.findByPhone(caller, "main");
  return { call, identity, desk, machine };
}

describe("by the caller's number", () => {
  it("the one patient of the number is proven, and told of", async () => {
    const { identity, desk, machine } = await identityOf({}, [nadia, nadiaLater]);
    await identity.beginWithNumber(caller);
    expect(machine.state).toMatchObject({ identity: "proven", appointmentId: "nadia-1" });
    expect(desk.appointment?.id).toBe("nadia-1");
    expect(identity.choices).toEqual([]);
  });

  it("nobody is proven where nothing was found", async () => {
    const { identity, machine } = await identityOf({}, []);
    await identity.beginWithNumber(caller);
    expect(machine.state.identity).toBe("unproven");
  });

  it("a family is asked who speaks, and told of nobody before", async () => {
    const { identity, desk, machine } = await identityOf({}, [nadia, sami, nadiaLater]);
    await identity.beginWithNumber(caller);
    expect(machine.state).toMatchObject({ identity: "asked", appointmentId: undefined });
    expect(desk.appointment).toBeUndefined();
    expect(identity.choices).toEqual([
      { number: 1, firstName: "Nadia" },
      { number: 2, firstName: "Sami" },
    ]);
    for (const none of [0, 3, -1, 1.5, Number.NaN]) expect(identity.choosePatient(none)).toBe(false);
    expect(machine.state.identity).toBe("asked");
    expect(identity.choosePatient(2)).toBe(true);
    expect(machine.state).toMatchObject({ identity: "proven", appointmentId: "sami-1" });
    // A mother goes on with her own appointment.
    expect(identity.choosePatient(1)).toBe(true);
    expect(desk.appointment?.id).toBe("nadia-1");
  });

  it("a family may also say or key a date of birth", async () => {
    const { identity, machine } = await identityOf({}, [nadia, sami]);
    await identity.beginWithNumber(caller);
    expect(await identity.checkKeyed("06302015")).toBe("date-of-birth");
    expect(machine.state.appointmentId).toBe("sami-1");
  });

  it("whoever calls back after a missed call goes on with that matter", async () => {
    const { identity, desk, machine } = await identityOf({}, [nadia, sami, nadiaLater]);
    await identity.beginWithNumber(caller, "nadia-2");
    expect(machine.state).toMatchObject({ identity: "proven", appointmentId: "nadia-2" });
    expect(desk.appointment?.id).toBe("nadia-2");
  });

  it("somebody who is not the patient is told nothing any more, and chooses nobody", async () => {
    const { identity, desk, machine } = await identityOf({}, [nadia, sami]);
    await identity.beginWithNumber(caller);
    identity.choosePatient(1);
    identity.patientIsAbsent();
    machine.send({ type: "patient-absent" });
    expect(desk.appointment).toBeUndefined();
    expect(identity.choosePatient(1)).toBe(false);
    expect(machine.state.identity).toBe("asked");
    // The patient came to the telephone after all.
    expect(await identity.giveDateOfBirth("1984-03-07", "voice")).toBe("proven");
    expect(desk.appointment?.id).toBe("nadia-1");
  });
});

describe("by date of birth", () => {
  const settings = { check: "dateOfBirth" } as const;

  it("nothing is told before it is given, and then of whose it is", async () => {
    const { identity, desk, machine } = await identityOf(settings, [nadia, sami]);
    await identity.beginWithNumber(caller);
    expect(machine.state.identity).toBe("asked");
    expect(identity.choices).toEqual([]);
    expect(await identity.giveDateOfBirth("2015-06-30", "voice")).toBe("proven");
    expect(machine.state).toMatchObject({ identity: "proven", appointmentId: "sami-1" });
    expect(desk.appointment?.id).toBe("sami-1");
  });

  it.each([
    ["MMDDYYYY", "03071984"],
    ["DDMMYYYY", "07031984"],
  ] as const)("is keyed in the clinic's order: %s", async (dateOrder, digits) => {
    const { identity, machine } = await identityOf({ ...settings, dateOrder }, [nadia, sami]);
    await identity.beginWithNumber(caller);
    expect(await identity.checkKeyed("02301984")).toBeUndefined();
    expect(await identity.checkKeyed(digits)).toBe("date-of-birth");
    expect(machine.state.appointmentId).toBe("nadia-1");
  });

  it("three wrong ones are refused for the rest of the call, the right one included", async () => {
    const { identity, desk, machine } = await identityOf(settings, [nadia]);
    await identity.beginWithNumber(caller);
    expect(await identity.giveDateOfBirth("1984-07-03", "voice")).toBe("wrong");
    expect(await identity.giveDateOfBirth("1984-03-08", "voice")).toBe("wrong");
    expect(await identity.giveDateOfBirth("1985-03-07", "voice")).toBe("refused");
    expect(machine.state).toMatchObject({ identity: "refused", identityTries: 3 });
    expect(await identity.giveDateOfBirth("1984-03-07", "voice")).toBe("refused");
    expect(await identity.checkKeyed("03071984")).toBeUndefined();
    expect(machine.state).toMatchObject({ identity: "refused", appointmentId: undefined });
    expect(desk.appointment).toBeUndefined();
  });

  it("wrong ones count by voice and by keys together", async () => {
    const { identity, machine } = await identityOf(settings, [nadia]);
    await identity.beginWithNumber(caller);
    await identity.giveDateOfBirth("1984-07-03", "voice");
    // Whoever collects the keys tells the call.
    expect(await identity.checkKeyed("07031984")).toBeUndefined();
    machine.send({ type: "identity-refused", via: "digit" });
    expect(await identity.giveDateOfBirth("1984-03-08", "voice")).toBe("refused");
    expect(machine.state.identity).toBe("refused");
  });

  it("what is no date does not count, and fits nobody", async () => {
    const { identity, machine } = await identityOf(settings, [nadia, noDate]);
    await identity.beginWithNumber(caller);
    for (const text of ["", "March 7th", "1984-3-7", "1984-03-07x", "undefined", "1984-03-07T00:00:00Z"]) {
      expect(await identity.giveDateOfBirth(text, "voice")).toBe("unreadable");
    }
    expect(machine.state).toMatchObject({ identity: "asked", identityTries: 0 });
  });

  it("once proven, others of the family can't be guessed without end", async () => {
    const { identity, desk } = await identityOf(settings, [nadia, sami]);
    await identity.beginWithNumber(caller);
    await identity.giveDateOfBirth("1984-03-07", "voice");
    for (const wrong of ["2014-06-30", "2013-06-30", "2012-06-30"]) {
      await identity.giveDateOfBirth(wrong, "voice");
      expect(desk.appointment?.id).toBe("nadia-1");
    }
    expect(await identity.giveDateOfBirth("2015-06-30", "voice")).toBe("refused");
    expect(desk.appointment?.id).toBe("nadia-1");
  });

  it("twins are asked who it is, among themselves", async () => {
    const { identity, desk } = await identityOf(settings, [nadia, sami, lina]);
    await identity.beginWithNumber(caller);
    expect(await identity.giveDateOfBirth("2015-06-30", "voice")).toBe("choose");
    expect(identity.choices.map(({ firstName }) => firstName)).toEqual(["Sami", "Lina"]);
    expect(desk.appointment).toBeUndefined();
    expect(identity.choosePatient(2)).toBe(true);
    expect(desk.appointment?.id).toBe("lina-1");
  });

  it("a missed call is gone on with only once it is proven", async () => {
    const { identity, desk, machine } = await identityOf(settings, [nadia, nadiaLater]);
    await identity.beginWithNumber(caller, "nadia-2");
    expect(machine.state).toMatchObject({ identity: "asked", appointmentId: undefined });
    await identity.giveDateOfBirth("1984-03-07", "voice");
    expect(desk.appointment?.id).toBe("nadia-2");
  });
});

describe("by the clinic's own function", () => {
  it("is told of each patient, the number and the date, and decides", async () => {
    const seen: unknown[] = [];
    const settings: ClinicIdentity = {
      check: async ({ patient, phoneNumber, dateOfBirth }) => {
        seen.push([patient.id, phoneNumber, dateOfBirth]);
        return patient.id === "sami" && dateOfBirth === "2015-06-30";
      },
    };
    const { identity, machine } = await identityOf(settings, [nadia, sami]);
    await identity.beginWithNumber(caller);
    expect(machine.state.identity).toBe("asked");
    expect(await identity.giveDateOfBirth("1984-03-07", "voice")).toBe("wrong");
    expect(await identity.giveDateOfBirth("2015-06-30", "voice")).toBe("proven");
    expect(machine.state.appointmentId).toBe("sami-1");
    expect(seen.slice(0, 2)).toEqual([
      ["nadia", caller, undefined],
      ["sami", caller, undefined],
    ]);
  });

  it("may accept the number alone", async () => {
    const { identity, machine } = await identityOf({ check: async () => true }, [nadia]);
    await identity.beginWithNumber(caller);
    expect(machine.state.identity).toBe("proven");
  });

  it.each([
    ["throws", () => Promise.reject(new Error("down"))],
    ["answers anything but true", async () => "yes" as unknown as boolean],
  ])("proves nothing when it %s", async (_name, check) => {
    const { identity, machine } = await identityOf({ check }, [nadia]);
    await identity.beginWithNumber(caller);
    expect(machine.state.identity).toBe("asked");
    expect(await identity.giveDateOfBirth("1984-03-07", "voice")).toBe("wrong");
  });
});

it("a token that the server signed proves whose appointment it names", async () => {
  const { identity, machine } = await identityOf({ check: "dateOfBirth" }, [nadia]);
  identity.beginWithToken();
  expect(machine.state).toMatchObject({ identity: "proven", appointmentId: "nadia-1" });
});

describe("by confirmation code and date of birth, where the number is hidden", () => {
  const coded = { ...nadia, confirmationCode: "481516" };
  const hidden = async (settings: ClinicIdentity = { confirmationCodes: true }) => {
    const stage = await identityOf(settings, []);
    const store = memoryAppointmentStore({ appointments: [coded, sami] });
    const looked: string[] = [];
    const watched = {
      ...store,
      findByIdentity: async (query: Parameters<typeof store.findByIdentity>[0]) => {
        looked.push(query.confirmationCode);
        return await store.findByIdentity(query);
      },
    };
    const desk = new AppointmentDesk(watched, "call-1", simulatedClock(), silentLogger);
    desk.guard(() => stage.machine.state.identity === "proven");
    const identity = new CallIdentity({ settings, desk, call: stage.call, clock: simulatedClock(), clinic });
    identity.beginHidden();
    return { ...stage, desk, identity, looked };
  };

  it("the appointment is found and proven by both together", async () => {
    const { identity, desk, machine } = await hidden();
    expect(identity.takesCodes).toBe(true);
    expect(await identity.giveCode("48 15-16", "1984-03-07", "voice")).toBe("proven");
    expect(machine.state).toMatchObject({ identity: "proven", appointmentId: "nadia-1" });
    expect(desk.appointment?.id).toBe("nadia-1");
    expect(identity.takesCodes).toBe(false);
  });

  it("three wrong ones are refused for the rest of the call, and nothing is looked up any more", async () => {
    const { identity, machine, looked } = await hidden();
    expect(await identity.giveCode("481516", "1984-03-08", "voice")).toBe("wrong");
    expect(await identity.giveCode("481517", "1984-03-07", "voice")).toBe("wrong");
    expect(await identity.giveCode("000000", "1984-03-07", "voice")).toBe("refused");
    expect(await identity.giveCode("481516", "1984-03-07", "voice")).toBe("refused");
    expect(machine.state).toMatchObject({ identity: "refused", appointmentId: undefined });
    expect(looked).toHaveLength(3);
  });

  it("what is no code or no date is not looked up and does not count", async () => {
    const { identity, machine, looked } = await hidden();
    for (const [code, date] of [
      ["", "1984-03-07"],
      ["12", "1984-03-07"],
      ["%", "1984-03-07"],
      ["481516", "March"],
    ] as const) {
      expect(await identity.giveCode(code, date, "voice")).toBe("unreadable");
    }
    expect(looked).toEqual([]);
    expect(machine.state.identityTries).toBe(0);
  });

  it("is not taken unless the clinic gives codes, nor from a caller with a number", async () => {
    const without = await hidden({});
    expect(await without.identity.giveCode("481516", "1984-03-07", "voice")).toBe("refused");
    const { identity } = await identityOf({ confirmationCodes: true }, [coded]);
    await identity.beginWithNumber(caller);
    expect(identity.takesCodes).toBe(false);
    expect(await identity.giveCode("481516", "1984-03-07", "voice")).toBe("refused");
  });
});
