import type { voice } from "@livekit/agents";
import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import type { AppointmentStore } from "../../appointments/store.ts";
import { parsePhoneNumber } from "../../phone/phone-number.ts";
import { sampleAppointment, sampleSlot, simulatedClock } from "../../testing/index.ts";
import { type ToolStageOptions, toolStage } from "./tool-stage.ts";

const caller = parsePhoneNumber("+15105550111");
const patient = { ...sampleAppointment().patient, dateOfBirth: "1984-03-07" };
const appointment = sampleAppointment({ patient });
const another = sampleAppointment({
  id: "appointment-2",
  patient: { id: "patient-2", name: "Lee O'Brien", phoneNumber: parsePhoneNumber("+15105550112") },
});
const slots = [
  sampleSlot({ id: "thursday-late", start: "2026-11-26T16:30:00-08:00" }),
  sampleSlot({ id: "friday", start: "2026-11-27T09:00:00-08:00" }),
  sampleSlot({ id: "friday-late", start: "2026-11-27T16:30:00-08:00" }),
  sampleSlot({ id: "friday-else", start: "2026-11-27T11:00:00-08:00", provider: "Dr. Moreno" }),
  sampleSlot({ id: "saturday", start: "2026-11-28T09:00:00-08:00" }),
  sampleSlot({ id: "far", start: "2026-12-24T09:00:00-08:00" }),
];

type Stage = Awaited<ReturnType<typeof toolStage>>;
type ToolName = keyof Required<Stage["tools"]>;
type Execute = (args: object, options: { ctx: voice.RunContext }) => Promise<Record<string, unknown>>;

/** The tools of a connected call of the patient. */
async function toolsWith(
  change: (inner: AppointmentStore) => Partial<AppointmentStore> = () => ({}),
  { found = true, ...options }: Partial<ToolStageOptions> & { found?: boolean } = {},
) {
  const clock = simulatedClock();
  const number = found ? caller : parsePhoneNumber("+15105550119");
  const appointments = [appointment, another];
  const stage = await toolStage({
    clock,
    appointments,
    slots,
    caller: number,
    direction: "outbound",
    change,
    ...options,
  });
  const { callLog, offer, recorder, steps, tools } = stage;
  const ctx = { disallowInterruptions: vi.fn(() => void steps.push("uninterruptible")) };
  const run = async (name: ToolName, args: object = {}) =>
    await (tools[name] as unknown as { execute: Execute }).execute(args, {
      ctx: ctx as unknown as voice.RunContext,
    });
  return {
    ...stage,
    clock,
    ctx,
    run,
    /** Proposes a slot as a conversation does: found, proposed, read back, answered. */
    propose: async (slotId: string): Promise<unknown> => {
      await run("findOpenSlots");
      const { proposal } = await run("proposeSlot", { slotId });
      offer.agentSpoke();
      offer.callerSpoke();
      return proposal;
    },
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
  chooseAppointment: ["appointment"],
  findOpenSlots: ["from", "to", "partOfDay", "anyProvider", "later"],
  proposeSlot: ["slotId"],
  reschedule: ["proposal"],
  preferWalkIn: ["walkIn"],
  preferReminder: ["channel", "hoursBefore"],
  verifyDateOfBirth: ["dateOfBirth"],
  verifyConfirmationCode: ["confirmationCode", "dateOfBirth"],
  choosePatient: ["patient"],
  requestCallBack: [],
  optOut: [],
  transferToOperator: [],
  speakLanguage: ["language"],
  endCall: [],
  patientNotHere: [],
  wrongNumber: [],
};
const toolNames = Object.keys(argumentsOf) as ToolName[];
const someArguments: Partial<Record<ToolName, object>> = {
  proposeSlot: { slotId: "friday" },
  reschedule: { proposal: 1 },
  verifyDateOfBirth: { dateOfBirth: "1984-03-07" },
  verifyConfirmationCode: { confirmationCode: "481516", dateOfBirth: "1984-03-07" },
  choosePatient: { patient: 1 },
  preferWalkIn: { walkIn: true },
  speakLanguage: { language: "ar-XA" },
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

  it("stop no calls to a number for which somebody dialled us by mistake", async () => {
    const { tools } = await toolsWith(undefined, { direction: "inbound" });
    const { patientNotHere: _absent, wrongNumber: _wrong, ...others } = argumentsOf;
    expect(Object.keys(tools).sort()).toEqual(Object.keys(others).sort());
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

  it.each(toolNames)("%s does nothing of what a machine or a screener seems to ask for", async (name) => {
    for (const party of ["machine", "screener"] as const) {
      const { run, call, results, steps, store } = await toolsWith();
      call.partyDetected(party);
      expect(await run(name, someArguments[name])).toMatchObject({ ok: false, reason: "NobodyThere" });
      expect(await results()).toEqual([`${name} refused`]);
      expect(steps).not.toContain("transferred");
      expect((await store.get(appointment.id))?.version).toBe(appointment.version);
    }
  });

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
        reason: "IdentityNeeded",
        tell: expect.stringMatching(/Nothing was found.*operator/),
      });
      expect(await results()).toEqual([`${name} refused`]);
    },
  );

  it.each([
    "confirmAppointment",
    "cancelAppointment",
    "findOpenSlots",
    "preferWalkIn",
    "requestCallBack",
  ] as const)("%s answers in words when the store fails", async (name) => {
    const fail = () => Promise.reject(new Error("disk full"));
    const { run } = await toolsWith(() => ({
      confirm: fail,
      cancel: fail,
      setPreferences: fail,
      openSlots: fail,
      requestCallBack: fail,
    }));
    expect(await run(name, someArguments[name])).toMatchObject({
      ok: false,
      tell: expect.stringMatching(/\w+ \w+/),
    });
  });

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
    expect(await run("findOpenSlots")).toMatchObject({ ok: false, reason: "IdentityNeeded" });
  });

  it("finds those of a part of the day, by the clinic's clock", async () => {
    const { run, desk } = await toolsWith();
    expect(ids(await run("findOpenSlots", { partOfDay: "morning" }))).toEqual(["friday", "saturday"]);
    expect(ids(await run("findOpenSlots", { partOfDay: "afternoon" }))).toEqual([
      "thursday-late",
      "friday-late",
    ]);
    // What a page shows is what was told.
    expect(desk.lastOffer.map(({ id }) => id)).toEqual(["thursday-late", "friday-late"]);
    expect(ids(await run("findOpenSlots", { partOfDay: "evening" }))).toEqual([]);
  });

  it("finds those of every provider, and says whose they are, when it is asked to", async () => {
    const { run } = await toolsWith();
    const friday = { from: "2026-11-27", to: "2026-11-27" };
    const found = await run("findOpenSlots", { ...friday, anyProvider: true });
    expect(ids(found)).toEqual(["friday", "friday-else", "friday-late"]);
    expect((found.slots as object[])[1]).toMatchObject({ provider: "Dr. Moreno" });
  });

  it("goes on with later ones, page by page, with the same wishes", async () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      sampleSlot({
        id: `s-${String(index).padStart(2, "0")}`,
        start: new Date(Date.parse("2026-11-25T16:00:00Z") + index * 3_600_000).toISOString(),
      }),
    );
    const { run } = await toolsWith(undefined, { slots: many });
    const expected = many.map(({ id }) => id);
    expect(ids(await run("findOpenSlots"))).toEqual(expected.slice(0, 12));
    expect(ids(await run("findOpenSlots", { later: true }))).toEqual(expected.slice(12, 24));
    expect(ids(await run("findOpenSlots", { later: true }))).toEqual(expected.slice(24));
    expect(ids(await run("findOpenSlots", { later: true }))).toEqual([]);
    const mornings = await run("findOpenSlots", { partOfDay: "morning" });
    expect(ids(mornings)).toEqual(["s-00", "s-01", "s-02", "s-03", ...expected.slice(16, 24)]);
    // The fourth morning hour of the second day is the last of 30.
    expect(ids(await run("findOpenSlots", { later: true }))).toEqual(expected.slice(24, 28));
  });
});

describe("moving an appointment", () => {
  it("is proposed, read back and answered before it is done", async () => {
    const { run, store, call, offer } = await toolsWith();
    await run("findOpenSlots");
    const proposed = await run("proposeSlot", { slotId: "friday" });
    expect(proposed).toMatchObject({
      ok: true,
      proposal: 1,
      spoken: expect.stringMatching(/^Friday, November 27 at 9:00\sAM$/u),
      provider: "Dr. Lane",
      tell: expect.stringMatching(/Read this time back/),
    });
    expect((await store.get(appointment.id))?.start).toBe(appointment.start);
    offer.agentSpoke();
    offer.callerSpoke();
    expect(await run("reschedule", { proposal: 1 })).toEqual({
      ok: true,
      spoken: expect.stringMatching(/^Friday, November 27 at 9:00\sAM$/u),
    });
    expect(await store.get(appointment.id)).toMatchObject({ slotId: "friday" });
    expect(call.state.disposition).toBe("rescheduled");
  });

  it.each([
    ["at once", () => {}],
    ["before it was read back", (offer: Stage["offer"]) => offer.callerSpoke()],
    ["before it was answered", (offer: Stage["offer"]) => offer.agentSpoke()],
  ])("is refused %s, by code", async (_when, happened) => {
    const { run, store, offer, results } = await toolsWith();
    await run("findOpenSlots");
    await run("proposeSlot", { slotId: "friday" });
    happened(offer);
    expect(await run("reschedule", { proposal: 1 })).toEqual({
      ok: false,
      reason: "NotAnswered",
      tell: expect.stringMatching(/Read the proposed time back/),
    });
    expect((await store.get(appointment.id))?.start).toBe(appointment.start);
    expect((await results()).at(-1)).toBe("reschedule refused");
  });

  it.each([0, 2, -1])("is refused for proposal %d, which was not made", async (proposal) => {
    const { run, propose } = await toolsWith();
    await propose("friday");
    expect(await run("reschedule", { proposal })).toMatchObject({ ok: false, reason: "NotProposed" });
  });

  it("goes by the last proposal: an earlier one can't be booked any more", async () => {
    const { run, store, propose } = await toolsWith();
    const first = await propose("friday");
    const second = await propose("saturday");
    expect(await run("reschedule", { proposal: first })).toMatchObject({ reason: "NotProposed" });
    expect(await run("reschedule", { proposal: second })).toMatchObject({ ok: true });
    expect((await store.get(appointment.id))?.slotId).toBe("saturday");
  });

  it.each(["friday", "far", "friday-else", "made-up"])(
    "refuses slot %s, which was not offered, and says what to do",
    async (slotId) => {
      const { run, results } = await toolsWith();
      expect(await run("proposeSlot", { slotId })).toEqual({
        ok: false,
        reason: "SlotNotOffered",
        tell: expect.stringContaining("findOpenSlots"),
      });
      expect(await results()).toEqual(["proposeSlot refused"]);
    },
  );

  it("keeps the proposed time from others while it is read back", async () => {
    const { run, store, clock } = await toolsWith();
    await run("findOpenSlots");
    await run("proposeSlot", { slotId: "friday" });
    const write = { version: another.version, callId: "call-2", slotId: "friday" };
    expect(await store.reschedule(another.id, write)).toMatchObject({ conflict: "SlotTaken" });
    await clock.advance(120_000);
    expect(await store.reschedule(another.id, write)).toMatchObject({ ok: true });
  });

  it("says in words that a slot was taken meanwhile", async () => {
    const { run, store, propose, clock } = await toolsWith();
    await run("findOpenSlots");
    const write = { version: another.version, callId: "call-2" };
    const moved = await store.reschedule(another.id, { ...write, slotId: "friday" });
    const taken = {
      ok: false,
      reason: "SlotTaken",
      tell: expect.stringMatching(/just been taken.*findOpenSlots/),
    };
    expect(await run("proposeSlot", { slotId: "friday" })).toEqual(taken);
    const proposal = await propose("saturday");
    await clock.advance(121_000);
    const next = { callId: "call-2", version: moved.appointment?.version ?? "", slotId: "saturday" };
    await store.reschedule(another.id, next);
    expect(await run("reschedule", { proposal })).toEqual(taken);
  });
});

describe("another language", () => {
  it("is spoken from now on by the sentences, and told to the model by the tool's answer", async () => {
    const { call, run, steps } = await toolsWith();
    expect(await run("speakLanguage", { language: "ar-XA" })).toEqual({
      ok: true,
      tell: expect.stringContaining("speak Arabic only"),
    });
    expect(call.state.language).toBe("ar-XA");
    expect(steps).toContain("sentences in ar-XA");
  });
});

describe("who is not known to be the patient", () => {
  const forAnybody: readonly ToolName[] = [
    "verifyDateOfBirth",
    "verifyConfirmationCode",
    "choosePatient",
    "requestCallBack",
    "optOut",
    "transferToOperator",
    "speakLanguage",
    "endCall",
    "patientNotHere",
    "wrongNumber",
  ];
  const forThePatient = toolNames.filter((name) => !forAnybody.includes(name));
  const personal = /Nadia|Haddad|Lane|November|appointment-1|1984|5550111/;

  /** Brings a call into a state in which nothing may be told. */
  const unknown = {
    unproven: () => toolsWith(undefined, { found: false }),
    asked: () => toolsWith(undefined, { settings: { check: "dateOfBirth" } }),
    refused: async () => {
      const stage = await toolsWith(undefined, { settings: { check: "dateOfBirth" } });
      for (const year of [1985, 1986, 1987]) {
        await stage.run("verifyDateOfBirth", { dateOfBirth: `${year}-03-07` });
      }
      return stage;
    },
    "not here": async () => {
      const stage = await toolsWith();
      await stage.run("patientNotHere");
      return stage;
    },
  };

  it.each(Object.keys(unknown).flatMap((state) => forThePatient.map((name) => [state, name] as const)))(
    "%s: %s tells nothing and changes nothing",
    async (state, name) => {
      const { run, store, steps } = await unknown[state as keyof typeof unknown]();
      steps.length = 0;
      const answer = await run(name, someArguments[name]);
      expect(answer).toMatchObject({
        ok: false,
        reason: "IdentityNeeded",
        tell: expect.stringMatching(/\w/),
      });
      expect(JSON.stringify(answer)).not.toMatch(personal);
      expect(await store.get(appointment.id)).toEqual(appointment);
    },
  );

  it("is asked for a date of birth, and told of their own appointment once it is right", async () => {
    const { run, call } = await unknown.asked();
    expect(await run("confirmAppointment")).toMatchObject({ tell: expect.stringMatching(/date of birth/) });
    expect(await run("verifyDateOfBirth", { dateOfBirth: "7 March" })).toMatchObject({ ok: false });
    expect(call.state.identityTries).toBe(0);
    expect(await run("verifyDateOfBirth", { dateOfBirth: "1984-03-07" })).toEqual({
      ok: true,
      patientName: "Nadia Haddad",
      spoken: expect.stringMatching(/^Tuesday, November 24/),
      provider: "Dr. Lane",
    });
    expect(call.state).toMatchObject({ identity: "proven", appointmentId: appointment.id });
    expect(await run("confirmAppointment")).toMatchObject({ ok: true });
  });

  it("is refused after three wrong dates, and offered the operator", async () => {
    const { run, call } = await unknown.refused();
    expect(call.state).toMatchObject({ identity: "refused", identityTries: 3 });
    const answer = await run("verifyDateOfBirth", { dateOfBirth: "1984-03-07" });
    expect(answer).toMatchObject({ ok: false, tell: expect.stringMatching(/operator/) });
    expect(JSON.stringify(answer)).not.toMatch(personal);
    expect(await run("transferToOperator")).toMatchObject({ ok: true });
  });

  it("learns from a wrong date only that it is wrong", async () => {
    const { run } = await unknown.asked();
    const far = await run("verifyDateOfBirth", { dateOfBirth: "1901-01-01" });
    const near = await run("verifyDateOfBirth", { dateOfBirth: "1984-03-08" });
    expect(near).toEqual(far);
    expect(JSON.stringify(near)).not.toMatch(personal);
  });

  it("says which of a family they are", async () => {
    const sami = { ...patient, id: "patient-3", name: "Sami Haddad", dateOfBirth: "2015-06-30" };
    const child = sampleAppointment({ id: "child", patient: sami, start: "2026-11-25T10:00:00-08:00" });
    const { run, store } = await toolsWith(undefined, { appointments: [appointment, child] });
    const asked = await run("cancelAppointment");
    expect(asked).toMatchObject({
      ok: false,
      tell: expect.stringMatching(/household.*1 is Nadia, 2 is Sami/),
    });
    expect(JSON.stringify(asked)).not.toMatch(/Haddad|Lane|November|1984|2015/);
    expect(await run("choosePatient", { patient: 7 })).toMatchObject({ ok: false });
    expect(await run("choosePatient", { patient: 2 })).toMatchObject({
      ok: true,
      patientName: "Sami Haddad",
    });
    await run("cancelAppointment");
    expect((await store.get("child"))?.status).toBe("cancelled");
    expect((await store.get(appointment.id))?.status).toBe("booked");
  });
});

describe("whoever answers and is not the patient", () => {
  it("is told nothing of what the call is about, and may ask for a call-back", async () => {
    const { run, call, store } = await toolsWith();
    const answer = await run("patientNotHere");
    expect(answer).toMatchObject({
      ok: true,
      tell: expect.stringMatching(/Do not say what the call is about/),
    });
    expect(JSON.stringify(answer)).not.toMatch(/Nadia|Lane|November/);
    expect(call.state.identity).toBe("asked");
    expect(await run("requestCallBack")).toMatchObject({ ok: true });
    expect(await store.callBacks({ clinicId: "main" })).toMatchObject([{ appointmentId: undefined }]);
  });

  it("has a wrong number stopped, durably, before it is said; the call ends", async () => {
    const { run, call, preferences, clock } = await toolsWith();
    expect(await run("wrongNumber")).toMatchObject({ ok: true, tell: expect.stringMatching(/sorry/) });
    expect((await preferences.get(caller)).optedOutAt).toBeDefined();
    await clock.advance(0);
    expect(call.state).toMatchObject({ disposition: "wrong-number", phase: "ended", endedBy: "agent" });
  });
});

describe("no more calls", () => {
  it("is durable before the model may say so, and ends the call", async () => {
    const { run, call, preferences, clock } = await toolsWith();
    expect(await run("optOut")).toMatchObject({ ok: true, tell: expect.stringMatching(/not called again/) });
    expect((await preferences.get(caller)).optedOutAt).toBeDefined();
    await clock.advance(0);
    expect(call.state).toMatchObject({ optedOut: true, phase: "ended" });
  });

  it.each(["optOut", "wrongNumber"] as const)(
    "%s is not told as done when it could not be kept, and the call goes on",
    async (name) => {
      const optOut = () => Promise.reject(new Error("disk full"));
      const { run, call, clock, results } = await toolsWith(undefined, { preferences: { optOut } });
      expect(await run(name)).toMatchObject({ ok: false, tell: expect.stringMatching(/not be saved/) });
      await clock.advance(0);
      expect(call.state).toMatchObject({ phase: "active", optedOut: false });
      expect((await results()).at(-1)).toBe(`${name} refused`);
    },
  );
});

describe("the other tools", () => {
  it("note whether the patient would come at short notice, and how to remind them", async () => {
    const { run, call, store } = await toolsWith();
    expect(await run("preferWalkIn", { walkIn: true })).toEqual({ ok: true });
    expect(await run("preferReminder", { channel: "sms", hoursBefore: 24 })).toEqual({ ok: true });
    expect(call.state).toMatchObject({ walkIn: true, reminder: { channel: "sms", hoursBefore: 24 } });
    await run("preferReminder", { channel: "none" });
    expect(call.state.reminder).toEqual({ channel: "none" });
    const preferences = { walkIn: true, reminder: { channel: "none" } };
    expect((await store.get(appointment.id))?.preferences).toEqual(preferences);
  });

  it("note no wish that was not stored", async () => {
    const { run, call } = await toolsWith(() => ({
      setPreferences: () => Promise.reject(new Error("full")),
    }));
    expect(await run("preferWalkIn", { walkIn: true })).toMatchObject({ ok: false });
    expect(call.state.walkIn).toBeUndefined();
  });

  it("go on with another appointment of the same patient, and of nobody else", async () => {
    const later = sampleAppointment({ id: "later", patient, start: "2026-12-01T10:00:00-08:00" });
    const { run, store, call } = await toolsWith(undefined, { appointments: [appointment, another, later] });
    const { appointments } = await run("chooseAppointment");
    expect(appointments).toMatchObject([
      { appointment: 1, spoken: expect.stringMatching(/November 24/) },
      { appointment: 2, spoken: expect.stringMatching(/December 1/) },
    ]);
    expect(await run("chooseAppointment", { appointment: 3 })).toMatchObject({ ok: false });
    expect(call.state.appointmentId).toBe(appointment.id);
    expect(await run("chooseAppointment", { appointment: 2 })).toMatchObject({ ok: true });
    await run("confirmAppointment");
    expect((await store.get("later"))?.status).toBe("confirmed");
    expect((await store.get(appointment.id))?.status).toBe("booked");
  });

  it("note a call-back once, and say so when the number is hidden", async () => {
    const { run, store, call } = await toolsWith();
    await run("requestCallBack");
    expect(await run("requestCallBack")).toMatchObject({ ok: true });
    expect(await store.callBacks({ clinicId: "main" })).toMatchObject([
      { callId: "call-1", phoneNumber: caller, appointmentId: appointment.id },
    ]);
    expect(call.state.callBack).toBe(true);
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
