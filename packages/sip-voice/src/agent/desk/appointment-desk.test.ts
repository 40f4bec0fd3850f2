import { describe, expect, it, vi } from "vitest";
import { memoryAppointmentStore } from "../../appointments/memory-store.ts";
import type { AppointmentStore } from "../../appointments/store.ts";
import { type Logger, silentLogger } from "../../log/logger.ts";
import { parsePhoneNumber } from "../../phone/phone-number.ts";
import { sampleAppointment, sampleSlot, simulatedClock } from "../../testing/index.ts";
import { AppointmentDesk } from "./appointment-desk.ts";

const caller = parsePhoneNumber("+15105550111");
const stranger = parsePhoneNumber("+15105550112");
const friday = { from: "2026-11-27T00:00:00-08:00", to: "2026-11-28T00:00:00-08:00" };
const appointment = sampleAppointment({ slotId: "slot-of-nadia" });
const slots = [
  sampleSlot({ id: "slot-of-nadia", start: appointment.start }),
  sampleSlot({ id: "slot-1" }),
  sampleSlot({ id: "slot-of-another-doctor", provider: "Dr. Moreno" }),
  sampleSlot({ id: "slot-of-another-clinic", clinicId: "east" }),
];

const never = <Answer>(): Promise<Answer> => new Promise(() => {});

function deskOver(change: (store: AppointmentStore) => Partial<AppointmentStore> = () => ({})) {
  const inner = memoryAppointmentStore({ appointments: [appointment], slots });
  const store: AppointmentStore = { ...inner, ...change(inner) };
  const clock = simulatedClock();
  const error = vi.fn<Logger["error"]>();
  const logger: Logger = { ...silentLogger, error };
  return { store: inner, clock, error, desk: openDesk(store, clock, logger) };
}

/** A desk that may tell everything: the identity was proven. */
function openDesk(store: AppointmentStore, clock = simulatedClock(), logger = silentLogger): AppointmentDesk {
  const desk = new AppointmentDesk(store, "call-1", clock, logger);
  desk.guard(() => true);
  return desk;
}

describe("an appointment desk finds", () => {
  it("the next appointment of a number", async () => {
    const { desk } = deskOver();
    expect(desk.appointment).toBeUndefined();
    expect((await desk.findByPhone(caller, "main"))[0]?.id).toBe(appointment.id);
    expect(desk.appointment?.id).toBe(appointment.id);
  });

  it.each([
    { name: "of another number", phoneNumber: stranger, clinicId: "main", over: {} },
    { name: "of another clinic", phoneNumber: caller, clinicId: "east", over: {} },
    { name: "that was cancelled", phoneNumber: caller, clinicId: "main", over: { status: "cancelled" } },
    {
      name: "that is over",
      phoneNumber: caller,
      clinicId: "main",
      over: { start: "2026-11-20T10:00:00-08:00" },
    },
  ] as const)("no appointment $name", async ({ phoneNumber, clinicId, over }) => {
    const store = memoryAppointmentStore({ appointments: [sampleAppointment(over)] });
    const desk = openDesk(store);
    expect(await desk.findByPhone(phoneNumber, clinicId)).toEqual([]);
    expect(desk.appointment).toBeUndefined();
  });

  it("the appointment of a brief by its id", async () => {
    const { desk } = deskOver();
    expect((await desk.findById(appointment.id, "main"))?.id).toBe(appointment.id);
  });

  it.each([
    { name: "of another clinic", id: appointment.id, clinicId: "east", over: {} },
    { name: "that was cancelled", id: appointment.id, clinicId: "main", over: { status: "cancelled" } },
    { name: "that is not there", id: "appointment-9", clinicId: "main", over: {} },
  ] as const)("no appointment $name by its id", async ({ id, clinicId, over }) => {
    const store = memoryAppointmentStore({ appointments: [sampleAppointment(over)] });
    const desk = openDesk(store);
    expect(await desk.findById(id, clinicId)).toBeUndefined();
    expect(await desk.change("confirm")).toEqual({ ok: false, reason: "NoAppointment" });
  });

  it("nothing more once another number was looked for", async () => {
    const { desk } = deskOver();
    await desk.findByPhone(caller, "main");
    await desk.findByPhone(stranger, "main");
    expect(desk.appointment).toBeUndefined();
  });

  it("what the dispatch told it, and can change that", async () => {
    const { desk, store } = deskOver();
    expect(desk.take(appointment)).toBe(appointment);
    expect(await desk.change("confirm")).toMatchObject({ ok: true, appointment: { status: "confirmed" } });
    expect((await store.get(appointment.id))?.status).toBe("confirmed");
  });
});

describe("an appointment desk changes", () => {
  it("nothing before an appointment was found", async () => {
    const { desk } = deskOver();
    expect(await desk.change("confirm")).toEqual({ ok: false, reason: "NoAppointment" });
    expect(await desk.openSlots(friday)).toEqual([]);
  });

  it("one after the other, though nobody waited: keys 1, 2, 1 end as confirmed", async () => {
    const order: string[] = [];
    const delays = [6, 3, 0];
    const slowly = async <Answer>(name: string, write: () => Promise<Answer>): Promise<Answer> => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, delays.shift()));
      const answer = await write();
      order.push(`${name} ends`);
      return answer;
    };
    const { desk, store } = deskOver((inner) => ({
      confirm: (...args) => slowly("confirm", () => inner.confirm(...args)),
      requestReschedule: (...args) => slowly("request", () => inner.requestReschedule(...args)),
    }));
    await desk.findByPhone(caller, "main");
    const results = await Promise.all([
      desk.change("confirm"),
      desk.change("request-reschedule"),
      desk.change("confirm"),
    ]);
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
    const steps = ["confirm", "request", "confirm"];
    expect(order).toEqual(steps.flatMap((name) => [`${name} begins`, `${name} ends`]));
    expect((await store.get(appointment.id))?.status).toBe("confirmed");
    expect(desk.appointment?.status).toBe("confirmed");
  });

  it("to a slot that it offered, and only to such a one", async () => {
    const { desk, store } = deskOver();
    await desk.findByPhone(caller, "main");
    for (const slotId of [undefined, "", "slot-1", "slot-of-another-clinic", "__proto__"])
      expect(await desk.change("reschedule", slotId)).toEqual({ ok: false, reason: "SlotNotOffered" });
    expect((await store.get(appointment.id))?.start).toBe(appointment.start);
    expect((await desk.openSlots(friday)).map(({ id }) => id)).toEqual(["slot-1"]);
    expect(await desk.change("reschedule", "slot-of-another-doctor")).toMatchObject({
      reason: "SlotNotOffered",
    });
    expect(await desk.change("reschedule", "slot-1")).toMatchObject({
      ok: true,
      appointment: { slotId: "slot-1", start: "2026-11-27T09:00:00-08:00" },
    });
  });

  it("to no slot that somebody took meanwhile", async () => {
    const { desk, store } = deskOver((inner) => ({
      reschedule: async (id, write) => ({
        ok: false,
        conflict: "SlotTaken",
        appointment: await inner.get(id).then((one) => one && { ...one, version: write.version }),
      }),
    }));
    await desk.findByPhone(caller, "main");
    await desk.openSlots(friday);
    expect(await desk.change("reschedule", "slot-1")).toEqual({ ok: false, reason: "SlotTaken" });
    expect((await store.get(appointment.id))?.start).toBe(appointment.start);
  });

  it("nothing when the clinic changed the appointment meanwhile, but knows it as it is from then on", async () => {
    const { desk, store } = deskOver();
    await desk.findByPhone(caller, "main");
    await store.requestReschedule(appointment.id, { version: appointment.version, callId: "at the desk" });
    expect(await desk.change("confirm")).toEqual({ ok: false, reason: "VersionConflict" });
    expect((await store.get(appointment.id))?.status).toBe("reschedule-requested");
    expect(desk.appointment?.status).toBe("reschedule-requested");
    expect(await desk.change("confirm")).toMatchObject({ ok: true, appointment: { status: "confirmed" } });
  });

  it("nothing more once the appointment is cancelled", async () => {
    const { desk } = deskOver();
    await desk.findByPhone(caller, "main");
    expect(await desk.change("cancel")).toMatchObject({ ok: true });
    expect(await desk.change("confirm")).toEqual({ ok: false, reason: "AppointmentCancelled" });
  });

  it("with the call's id and the version that it saw", async () => {
    const confirm = vi.fn<AppointmentStore["confirm"]>();
    const { desk } = deskOver((inner) => ({ confirm: confirm.mockImplementation(inner.confirm) }));
    await desk.findByPhone(caller, "main");
    await desk.change("confirm");
    expect(confirm).toHaveBeenCalledExactlyOnceWith(appointment.id, { version: "1", callId: "call-1" });
  });
});

describe("an appointment desk whose store fails", () => {
  it.each([
    { name: "rejects", confirm: () => Promise.reject(new Error("disk full")) },
    {
      name: "throws",
      confirm: () => {
        throw new Error("closed");
      },
    },
  ])("tells so when it $name, and changes the next time", async ({ confirm }) => {
    const fail = vi.fn<AppointmentStore["confirm"]>().mockImplementationOnce(confirm);
    const { desk, error, clock } = deskOver((inner) => ({
      confirm: (...args) => fail(...args) ?? inner.confirm(...args),
    }));
    await desk.findByPhone(caller, "main");
    expect(await desk.change("confirm")).toEqual({ ok: false, reason: "StoreUnavailable" });
    expect(error).toHaveBeenCalledOnce();
    expect(error.mock.calls[0]?.[0]).toMatchObject({ callId: "call-1", change: "confirm" });
    expect(JSON.stringify(error.mock.calls[0])).not.toContain("Nadia");
    expect(await desk.change("confirm")).toMatchObject({ ok: true });
    expect(clock.pendingTimers).toBe(0);
  });

  it("gives a change up that is not answered in 4 seconds, and lets the next one through", async () => {
    const { desk, clock } = deskOver((inner) => ({ confirm: never, cancel: inner.cancel }));
    await desk.findByPhone(caller, "main");
    const told = vi.fn();
    void desk.change("confirm").then(told);
    const next = desk.change("cancel");
    await clock.advance(3_999);
    expect(told).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(told).toHaveBeenCalledExactlyOnceWith({ ok: false, reason: "StoreUnavailable" });
    expect(await next).toMatchObject({ ok: true });
    expect(clock.pendingTimers).toBe(0);
  });

  it("does not mind an answer that fails after its time", async () => {
    let fail: (error: Error) => void = () => {};
    const { desk, clock } = deskOver(() => ({
      confirm: () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    }));
    await desk.findByPhone(caller, "main");
    const changed = desk.change("confirm");
    await clock.advance(4_000);
    expect(await changed).toEqual({ ok: false, reason: "StoreUnavailable" });
    // An unhandled rejection fails the run.
    fail(new Error("too late"));
    await clock.advance(0);
  });

  it("counts a change that was kept after its time once, when it is asked for again", async () => {
    let late = true;
    const { desk, clock, store } = deskOver((inner) => ({
      confirm: async (...args) => {
        const result = await inner.confirm(...args);
        return late ? await never() : result;
      },
    }));
    await desk.findByPhone(caller, "main");
    const changed = desk.change("confirm");
    await clock.advance(4_000);
    expect(await changed).toMatchObject({ reason: "StoreUnavailable" });
    late = false;
    expect(await desk.change("confirm")).toMatchObject({ ok: true, appointment: { status: "confirmed" } });
    expect((await store.get(appointment.id))?.version).toBe("write-1");
  });

  it.each([
    { name: "findByPhone", look: (desk: AppointmentDesk) => desk.findByPhone(caller, "main") },
    { name: "findById", look: (desk: AppointmentDesk) => desk.findById(appointment.id, "main") },
    { name: "openSlots", look: (desk: AppointmentDesk) => desk.openSlots(friday) },
  ])("throws from $name when it fails, and after 4 seconds", async ({ look }) => {
    const fail = () => Promise.reject(new Error("disk full"));
    const failing = deskOver(() => ({ findUpcoming: fail, get: fail, openSlots: fail }));
    failing.desk.take(appointment);
    await expect(look(failing.desk)).rejects.toThrow("disk full");
    const silent = deskOver(() => ({ findUpcoming: never, get: never, openSlots: never }));
    silent.desk.take(appointment);
    const looked = expect(look(silent.desk)).rejects.toThrow("did not answer in time");
    await silent.clock.advance(4_000);
    await looked;
    expect(silent.clock.pendingTimers).toBe(0);
  });
});

describe("an appointment desk that looks ahead", () => {
  it("has asked the store before the call asks, and asks again for what is asked later", async () => {
    const get = vi.fn<AppointmentStore["get"]>();
    const { desk } = deskOver((inner) => ({ get: get.mockImplementation(inner.get) }));
    desk.lookAhead(appointment.id);
    expect(get).toHaveBeenCalledTimes(1);
    expect((await desk.findById(appointment.id, "main"))?.id).toBe(appointment.id);
    expect(get).toHaveBeenCalledTimes(1);
    expect((await desk.findById(appointment.id, "main"))?.id).toBe(appointment.id);
    expect(get).toHaveBeenCalledTimes(2);
  });

  it("takes the answer for no other appointment and no other clinic", async () => {
    const { desk } = deskOver();
    desk.lookAhead(appointment.id);
    expect(await desk.findById("appointment-2", "main")).toBeUndefined();
    desk.lookAhead(appointment.id);
    expect(await desk.findById(appointment.id, "east")).toBeUndefined();
  });

  it("tells whoever asks that the store failed, or was not in time, and nobody else", async () => {
    const failing = deskOver(() => ({ get: () => Promise.reject(new Error("disk full")) }));
    failing.desk.lookAhead(appointment.id);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(failing.desk.findById(appointment.id, "main")).rejects.toThrow("disk full");
    const silent = deskOver(() => ({ get: never }));
    silent.desk.lookAhead(appointment.id);
    await silent.clock.advance(4_000);
    await expect(silent.desk.findById(appointment.id, "main")).rejects.toThrow("did not answer in time");
  });
});

describe("an appointment desk that may not tell", () => {
  it("finds, but gives and changes nothing, until it may; and no more when it may not again", async () => {
    const { desk, store } = deskOver();
    let mayTell = false;
    desk.guard(() => mayTell);
    await desk.findByPhone(caller, "main");
    const sealed = async (): Promise<void> => {
      expect(desk.appointment).toBeUndefined();
      expect(desk.appointmentsOfPatient).toEqual([]);
      expect(desk.lastOffer).toEqual([]);
      expect(await desk.openSlots(friday)).toEqual([]);
      const refusal = { ok: false, reason: "IdentityNeeded" };
      expect(await desk.hold("slot-1")).toEqual(refusal);
      expect(await desk.setPreferences({ walkIn: true })).toEqual(refusal);
      for (const change of ["confirm", "cancel", "request-reschedule"] as const)
        expect(await desk.change(change)).toEqual(refusal);
      expect(await desk.change("reschedule", "slot-1")).toEqual(refusal);
      expect(await store.get(appointment.id)).toEqual(appointment);
    };
    await sealed();
    mayTell = true;
    expect(desk.appointment).toEqual(appointment);
    expect(await desk.openSlots(friday)).toHaveLength(1);
    mayTell = false;
    await sealed();
  });

  it("is so from the beginning, whoever made it", async () => {
    const store = memoryAppointmentStore({ appointments: [appointment] });
    const desk = new AppointmentDesk(store, "call-1", simulatedClock(), silentLogger);
    await desk.findById(appointment.id, "main");
    expect(desk.appointment).toBeUndefined();
    expect(await desk.change("confirm")).toEqual({ ok: false, reason: "IdentityNeeded" });
  });
});

describe("an appointment desk with a family's number", () => {
  const sami = { ...appointment.patient, id: "patient-2", name: "Sami Haddad" };
  const family = [
    appointment,
    sampleAppointment({ id: "sami-1", patient: sami, start: "2026-11-24T11:00:00-08:00" }),
    sampleAppointment({ id: "sami-2", patient: sami, start: "2026-11-25T11:00:00-08:00" }),
  ];
  const familyDesk = async () => {
    const desk = openDesk(memoryAppointmentStore({ appointments: family, slots }));
    await desk.findByPhone(caller, "main");
    return desk;
  };

  it("takes nobody's appointment for the call's before it is told whose", async () => {
    const desk = await familyDesk();
    expect(desk.patients.map(({ id }) => id)).toEqual(["patient-1", "patient-2"]);
    expect(desk.appointment).toBeUndefined();
    expect(await desk.change("confirm")).toEqual({ ok: false, reason: "NoAppointment" });
  });

  it("goes on with the patient who is chosen, with their next appointment or another of theirs", async () => {
    const desk = await familyDesk();
    expect(desk.choose("patient-2")).toBe("sami-1");
    expect(desk.appointmentsOfPatient.map(({ id }) => id)).toEqual(["sami-1", "sami-2"]);
    expect(desk.choose("patient-2", "sami-2")).toBe("sami-2");
    expect(await desk.change("confirm")).toMatchObject({ ok: true, appointment: { id: "sami-2" } });
    expect(desk.choose("patient-1")).toBe(appointment.id);
    expect(desk.appointmentsOfPatient).toEqual([appointment]);
  });

  it("chooses nobody whom it has not found, and no appointment of another patient", async () => {
    const desk = await familyDesk();
    desk.choose("patient-1");
    expect(desk.choose("patient-1", "sami-1")).toBeUndefined();
    expect(desk.appointment).toBeUndefined();
    expect(desk.choose("patient-9")).toBeUndefined();
  });
});

describe("an appointment desk keeps", () => {
  it("an offered slot for its call, for two minutes", async () => {
    const { desk, store, clock } = deskOver();
    await desk.findByPhone(caller, "main");
    expect(await desk.hold("slot-1")).toEqual({ ok: false, reason: "SlotNotOffered" });
    await desk.openSlots(friday);
    expect(await desk.hold("slot-1")).toMatchObject({ ok: true, slot: { id: "slot-1" } });
    const rival = new AppointmentDesk(store, "call-2", clock, silentLogger);
    rival.guard(() => true);
    await rival.findByPhone(caller, "main");
    expect(await rival.openSlots(friday)).toEqual([]);
    expect((await desk.openSlots(friday)).map(({ id }) => id)).toEqual(["slot-1"]);
    const at = (ms: number) => new Date(clock.now() + ms).toISOString();
    const look = { clinicId: "main", provider: "Dr. Lane", ...friday };
    expect(await store.openSlots({ ...look, at: at(119_999) })).toEqual([]);
    expect(await store.openSlots({ ...look, at: at(120_000) })).toHaveLength(1);
  });

  it("what the patient wishes, and who wants to be called back", async () => {
    const { desk, store } = deskOver();
    await desk.requestCallBack(caller, "main");
    expect(await store.callBacks({ clinicId: "main" })).toMatchObject([
      { callId: "call-1", phoneNumber: caller, appointmentId: undefined },
    ]);
    await desk.findByPhone(caller, "main");
    expect(await desk.setPreferences({ walkIn: true })).toMatchObject({ ok: true });
    expect(await desk.change("confirm")).toMatchObject({
      ok: true,
      appointment: { preferences: { walkIn: true } },
    });
  });

  it("no wish, and says so, when the store fails", async () => {
    const fail = () => Promise.reject(new Error("disk full"));
    const { desk } = deskOver(() => ({ setPreferences: fail, holdSlot: fail, requestCallBack: fail }));
    await desk.findByPhone(caller, "main");
    await desk.openSlots(friday);
    expect(await desk.setPreferences({ walkIn: true })).toEqual({ ok: false, reason: "StoreUnavailable" });
    expect(await desk.hold("slot-1")).toEqual({ ok: false, reason: "StoreUnavailable" });
    await expect(desk.requestCallBack(caller, "main")).rejects.toThrow("disk full");
  });
});
