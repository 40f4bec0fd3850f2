import type { voice } from "@livekit/agents";
import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { memoryAppointmentStore } from "../appointments/memory-store.ts";
import type { AppointmentStore } from "../appointments/store.ts";
import { memoryCallLog } from "../call/call-log.ts";
import type { Language } from "../call/prompt.ts";
import { silentLogger } from "../log/logger.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { memoryContactPreferences } from "../policy/contact-preferences.ts";
import { sampleAppointment, sampleSlot, simulatedClock } from "../testing/index.ts";
import { AppointmentDesk } from "./appointment-desk.ts";
import { CallRecorder } from "./call-recorder.ts";
import { ClinicCall } from "./clinic-call.ts";
import type { Speech } from "./speech.ts";
import { clinicTools } from "./tools.ts";

const caller = parsePhoneNumber("+15105550111");
const appointment = sampleAppointment();
const another = sampleAppointment({
  id: "appointment-2",
  patient: { id: "patient-2", name: "Lee O'Brien", phoneNumber: parsePhoneNumber("+15105550112") },
});
const slots = [
  sampleSlot({ id: "thursday-late", start: "2026-11-26T16:30:00-08:00" }),
  sampleSlot({ id: "friday", start: "2026-11-27T09:00:00-08:00" }),
  sampleSlot({ id: "friday-late", start: "2026-11-27T16:30:00-08:00" }),
  sampleSlot({ id: "saturday", start: "2026-11-28T09:00:00-08:00" }),
  sampleSlot({ id: "far", start: "2026-12-24T09:00:00-08:00" }),
];

type ToolName = keyof ReturnType<typeof clinicTools>;
type Execute = (args: object, options: { ctx: voice.RunContext }) => Promise<Record<string, unknown>>;

/** The tools of a connected call; its speech, which would need a LiveKit room, is a stand-in that says nothing. */
async function toolsWith(
  change: (inner: AppointmentStore) => Partial<AppointmentStore> = () => ({}),
  { found = true, language = "en-US" as Language } = {},
) {
  const clock = simulatedClock();
  const inner = memoryAppointmentStore({ appointments: [appointment, another], slots });
  const steps: string[] = [];
  const callLog = memoryCallLog();
  const recorder = new CallRecorder(callLog, "call-1", clock, silentLogger);
  const desk = new AppointmentDesk({ ...inner, ...change(inner) }, "call-1", clock, silentLogger);
  const speech = {
    say: async () => {},
    reply: async () => {},
    interrupt: () => void steps.push("interrupted"),
    loseModel: () => {},
    finished: async () => {},
  };
  const call = new ClinicCall({
    callId: "call-1",
    desk,
    speech: speech as unknown as Speech,
    recorder,
    preferences: memoryContactPreferences(),
    clock,
    logger: silentLogger,
    phoneNumber: () => caller,
    transfer: async () => {
      steps.push("transferred");
      return { reached: true, by: "refer" };
    },
    language,
    greet: async () => {},
    speakLanguage: async () => {},
  });
  if (found) {
    await desk.findByPhone(caller, "main");
    call.appointmentFound(appointment.id);
    call.identityProven("phone-number");
  }
  call.connected();
  const tools = clinicTools({ call, recorder, clock, language });
  const ctx = { disallowInterruptions: vi.fn(() => void steps.push("uninterruptible")) };
  return {
    call,
    clock,
    ctx,
    steps,
    store: inner,
    tools,
    run: (name: ToolName, args: object = {}) =>
      (tools[name].execute as unknown as Execute)(args, { ctx: ctx as unknown as voice.RunContext }),
    results: async () => {
      await recorder.written;
      const entries = (await callLog.read("call-1"))?.entries ?? [];
      return entries.flatMap(({ event }) => (event.type === "tool" ? [`${event.name} ${event.result}`] : []));
    },
  };
}

const argumentsOf: Readonly<Record<ToolName, readonly string[]>> = {
  confirmAppointment: [],
  cancelAppointment: [],
  findOpenSlots: ["from", "to"],
  reschedule: ["slotId"],
  preferWalkIn: ["walkIn"],
  preferReminder: ["channel", "hoursBefore"],
  transferToOperator: [],
  endCall: [],
};
const toolNames = Object.keys(argumentsOf) as ToolName[];
const someArguments: Partial<Record<ToolName, object>> = {
  reschedule: { slotId: "friday" },
  preferWalkIn: { walkIn: true },
  preferReminder: { channel: "sms" },
};

describe("the tools of a call", () => {
  it("are these, and take nothing that names a patient, a number or an appointment", async () => {
    const { tools } = await toolsWith();
    const taken = Object.entries(tools).map(([name, tool]) => {
      const { parameters } = tool as { parameters?: unknown };
      const keys = parameters instanceof z.ZodObject ? Object.keys(parameters.shape) : schemaKeys(parameters);
      return [name, keys];
    });
    expect(Object.fromEntries(taken)).toEqual(argumentsOf);
  });

  it.each(toolNames)("%s disallows interruptions before it does anything", async (name) => {
    const { run, steps, store } = await toolsWith();
    const done = run(name, someArguments[name]);
    expect(steps[0]).toBe("uninterruptible");
    expect((await store.get(appointment.id))?.version).toBe(appointment.version);
    await done;
  });

  it.each(toolNames)(
    "%s does nothing, and says so, when its speech was interrupted already",
    async (name) => {
      const { run, ctx, results, store } = await toolsWith();
      ctx.disallowInterruptions.mockImplementation(() => {
        throw new Error("the SpeechHandle is already interrupted");
      });
      expect(await run(name, someArguments[name])).toEqual({
        ok: false,
        reason: "Interrupted",
        tell: expect.stringMatching(/nothing was done/),
      });
      expect(await results()).toEqual([`${name} interrupted`]);
      expect((await store.get(appointment.id))?.version).toBe(appointment.version);
    },
  );

  it.each([
    ["confirmAppointment", "confirmed", "confirmed"],
    ["cancelAppointment", "cancelled", "cancelled"],
  ] as const)(
    "%s changes this patient's appointment and says when it is",
    async (name, status, disposition) => {
      const { run, store, call, results } = await toolsWith();
      expect(await run(name)).toEqual({
        ok: true,
        spoken: expect.stringMatching(/^Tuesday, November 24 at 10:00\sAM$/u),
      });
      expect((await store.get(appointment.id))?.status).toBe(status);
      expect((await store.get(another.id))?.status).toBe("booked");
      expect(call.state.disposition).toBe(disposition);
      expect(await results()).toEqual([`${name} done`]);
    },
  );

  it("heed no id that the model adds of its own", async () => {
    const { run, store } = await toolsWith();
    await run("cancelAppointment", { appointmentId: another.id, phoneNumber: "+15105550112" });
    expect((await store.get(another.id))?.status).toBe("booked");
  });

  it("say times in the language of the call", async () => {
    const { run } = await toolsWith(undefined, { language: "ar-XA" });
    expect(await run("confirmAppointment")).toMatchObject({ spoken: expect.stringContaining("الثلاثاء") });
  });

  it.each(["confirmAppointment", "cancelAppointment"] as const)(
    "%s says in words that there is no appointment",
    async (name) => {
      const { run, results } = await toolsWith(undefined, { found: false });
      expect(await run(name)).toEqual({
        ok: false,
        reason: "NoAppointment",
        tell: expect.stringMatching(/not saved.*operator/),
      });
      expect(await results()).toEqual([`${name} refused`]);
    },
  );

  it.each(["confirmAppointment", "cancelAppointment", "findOpenSlots", "reschedule"] as const)(
    "%s answers in words when the store fails",
    async (name) => {
      const fail = () => Promise.reject(new Error("disk full"));
      const { run } = await toolsWith(() => ({
        confirm: fail,
        cancel: fail,
        reschedule: fail,
        openSlots: fail,
      }));
      expect(await run(name, someArguments[name])).toMatchObject({
        ok: false,
        tell: expect.stringMatching(/\w+ \w+/),
      });
    },
  );

  it.each(["confirmAppointment", "cancelAppointment", "findOpenSlots"] as const)(
    "%s answers in words when the store never does",
    async (name) => {
      const never = () => new Promise<never>(() => {});
      const { run, clock } = await toolsWith(() => ({ confirm: never, cancel: never, openSlots: never }));
      const answer = run(name);
      await clock.advance(4_000);
      expect(await answer).toMatchObject({ ok: false, reason: "StoreUnavailable" });
    },
  );
});

describe("findOpenSlots", () => {
  const ids = ({ slots: found }: Record<string, unknown>) =>
    (found as { slotId: string }[]).map(({ slotId }) => slotId);

  it("gives slots with their id and how to say them, three weeks ahead", async () => {
    const { run, results } = await toolsWith();
    const found = await run("findOpenSlots");
    expect(ids(found)).toEqual(["thursday-late", "friday", "friday-late", "saturday"]);
    expect((found.slots as object[])[1]).toEqual({
      slotId: "friday",
      start: "2026-11-27T09:00:00-08:00",
      spoken: expect.stringMatching(/^Friday, November 27 at 9:00\sAM$/u),
    });
    expect(await results()).toEqual(["findOpenSlots done"]);
  });

  it.each([
    { args: { from: "2026-11-27", to: "2026-11-27" }, found: ["friday", "friday-late"] },
    { args: { from: "2026-11-26", to: "2026-11-26" }, found: ["thursday-late"] },
    { args: { from: "2026-11-28" }, found: ["saturday"] },
    { args: { to: "2026-11-26" }, found: ["thursday-late"] },
  ])("takes the days of $args as the clinic's own", async ({ args, found }) => {
    const { run } = await toolsWith();
    expect(ids(await run("findOpenSlots", args))).toEqual(found);
  });

  it.each([
    { name: "words", args: { from: "next Friday", to: "whenever" } },
    { name: "days in the past", args: { from: "2020-01-01" } },
    { name: "no days", args: { from: "", to: "2026-02-31x" } },
  ])("looks three weeks ahead when the model gives $name", async ({ args }) => {
    const { run } = await toolsWith();
    expect(ids(await run("findOpenSlots", args))).toEqual([
      "thursday-late",
      "friday",
      "friday-late",
      "saturday",
    ]);
  });

  it("finds nothing where the days are the wrong way round", async () => {
    const { run } = await toolsWith();
    expect(await run("findOpenSlots", { from: "2026-11-28", to: "2026-11-24" })).toEqual({ slots: [] });
  });

  it("finds nothing for a call without an appointment", async () => {
    const { run } = await toolsWith(undefined, { found: false });
    expect(await run("findOpenSlots")).toEqual({ slots: [] });
  });
});

describe("reschedule", () => {
  it("moves the appointment to a slot that was offered", async () => {
    const { run, store, call } = await toolsWith();
    await run("findOpenSlots");
    expect(await run("reschedule", { slotId: "friday" })).toEqual({
      ok: true,
      spoken: expect.stringMatching(/^Friday, November 27 at 9:00\sAM$/u),
    });
    expect(await store.get(appointment.id)).toMatchObject({ slotId: "friday" });
    expect(call.state.disposition).toBe("rescheduled");
  });

  it.each(["friday", "far", "made-up"])(
    "refuses slot %s, which was not offered, and says what to do",
    async (slotId) => {
      const { run, store, results } = await toolsWith();
      expect(await run("reschedule", { slotId })).toEqual({
        ok: false,
        reason: "SlotNotOffered",
        tell: expect.stringContaining("findOpenSlots"),
      });
      expect((await store.get(appointment.id))?.start).toBe(appointment.start);
      expect(await results()).toEqual(["reschedule refused"]);
    },
  );

  it("says in words that a slot was taken meanwhile", async () => {
    const { run, store } = await toolsWith();
    await run("findOpenSlots");
    await store.reschedule(another.id, { version: another.version, callId: "call-2", slotId: "friday" });
    expect(await run("reschedule", { slotId: "friday" })).toEqual({
      ok: false,
      reason: "SlotTaken",
      tell: expect.stringMatching(/just been taken.*findOpenSlots/),
    });
  });
});

describe("the other tools", () => {
  it("note whether the patient would come at short notice, and how to remind them", async () => {
    const { run, call } = await toolsWith();
    expect(await run("preferWalkIn", { walkIn: true })).toEqual({ ok: true });
    expect(await run("preferReminder", { channel: "sms", hoursBefore: 24 })).toEqual({ ok: true });
    expect(call.state).toMatchObject({ walkIn: true, reminder: { channel: "sms", hoursBefore: 24 } });
    await run("preferReminder", { channel: "none" });
    expect(call.state.reminder).toEqual({ channel: "none" });
  });

  it("hand over to the operator without interrupting the model", async () => {
    const { run, steps, clock } = await toolsWith();
    expect(await run("transferToOperator")).toMatchObject({
      ok: true,
      tell: expect.stringMatching(/connecting/),
    });
    await clock.advance(0);
    expect(steps).toEqual(["uninterruptible", "transferred"]);
  });

  it("end the call, without waiting for it", async () => {
    const { run, call, clock } = await toolsWith();
    expect(await run("endCall")).toMatchObject({ ok: true, tell: expect.stringMatching(/goodbye/) });
    await clock.advance(0);
    expect(call.state).toMatchObject({ phase: "ended", endedBy: "agent" });
  });
});

/** The keys of a JSON schema, into which the framework turns what was left out. */
function schemaKeys(parameters: unknown): string[] {
  return Object.keys((parameters as { properties?: object } | undefined)?.properties ?? {});
}
