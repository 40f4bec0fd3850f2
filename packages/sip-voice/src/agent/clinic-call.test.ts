import { describe, expect, it, vi } from "vitest";
import { memoryAppointmentStore } from "../appointments/memory-store.ts";
import type { AppointmentStore } from "../appointments/store.ts";
import { memoryCallLog } from "../call/call-log.ts";
import type { PromptName } from "../call/prompt.ts";
import type { CallEndedBy } from "../call/state.ts";
import { type Logger, silentLogger } from "../log/logger.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { type ContactPreferences, memoryContactPreferences } from "../policy/contact-preferences.ts";
import { sampleAppointment, simulatedClock } from "../testing/index.ts";
import { AppointmentDesk } from "./appointment-desk.ts";
import { CallRecorder } from "./call-recorder.ts";
import { ClinicCall } from "./clinic-call.ts";
import { offerSlotsInstructions } from "./instructions.ts";
import type { Speech } from "./speech.ts";

const caller = parsePhoneNumber("+15105550111");
const appointment = sampleAppointment();

/** Stands in for the speech, whose voices need a LiveKit room: notes what it is asked for, and speaks for as long as it is told to. */
class RecordingSpeech {
  readonly steps: string[];
  /** What speaking waits for. */
  speaking: Promise<void> = Promise.resolve();
  fails = false;
  constructor(steps: string[]) {
    this.steps = steps;
  }
  async say(prompt: PromptName): Promise<void> {
    this.steps.push(`say ${prompt}`);
    if (this.fails) throw new RangeError("no such sound");
    await this.speaking;
  }
  async reply(instructions: string): Promise<void> {
    this.steps.push(instructions === offerSlotsInstructions ? "reply: offer slots" : "reply");
  }
  interrupt(): void {
    this.steps.push("interrupt");
  }
  loseModel(): void {
    this.steps.push("lose model");
  }
  async finished(): Promise<void> {
    await this.speaking;
    this.steps.push("quiet");
  }
}

interface Setting {
  readonly store?: (inner: AppointmentStore) => Partial<AppointmentStore>;
  readonly preferences?: Partial<ContactPreferences>;
  readonly transfer?: () => Promise<boolean>;
  readonly found?: boolean;
  readonly hiddenNumber?: boolean;
}

/** A call whose parts are real, except for its speech; connected unless said otherwise. */
async function callWith({ store: change, preferences, transfer, found = true, hiddenNumber }: Setting = {}) {
  const steps: string[] = [];
  const clock = simulatedClock();
  const inner = memoryAppointmentStore({ appointments: [appointment] });
  const noted: AppointmentStore = {
    ...inner,
    confirm: async (...args) => {
      steps.push("write confirm");
      return await inner.confirm(...args);
    },
    requestReschedule: async (...args) => {
      steps.push("write request-reschedule");
      return await inner.requestReschedule(...args);
    },
  };
  const store: AppointmentStore = { ...noted, ...change?.(noted) };
  const kept = memoryContactPreferences();
  const callLog = memoryCallLog();
  const error = vi.fn<Logger["error"]>();
  const logger: Logger = { ...silentLogger, error };
  const recorder = new CallRecorder(callLog, "call-1", clock, logger);
  const desk = new AppointmentDesk(store, "call-1", clock, logger);
  const speech = new RecordingSpeech(steps);
  const call = new ClinicCall({
    callId: "call-1",
    desk,
    speech: speech as unknown as Speech,
    recorder,
    preferences: {
      ...kept,
      async optOut(...args) {
        steps.push("write opt-out");
        await kept.optOut(...args);
      },
      ...preferences,
    },
    clock,
    logger,
    phoneNumber: () => (hiddenNumber ? undefined : caller),
    transfer: async () => {
      steps.push("transfer");
      return (await transfer?.()) ?? false;
    },
  });
  if (found) {
    await desk.findByPhone(caller, "main");
    call.appointmentFound(appointment.id);
  }
  const ended = vi.fn();
  void call.ended.then((state) => ended(state.endedBy));
  return {
    call,
    clock,
    ended,
    error,
    preferences: kept,
    speech,
    steps,
    store: inner,
    /** Lets everything that waits for nothing outside go on. */
    settle: () => clock.advance(0),
    entries: async () => {
      await recorder.written;
      return ((await callLog.read("call-1"))?.entries ?? []).map(({ event }) => {
        if (event.type === "transition") return `transition ${event.event}`;
        if (event.type === "digit") return `digit ${event.choice}`;
        if (event.type === "store") return `store ${event.change} ${event.result} ${event.via}`;
        if (event.type === "model-lost") return `model-lost ${event.cause}`;
        return event.type;
      });
    },
  };
}

async function connectedCall(setting: Setting = {}) {
  const made = await callWith(setting);
  made.call.connected();
  return made;
}

/** Speaking that goes on until it is told to stop. */
function sentence() {
  let end: () => void = () => {};
  const said = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { said, end };
}

const never = <Answer>(): Promise<Answer> => new Promise(() => {});

describe("a key does its effects in order:", () => {
  it.each([
    { key: "1", found: true, does: ["interrupt", "write confirm", "say confirmed"] },
    {
      key: "2",
      found: true,
      does: ["interrupt", "write request-reschedule", "say reschedule-requested", "reply: offer slots"],
    },
    {
      key: "0",
      found: true,
      does: ["interrupt", "say operator", "quiet", "transfer", "say operator-unavailable"],
    },
    { key: "9", found: true, does: ["interrupt", "write opt-out", "say opted-out"] },
    { key: "7", found: true, does: ["interrupt", "say unmapped-digit"] },
    { key: "*", found: true, does: ["interrupt", "say unmapped-digit"] },
    { key: "#", found: true, does: ["interrupt", "say unmapped-digit"] },
    { key: "A", found: true, does: ["interrupt", "say unmapped-digit"] },
    { key: "1", found: false, does: ["interrupt", "say no-appointment"] },
    { key: "2", found: false, does: ["interrupt", "say no-appointment"] },
    {
      key: "0",
      found: false,
      does: ["interrupt", "say operator", "quiet", "transfer", "say operator-unavailable"],
    },
  ])("$key, with an appointment: $found", async ({ key, found, does }) => {
    const { call, steps, settle } = await connectedCall({ found });
    call.press(key);
    expect(steps[0]).toBe("interrupt");
    await settle();
    expect(steps).toEqual(does);
  });

  it.each(["", "11", "x", "١", "-1", " ", "\0"])("%j is no key and does nothing", async (key) => {
    const { call, steps, settle, entries } = await connectedCall();
    call.press(key);
    await settle();
    expect(steps).toEqual([]);
    expect(await entries()).not.toContainEqual(expect.stringMatching(/^digit/));
  });

  it("interrupts and writes before the sentence before it has ended", async () => {
    const { call, steps, settle, speech } = await connectedCall();
    const { said, end } = sentence();
    speech.speaking = said;
    call.press("7");
    call.press("1");
    await settle();
    expect(steps).toEqual(["interrupt", "say unmapped-digit", "interrupt", "write confirm", "say confirmed"]);
    end();
  });

  it("1, 2, 1 pressed at once end as confirmed, and no time is offered any more", async () => {
    const { call, settle, speech, store, steps } = await connectedCall();
    const { said, end } = sentence();
    speech.speaking = said;
    for (const key of ["1", "2", "1"]) call.press(key);
    await settle();
    end();
    await settle();
    expect(call.state.disposition).toBe("confirmed");
    expect((await store.get(appointment.id))?.status).toBe("confirmed");
    expect(steps.filter((step) => step.startsWith("write"))).toEqual([
      "write confirm",
      "write request-reschedule",
      "write confirm",
    ]);
    expect(steps).not.toContain("reply: offer slots");
  });

  it("before the call is up, nothing", async () => {
    const { call, steps, settle } = await callWith();
    call.rang();
    for (const key of ["1", "9", "7", "0"]) call.press(key);
    await settle();
    expect(steps).toEqual([]);
    expect(call.state).toMatchObject({ phase: "ringing", disposition: "none", optedOut: false });
  });

  it("after the call is over, nothing, also when its model is lost", async () => {
    const { call, steps, settle, clock } = await connectedCall();
    call.modelLost("closed-normally");
    await call.end("patient");
    steps.length = 0;
    for (const key of ["1", "9", "7", "0"]) call.press(key);
    await settle();
    expect(steps).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("an opt-out", () => {
  it("is kept for the caller's number with the moment, and ends the call once it was told", async () => {
    const { call, preferences, settle, speech, clock, ended } = await connectedCall();
    const { said, end } = sentence();
    speech.speaking = said;
    const at = new Date(clock.now()).toISOString();
    call.press("9");
    await settle();
    expect(await preferences.get(caller)).toMatchObject({ optedOutAt: at });
    expect(ended).not.toHaveBeenCalled();
    end();
    await settle();
    expect(ended).toHaveBeenCalledExactlyOnceWith("agent");
    expect(call.state.optedOut).toBe(true);
  });

  it("is written once, however often the key is pressed", async () => {
    const { call, settle, steps } = await connectedCall();
    for (const key of ["9", "9", "9"]) call.press(key);
    await settle();
    expect(steps).toEqual(["interrupt", "write opt-out", "say opted-out"]);
  });

  it("that could not be kept is told to the caller, and the call ends", async () => {
    const { call, settle, steps, ended, error } = await connectedCall({
      preferences: { optOut: () => Promise.reject(new Error("disk full")) },
    });
    call.press("9");
    await settle();
    expect(steps).toContain("say not-stored");
    expect(ended).toHaveBeenCalledExactlyOnceWith("agent");
    expect(error).toHaveBeenCalledOnce();
  });

  it("that could not be kept is told to the end before the agent hangs up, but holds up no other end", async () => {
    const { call, settle, speech, ended } = await connectedCall({
      preferences: { optOut: () => Promise.reject(new Error("disk full")) },
    });
    call.press("9");
    const { said, end } = sentence();
    speech.speaking = said;
    await settle();
    expect(ended).not.toHaveBeenCalled();
    await call.end("room-closed");
    expect(ended).toHaveBeenCalledExactlyOnceWith("room-closed");
    end();
    await settle();
    expect(ended).toHaveBeenCalledOnce();
  });

  it("that is never answered is told to the caller as not kept, and does not keep the call from ending", async () => {
    const { call, clock, steps, ended } = await connectedCall({ preferences: { optOut: never } });
    call.press("9");
    await clock.advance(10_000);
    expect(steps).toContain("say not-stored");
    expect(ended).toHaveBeenCalledExactlyOnceWith("agent");
    expect(clock.pendingTimers).toBe(0);
  });

  it("of a caller whose number nobody knows is told to them as not kept", async () => {
    const { call, settle, steps, error } = await connectedCall({ hiddenNumber: true, found: false });
    call.press("9");
    await settle();
    expect(steps).toContain("say not-stored");
    expect(error).toHaveBeenCalledOnce();
  });

  it("during a transfer is kept, and the transfer goes on", async () => {
    const { call, settle, steps, ended, preferences } = await connectedCall({ transfer: async () => true });
    call.press("0");
    call.press("9");
    await settle();
    expect(steps).toEqual(["interrupt", "say operator", "write opt-out", "quiet", "transfer"]);
    expect((await preferences.get(caller)).optedOutAt).toBeDefined();
    expect(ended).toHaveBeenCalledExactlyOnceWith("transfer");
  });
});

describe("a change that the store does not keep", () => {
  it.each([
    { name: "throws", confirm: () => Promise.reject(new Error("disk full")), result: "StoreUnavailable" },
    { name: "never answers", confirm: () => never<never>(), result: "StoreUnavailable" },
    {
      name: "has a newer version",
      confirm: async () => ({ ok: false, conflict: "VersionConflict", appointment }) as const,
      result: "VersionConflict",
    },
  ])("because it $name is told to the caller, and nothing is decided", async ({ confirm, result }) => {
    const { call, clock, steps, entries } = await connectedCall({ store: () => ({ confirm }) });
    call.press("1");
    await clock.advance(4_000);
    expect(steps).toEqual(["interrupt", "say not-stored"]);
    expect(call.state.disposition).toBe("none");
    expect(call.state.phase).toBe("active");
    expect(await entries()).toContain(`store confirm ${result} digit`);
  });

  it("by voice is not told by a fixed sentence, since the model tells it", async () => {
    const { call, settle, steps } = await connectedCall({
      store: () => ({ confirm: () => Promise.reject(new Error("disk full")) }),
    });
    expect(await call.change("confirm", "voice")).toEqual({ ok: false, reason: "StoreUnavailable" });
    await settle();
    expect(steps).toEqual([]);
  });

  it("does not take back what was decided before", async () => {
    const { call, settle } = await connectedCall({
      store: () => ({ requestReschedule: () => Promise.reject(new Error("disk full")) }),
    });
    call.press("1");
    call.press("2");
    await settle();
    expect(call.state.disposition).toBe("confirmed");
  });
});

describe("a change by voice", () => {
  it("is written and decided without a word, since the model is speaking", async () => {
    const { call, steps, settle } = await connectedCall();
    expect(await call.change("confirm", "voice")).toMatchObject({ ok: true });
    await settle();
    expect(steps).toEqual(["write confirm"]);
    expect(call.state.disposition).toBe("confirmed");
  });
});

describe("the end of a call", () => {
  it.each(["patient", "room-closed", "time-limit", "worker-stopped"] as const)(
    "by %s waits for a write that is under way, and keeps what was decided",
    async (by: CallEndedBy) => {
      const { said: written, end: write } = sentence();
      const { call, ended, settle, entries } = await connectedCall({
        store: (inner) => ({
          confirm: async (...args) => {
            await written;
            return await inner.confirm(...args);
          },
        }),
      });
      call.press("1");
      void call.partyLeft(by);
      await settle();
      expect(ended).not.toHaveBeenCalled();
      write();
      await settle();
      expect(ended).toHaveBeenCalledExactlyOnceWith(by);
      expect(call.state).toMatchObject({ phase: "ended", disposition: "confirmed", endedBy: by });
      expect((await entries()).slice(-3)).toEqual(["transition stored", "transition ended", "ended"]);
    },
  );

  it("waits also for a write that begins while it waits for another", async () => {
    const first = sentence();
    const second = sentence();
    const { call, ended, settle } = await connectedCall({
      store: (inner) => ({
        confirm: async (...args) => {
          await first.said;
          return await inner.confirm(...args);
        },
        requestReschedule: async (...args) => {
          await second.said;
          return await inner.requestReschedule(...args);
        },
      }),
    });
    call.press("1");
    void call.end("time-limit");
    call.press("2");
    first.end();
    await settle();
    expect(ended).not.toHaveBeenCalled();
    second.end();
    await settle();
    expect(ended).toHaveBeenCalledExactlyOnceWith("time-limit");
    expect(call.state.disposition).toBe("reschedule-requested");
  });

  it("is not kept off by a store that never answers", async () => {
    const { call, ended, clock } = await connectedCall({ store: () => ({ confirm: never }) });
    call.press("1");
    void call.end("patient");
    await clock.advance(4_000);
    expect(ended).toHaveBeenCalledExactlyOnceWith("patient");
    expect(clock.pendingTimers).toBe(0);
  });

  it("comes once: the first who ended it did", async () => {
    const { call, ended, entries } = await connectedCall();
    await call.end("patient");
    await call.end("room-closed");
    await call.partyLeft("room-closed");
    await call.endWhenQuiet();
    call.modelLost("session-closed");
    call.connected();
    expect(ended).toHaveBeenCalledExactlyOnceWith("patient");
    expect((await entries()).filter((entry) => entry.includes("ended"))).toEqual([
      "transition ended",
      "ended",
    ]);
    expect((await entries()).at(-1)).toBe("ended");
  });

  it("waits for the agent's own last words when the model asks for it", async () => {
    const { call, ended, settle, speech } = await connectedCall();
    const { said, end } = sentence();
    speech.speaking = said;
    void call.endWhenQuiet();
    await settle();
    expect(ended).not.toHaveBeenCalled();
    end();
    await settle();
    expect(ended).toHaveBeenCalledExactlyOnceWith("agent");
  });

  it("is the last of the record, whose entries stand in the order in which they happened", async () => {
    const { call, settle, entries } = await callWith();
    call.rang();
    call.connected();
    call.press("1");
    await settle();
    call.press("7");
    call.preferWalkIn(true);
    call.preferReminder({ channel: "sms", hoursBefore: 24 });
    call.modelLost("closed-with-error");
    await call.end("patient");
    call.press("2");
    expect(await entries()).toEqual([
      "transition appointment-found",
      "transition rang",
      "transition connected",
      "digit confirm",
      "store confirm kept digit",
      "transition stored",
      "digit unmapped",
      "transition walk-in-preferred",
      "transition reminder-preferred",
      "model-lost closed-with-error",
      "transition model-lost",
      "transition ended",
      "ended",
    ]);
    expect(call.state).toMatchObject({ walkIn: true, reminder: { channel: "sms", hoursBefore: 24 } });
  });
});

describe("a transfer", () => {
  it("waits for the sentence that tells of it, and ends the call when the operator has the caller", async () => {
    const { call, ended, settle, speech, steps } = await connectedCall({ transfer: async () => true });
    const { said, end } = sentence();
    speech.speaking = said;
    call.press("0");
    await settle();
    expect(steps).toEqual(["interrupt", "say operator"]);
    expect(call.state.phase).toBe("transferring");
    end();
    await settle();
    expect(steps).toEqual(["interrupt", "say operator", "quiet", "transfer"]);
    expect(ended).toHaveBeenCalledExactlyOnceWith("transfer");
    expect(call.state.transfer).toBe("completed");
  });

  it("takes no other key meanwhile, and is asked for once", async () => {
    const { said: answered, end: answer } = sentence();
    const { call, settle, steps } = await connectedCall({ transfer: () => answered.then(() => false) });
    for (const key of ["0", "1", "0", "7", "2"]) call.press(key);
    await settle();
    expect(steps).toEqual(["interrupt", "say operator", "quiet", "transfer"]);
    answer();
    await settle();
    expect(steps.at(-1)).toBe("say operator-unavailable");
    expect(call.state).toMatchObject({ phase: "active", transfer: "failed", disposition: "none" });
    call.press("1");
    await settle();
    expect(call.state.disposition).toBe("confirmed");
  });

  it("that throws has failed: the caller hears so, and keys work again", async () => {
    const { call, settle, steps, error } = await connectedCall({
      transfer: () => Promise.reject(new Error("LiveKit is gone")),
    });
    call.press("0");
    await settle();
    expect(steps.at(-1)).toBe("say operator-unavailable");
    expect(call.state).toMatchObject({ phase: "active", transfer: "failed" });
    expect(error).toHaveBeenCalledOnce();
    call.press("1");
    await settle();
    expect(call.state.disposition).toBe("confirmed");
  });

  it("asked for by voice interrupts nobody", async () => {
    const { call, settle, steps } = await connectedCall({ transfer: async () => true });
    call.askForOperator();
    await settle();
    expect(steps).toEqual(["quiet", "transfer"]);
  });

  it("is not tried once the caller has hung up", async () => {
    const { call, ended, settle, speech, steps } = await connectedCall({ transfer: async () => true });
    const { said, end } = sentence();
    speech.speaking = said;
    call.press("0");
    await settle();
    await call.end("patient");
    end();
    await settle();
    expect(steps).not.toContain("transfer");
    expect(ended).toHaveBeenCalledExactlyOnceWith("patient");
  });

  it("that worked is told of the call, though the telephone is seen to leave first", async () => {
    const { said: answered, end: answer } = sentence();
    const { call, ended, settle } = await connectedCall({ transfer: () => answered.then(() => true) });
    call.press("0");
    await settle();
    void call.partyLeft("patient");
    await settle();
    expect(ended).not.toHaveBeenCalled();
    answer();
    await settle();
    expect(ended).toHaveBeenCalledExactlyOnceWith("transfer");
  });

  it("is not cut off by a model that ends the call after it asked for the operator", async () => {
    const { call, ended, settle, steps } = await connectedCall({ transfer: async () => true });
    call.askForOperator();
    void call.endWhenQuiet();
    await settle();
    expect(steps).toContain("transfer");
    expect(ended).toHaveBeenCalledExactlyOnceWith("transfer");
  });
});

describe("a call whose model is lost", () => {
  it("has the caller hear it once, and its keys work", async () => {
    const { call, settle, steps, entries } = await connectedCall();
    call.modelLost("closed-normally");
    call.modelLost("session-closed");
    await settle();
    expect(steps).toEqual(["lose model", "say apology"]);
    expect(call.heardApology).toBe(true);
    expect(await entries()).toContain("model-lost closed-normally");
    expect(await entries()).not.toContain("model-lost session-closed");
    call.press("1");
    await settle();
    expect(call.state).toMatchObject({ disposition: "confirmed", model: "lost" });
  });

  it("says goodbye after 45 seconds without a key, and ends", async () => {
    const { call, clock, steps, ended } = await connectedCall();
    call.modelLost("closed-normally");
    await clock.advance(44_999);
    expect(steps).not.toContain("say goodbye");
    await clock.advance(1);
    expect(steps.at(-1)).toBe("say goodbye");
    expect(ended).toHaveBeenCalledExactlyOnceWith("agent");
    expect(clock.pendingTimers).toBe(0);
  });

  it("waits for 45 seconds from the last key", async () => {
    const { call, clock, ended } = await connectedCall();
    call.modelLost("closed-normally");
    await clock.advance(40_000);
    call.press("7");
    await clock.advance(44_999);
    expect(ended).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(ended).toHaveBeenCalledExactlyOnceWith("agent");
  });

  it("leaves no timer behind when it ends before", async () => {
    const { call, clock, steps } = await connectedCall();
    call.modelLost("closed-normally");
    await call.end("patient");
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(60_000);
    expect(steps).not.toContain("say goodbye");
  });

  it("while it rings says nothing into the ringing, and gives whoever answers 45 seconds from then", async () => {
    const { call, clock, steps, ended } = await callWith();
    call.rang();
    call.modelLost("closed-normally");
    await clock.advance(50_000);
    expect(steps).toEqual(["lose model"]);
    expect(call.heardApology).toBe(false);
    call.connected();
    await clock.advance(44_999);
    expect(ended).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(steps).toEqual(["lose model", "say goodbye"]);
    expect(ended).toHaveBeenCalledExactlyOnceWith("agent");
  });
});

describe("a sentence that can't be said", () => {
  it("does not keep the call from its next step, nor the process from running", async () => {
    const { call, settle, speech, steps, ended, error } = await connectedCall();
    const { said, end } = sentence();
    speech.speaking = said;
    call.press("7");
    speech.fails = true;
    call.press("9");
    // The sentence fails while the one before it is still being said.
    await settle();
    speech.fails = false;
    end();
    await settle();
    expect(steps).toContain("say opted-out");
    expect(error).toHaveBeenCalledOnce();
    expect(ended).toHaveBeenCalledExactlyOnceWith("agent");
  });
});
