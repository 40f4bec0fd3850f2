import { describe, expect, it, vi } from "vitest";
import { memoryAppointmentStore } from "../../appointments/memory-store.ts";
import type { AppointmentStore } from "../../appointments/store.ts";
import { memoryCallLog } from "../../call/call-log.ts";
import type { PromptName } from "../../call/prompt.ts";
import { type Logger, silentLogger } from "../../log/logger.ts";
import { memoryContactPreferences } from "../../policy/contact-preferences.ts";
import { sampleAppointment, sampleSlot, simulatedClock } from "../../testing/index.ts";
import { type ClinicTap, encodeClinicTap } from "../../web/tap.ts";
import { type ClinicView, parseClinicView } from "../../web/view.ts";
import { CallRecorder } from "../call/call-recorder.ts";
import { ClinicCall } from "../call/clinic-call.ts";
import { AppointmentDesk } from "../desk/appointment-desk.ts";
import type { Speech } from "../speech/speech.ts";
import { WebPage } from "./web-page.ts";

const appointment = sampleAppointment();
const other = sampleAppointment({ id: "appointment-2" });
const friday = sampleSlot({ id: "friday-at-nine" });
const monday = sampleSlot({ id: "monday-at-nine", start: "2026-11-30T09:00:00-08:00" });

interface Setting {
  readonly store?: (inner: AppointmentStore) => Partial<AppointmentStore>;
  readonly proven?: boolean;
  readonly send?: (packet: Uint8Array) => Promise<void>;
}

/** The page of a call whose parts are real, except for its speech, whose voices need a LiveKit room. */
async function pageOf({ store: change, proven = true, send }: Setting = {}) {
  const said: string[] = [];
  const clock = simulatedClock(Date.parse("2026-11-22T17:00:00Z"));
  const inner = memoryAppointmentStore({ appointments: [appointment, other], slots: [monday, friday] });
  const store: AppointmentStore = { ...inner, ...change?.(inner) };
  const warn = vi.fn<Logger["warn"]>();
  const logger: Logger = { ...silentLogger, warn };
  const callLog = memoryCallLog();
  const recorder = new CallRecorder(callLog, "call-1", clock, logger);
  const desk = new AppointmentDesk(store, "call-1", clock, logger);
  const speech = {
    say: async (prompt: PromptName) => void said.push(`say ${prompt}`),
    reply: async (instructions: string) => void said.push(instructions),
    interrupt: () => void said.push("interrupt"),
    speakIn: (language: string) => void said.push(`sentences in ${language}`),
    finished: async () => {},
    loseModel: () => {},
  };
  const call = new ClinicCall({
    callId: "call-1",
    desk,
    speech: speech as unknown as Speech,
    recorder,
    preferences: memoryContactPreferences(),
    clock,
    logger,
    phoneNumber: () => appointment.patient.phoneNumber,
    transfer: async () => ({ reached: false, reason: "no-answer" }),
    language: "ar-XA",
    greet: async () => {},
    speakLanguage: async (language) => void said.push(`speak ${language}`),
  });
  const views: ClinicView[] = [];
  const page = new WebPage({
    callId: "call-1",
    clinicName: "Riverside Family Clinic",
    languages: ["ar-XA", "en-US"],
    call,
    desk,
    recorder,
    clock,
    logger,
    send:
      send ??
      (async (packet) => {
        const view = parseClinicView(packet);
        if (!view) throw new Error("What was sent is no view.");
        views.push(view);
      }),
  });
  const settle = () => clock.advance(0);
  await desk.findById(appointment.id, "main");
  call.connected();
  call.appointmentFound(appointment.id);
  if (proven) call.identityProven("token");
  await settle();
  return {
    call,
    callLog,
    clock,
    desk,
    page,
    said,
    settle,
    store: inner,
    views,
    warn,
    last: () => views.at(-1) as ClinicView,
    async tap(tap: ClinicTap) {
      page.receive(encodeClinicTap(tap));
      await settle();
    },
  };
}

describe("the page of a call", () => {
  it("shows the appointment in the language of the call, at the clinic's time", async () => {
    const { last } = await pageOf();
    expect(last()).toMatchObject({
      language: "ar-XA",
      call: { phase: "active", disposition: "none", model: "working" },
      appointment: { patientName: "Nadia Haddad", provider: "Dr. Lane", status: "booked" },
      slots: [],
      notice: null,
    });
    expect(last().appointment).toMatchObject({ day: "الثلاثاء، 24 نوفمبر", time: "10:00 ص" });
  });

  it("shows nothing of the appointment to somebody who is not known to be the patient", async () => {
    const { views, call, tap } = await pageOf({ proven: false });
    await tap({ version: 1, tap: "reschedule" });
    expect(views.length).toBeGreaterThan(0);
    for (const view of views) {
      expect(view.appointment).toBeNull();
      expect(view.slots).toEqual([]);
      expect(JSON.stringify(view)).not.toMatch(/Nadia|Lane/);
    }
    expect(call.state.disposition).toBe("none");
  });

  it("writes a tap at once, interrupts, acknowledges, and shows what the store kept", async () => {
    const { tap, said, store, last, callLog } = await pageOf();
    await tap({ version: 1, tap: "confirm" });
    expect(said).toEqual(["interrupt", "say confirmed"]);
    expect((await store.get(appointment.id))?.status).toBe("confirmed");
    expect(last()).toMatchObject({
      call: { disposition: "confirmed" },
      appointment: { status: "confirmed" },
    });
    const events = (await callLog.read("call-1"))?.entries.map(({ event }) => event);
    expect(events).toContainEqual({ type: "tap", choice: "confirm" });
    expect(events).toContainEqual({ type: "store", change: "confirm", result: "kept", via: "tap" });
  });

  it("offers times to tap when another one is wanted, under names of this call, and moves the appointment to the tapped one", async () => {
    const { tap, last, store, said } = await pageOf();
    await tap({ version: 1, tap: "reschedule" });
    expect(last().slots.map(({ id, start }) => [id, start])).toEqual([
      ["slot-1", friday.start],
      ["slot-2", monday.start],
    ]);
    expect(last().slots[0]?.day).toContain("الجمعة");
    expect(JSON.stringify(last())).not.toContain(friday.id);
    said.length = 0;
    await tap({ version: 1, tap: "choose-slot", slotId: "slot-2" });
    expect((await store.get(appointment.id))?.start).toBe(monday.start);
    expect(last()).toMatchObject({
      call: { disposition: "rescheduled" },
      appointment: { start: monday.start },
      slots: [],
    });
    expect(said[0]).toBe("interrupt");
    expect(said[1]).toContain("الاثنين");
  });

  it("moves the appointment only to what was offered in this call", async () => {
    const { tap, store, warn, page, call } = await pageOf();
    await tap({ version: 1, tap: "choose-slot", slotId: friday.id });
    await tap({ version: 1, tap: "choose-slot", slotId: "slot-1" });
    await tap({ version: 1, tap: "choose-slot", slotId: "__proto__" });
    expect((await store.get(appointment.id))?.start).toBe(appointment.start);
    expect(call.state.disposition).toBe("none");
    expect(warn).toHaveBeenCalledTimes(3);
    await page.close();
  });

  it("shows the times that the model found", async () => {
    const { desk, call, last, settle } = await pageOf();
    await desk.openSlots({ from: "2026-11-29T00:00:00Z", to: "2026-12-02T00:00:00Z" });
    call.preferWalkIn(true);
    await settle();
    expect(last().slots.map(({ start }) => start)).toEqual([monday.start]);
  });

  it("says that a time was just taken, and offers what is left", async () => {
    const { tap, last, store } = await pageOf();
    await tap({ version: 1, tap: "reschedule" });
    const at = "2026-11-23T18:00:00Z";
    await store.reschedule(other.id, { version: other.version, callId: "call-2", slotId: friday.id, at });
    await tap({ version: 1, tap: "choose-slot", slotId: "slot-1" });
    expect(last().notice).toBe("slot-taken");
    expect(last().slots.map(({ start }) => start)).toEqual([monday.start]);
    await tap({ version: 1, tap: "choose-slot", slotId: "slot-2" });
    expect(last()).toMatchObject({ notice: null, call: { disposition: "rescheduled" } });
  });

  it("tells when a tap could not be stored, and claims nothing", async () => {
    const { tap, last, said, clock } = await pageOf({
      store: () => ({ confirm: () => new Promise(() => {}) }),
    });
    await tap({ version: 1, tap: "confirm" });
    await clock.advance(10_000);
    expect(said).toContain("say not-stored");
    expect(last()).toMatchObject({
      notice: "not-stored",
      call: { disposition: "none" },
      appointment: { status: "booked" },
    });
  });

  it("tells when there is no free time", async () => {
    const { tap, last } = await pageOf({ store: () => ({ openSlots: async () => [] }) });
    await tap({ version: 1, tap: "reschedule" });
    expect(last()).toMatchObject({ notice: "no-slots", slots: [] });
  });

  it("changes the language of the voice and of the view", async () => {
    const { tap, last, said } = await pageOf();
    await tap({ version: 1, tap: "reschedule" });
    said.length = 0;
    await tap({ version: 1, tap: "speak-language", language: "en-US" });
    expect(said).toEqual(["interrupt", "sentences in en-US", "speak en-US"]);
    expect(last().language).toBe("en-US");
    expect(last().appointment).toMatchObject({
      day: "Tuesday, November 24",
      time: expect.stringMatching(/^10:00\sAM$/),
    });
    expect(last().slots[0]?.day).toContain("Friday");
  });

  it("sends the whole view again to a page that looks, with a higher number, and nothing when nothing changed", async () => {
    const { tap, views, call, settle } = await pageOf();
    const before = views.length;
    call.callerHeard();
    await settle();
    expect(views).toHaveLength(before);
    await tap({ version: 1, tap: "look" });
    expect(views).toHaveLength(before + 1);
    const [last, again] = views.slice(-2);
    expect(again).toEqual({ ...last, sequence: (last?.sequence ?? 0) + 1 });
  });

  it("answers what is malformed with nothing but a line in the log", async () => {
    const { page, views, warn, settle, said } = await pageOf();
    const before = views.length;
    page.receive(new TextEncoder().encode('{"version":1,"tap":"dial"}'));
    page.receive(new Uint8Array(100_000));
    await settle();
    expect(views).toHaveLength(before);
    expect(said).toEqual([]);
    expect(warn).toHaveBeenCalledTimes(2);
  });

  it("takes no more taps than a person can make", async () => {
    const { page, callLog, clock, settle, tap, warn } = await pageOf();
    for (let at = 0; at < 1_000; at++) page.receive(encodeClinicTap({ version: 1, tap: "confirm" }));
    await settle();
    const taps = async () =>
      (await callLog.read("call-1"))?.entries.filter(({ event }) => event.type === "tap").length ?? 0;
    expect(await taps()).toBe(20);
    expect(warn).toHaveBeenCalledTimes(1);
    await clock.advance(5_000);
    await tap({ version: 1, tap: "confirm" });
    expect(await taps()).toBe(21);
  });

  it("ends the call by a tap, shows that it ended, and takes no tap after that", async () => {
    const { tap, call, last, page, views, store, settle } = await pageOf();
    await tap({ version: 1, tap: "end" });
    expect(call.state).toMatchObject({ phase: "ended", endedBy: "patient" });
    await page.close();
    expect(last().call.phase).toBe("ended");
    const before = views.length;
    await tap({ version: 1, tap: "cancel" });
    await settle();
    expect(views).toHaveLength(before);
    expect((await store.get(appointment.id))?.status).toBe("booked");
  });

  it("does not hold up the end of a call when the page can't be reached", async () => {
    const { page, clock } = await pageOf({ send: () => new Promise(() => {}) });
    const closed = vi.fn();
    void page.close().then(closed);
    await clock.advance(499);
    expect(closed).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(closed).toHaveBeenCalled();
  });

  it("goes on after a view that could not be sent", async () => {
    let fails = true;
    const sent: Uint8Array[] = [];
    const { tap, warn } = await pageOf({
      send: async (packet) => {
        if (fails) throw new Error("no connection");
        sent.push(packet);
      },
    });
    expect(warn).toHaveBeenCalled();
    fails = false;
    await tap({ version: 1, tap: "look" });
    expect(sent).toHaveLength(1);
  });
});
