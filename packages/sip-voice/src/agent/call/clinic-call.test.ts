import { describe, expect, it, vi } from "vitest";
import { memoryAppointmentStore } from "../../appointments/memory-store.ts";
import type { AppointmentStore } from "../../appointments/store.ts";
import { memoryCallLog } from "../../call/call-log.ts";
import { defineClinicMenu } from "../../call/clinic-menu.ts";
import type { PromptName } from "../../call/prompt.ts";
import type { CallEndedBy } from "../../call/state.ts";
import { type Logger, silentLogger } from "../../log/logger.ts";
import { parsePhoneNumber } from "../../phone/phone-number.ts";
import { type ContactPreferences, memoryContactPreferences } from "../../policy/contact-preferences.ts";
import { sampleAppointment, simulatedClock } from "../../testing/index.ts";
import { AppointmentDesk } from "../desk/appointment-desk.ts";
import { offerSlotsInstructions } from "../model/instructions.ts";
import type { TransferResult } from "../operator/transfer-result.ts";
import type { Speech } from "../speech/speech.ts";
import { CallRecorder } from "./call-recorder.ts";
import { ClinicCall } from "./clinic-call.ts";
import type { ClinicCallOptions } from "./clinic-call-options.ts";

const reached: TransferResult = { reached: true, by: "refer" };
const unanswered: TransferResult = { reached: false, reason: "no-answer" };
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
  async sayText(prompt: string, text: string): Promise<void> {
    this.steps.push(`say ${prompt}: ${text}`);
    await this.speaking;
  }
  stopSentence(): void {
    this.steps.push("stop sentence");
  }
  interrupt(): void {
    this.steps.push("interrupt");
  }
  #isMuted = false;
  muteModel(muted: boolean): void {
    if (muted === this.#isMuted) return;
    this.#isMuted = muted;
    this.steps.push(muted ? "mute model" : "unmute model");
  }
  loseModel(): void {
    this.steps.push("lose model");
  }
  restoreModel(): void {
    this.steps.push("restore model");
  }
  speakIn(language: string): void {
    this.steps.push(`sentences in ${language}`);
  }
  async finished(): Promise<void> {
    await this.speaking;
    this.steps.push("quiet");
  }
}

interface Setting {
  readonly store?: (inner: AppointmentStore) => Partial<AppointmentStore>;
  readonly preferences?: Partial<ContactPreferences>;
  readonly transfer?: () => Promise<TransferResult>;
  readonly found?: boolean;
  readonly hiddenNumber?: boolean;
  readonly more?: Partial<ClinicCallOptions>;
}

/** A call whose parts are real, except for its speech; connected unless said otherwise. */
async function callWith({
  store: change,
  preferences,
  transfer,
  found = true,
  hiddenNumber,
  more,
}: Setting = {}) {
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
      return (await transfer?.()) ?? unanswered;
    },
    language: "en-US",
    greet: async () => void steps.push("greet"),
    speakLanguage: async (language) => void steps.push(`speak ${language}`),
    ...more,
  });
  if (found) {
    await desk.findByPhone(caller, "main");
    call.appointmentFound(appointment.id);
    call.identityProven("phone-number");
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
    { key: "9", found: true, does: ["interrupt", "write opt-out", "say opted-out", "quiet"] },
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
    expect(steps).toEqual(["interrupt", "write opt-out", "say opted-out", "quiet"]);
  });

  it("that could not be kept is told to the caller, who stays on the line and may try again", async () => {
    const { call, settle, steps, ended, error } = await connectedCall({
      preferences: { optOut: () => Promise.reject(new Error("disk full")) },
    });
    call.press("9");
    await settle();
    expect(steps).toEqual(["interrupt", "say not-stored"]);
    expect(ended).not.toHaveBeenCalled();
    expect(call.state).toMatchObject({ phase: "active", optedOut: false });
    expect(error).toHaveBeenCalledOnce();
    call.press("9");
    await settle();
    expect(steps.filter((step) => step === "say not-stored")).toHaveLength(2);
  });

  it("is told only once it is durable", async () => {
    const { said: written, end: write } = sentence();
    const { call, settle, steps } = await connectedCall({ preferences: { optOut: () => written } });
    call.press("9");
    await settle();
    expect(steps).toEqual(["interrupt"]);
    write();
    await settle();
    expect(steps).toEqual(["interrupt", "say opted-out", "quiet"]);
  });

  it("by voice is answered when it is durable, and the call ends once the model has said goodbye", async () => {
    const { call, settle, speech, steps, ended } = await connectedCall();
    const { said, end } = sentence();
    speech.speaking = said;
    expect(await call.optOut("voice")).toBe(true);
    await settle();
    expect(steps).toEqual(["write opt-out"]);
    expect(ended).not.toHaveBeenCalled();
    end();
    await settle();
    expect(ended).toHaveBeenCalledExactlyOnceWith("agent");
  });

  it("by voice that could not be kept is answered so", async () => {
    const { call, steps } = await connectedCall({
      preferences: { optOut: () => Promise.reject(new Error("disk full")) },
    });
    expect(await call.optOut("voice")).toBe(false);
    expect(steps).toEqual([]);
  });

  it("that is never answered is told to the caller as not kept, and does not keep the call from ending", async () => {
    const { call, clock, steps, ended } = await connectedCall({ preferences: { optOut: never } });
    call.press("9");
    await clock.advance(10_000);
    expect(steps).toContain("say not-stored");
    expect(clock.pendingTimers).toBe(0);
    await call.end("patient");
    expect(ended).toHaveBeenCalledExactlyOnceWith("patient");
  });

  it("of a caller whose number nobody knows is told to them as not kept", async () => {
    const { call, settle, steps, error } = await connectedCall({ hiddenNumber: true, found: false });
    call.press("9");
    await settle();
    expect(steps).toContain("say not-stored");
    expect(error).toHaveBeenCalledOnce();
  });

  it("during a transfer is kept, and the transfer goes on", async () => {
    const { call, settle, steps, ended, preferences } = await connectedCall({
      transfer: async () => reached,
    });
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
      "identity",
      "transition identity-proven",
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
    const { call, ended, settle, speech, steps } = await connectedCall({ transfer: async () => reached });
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

  it("over a bridge leaves the two alone, and ends the call when one of them has left", async () => {
    const { said: over, end: leave } = sentence();
    const onBridged = vi.fn();
    const { call, ended, settle } = await connectedCall({
      transfer: async () => ({ reached: true, by: "bridge", over }),
      more: { onBridged },
    });
    call.press("0");
    await settle();
    expect(onBridged).toHaveBeenCalledOnce();
    expect(call.state).toMatchObject({ phase: "transferring", transfer: "completed" });
    // The agent closes its model itself; and nobody is to hear of it.
    call.modelLost("session-closed");
    expect(call.state.model).toBe("working");
    expect(ended).not.toHaveBeenCalled();
    leave();
    await settle();
    expect(ended).toHaveBeenCalledExactlyOnceWith("transfer");
  });

  it("over a bridge is over when the caller hangs up", async () => {
    const { call, ended, settle } = await connectedCall({
      transfer: async () => ({ reached: true, by: "bridge", over: new Promise(() => {}) }),
    });
    call.press("0");
    await settle();
    await call.partyLeft("patient");
    expect(ended).toHaveBeenCalledExactlyOnceWith("transfer");
  });

  it("takes no other key meanwhile, and is asked for once", async () => {
    const { said: answered, end: answer } = sentence();
    const { call, settle, steps } = await connectedCall({ transfer: () => answered.then(() => unanswered) });
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
    const { call, settle, steps } = await connectedCall({ transfer: async () => reached });
    call.askForOperator();
    await settle();
    expect(steps).toEqual(["quiet", "transfer"]);
  });

  it("is not tried once the caller has hung up", async () => {
    const { call, ended, settle, speech, steps } = await connectedCall({ transfer: async () => reached });
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
    const { call, ended, settle } = await connectedCall({ transfer: () => answered.then(() => reached) });
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
    const { call, ended, settle, steps } = await connectedCall({ transfer: async () => reached });
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

describe("a call-back", () => {
  it("asked for with 3 is kept before it is acknowledged", async () => {
    const keepCallBack = vi.fn(async () => {});
    const { call, settle, steps } = await connectedCall({ more: { keepCallBack } });
    call.press("3");
    expect(keepCallBack).toHaveBeenCalledOnce();
    await settle();
    expect(steps).toEqual(["interrupt", "say call-back-noted"]);
    expect(call.state.callBack).toBe(true);
  });

  it("that nothing can keep is told so, and is not promised", async () => {
    const { call, settle, steps } = await connectedCall();
    call.press("3");
    await settle();
    expect(steps).toEqual(["interrupt", "say not-stored"]);
    expect(await call.requestCallBack("voice")).toBe(false);
    expect(call.state.callBack).toBe(false);
  });
});

describe("a wrong number", () => {
  it("is not called again; by voice the model apologises, and the call ends", async () => {
    const { call, settle, steps, ended, preferences } = await connectedCall();
    expect(await call.wrongNumber("voice")).toBe(true);
    await settle();
    expect(steps).toEqual(["write opt-out", "quiet"]);
    expect((await preferences.get(caller)).optedOutAt).toBeDefined();
    expect(call.state.disposition).toBe("wrong-number");
    expect(ended).toHaveBeenCalledExactlyOnceWith("agent");
  });

  it("by tap is told with a sentence of its own", async () => {
    const { call, settle, steps } = await connectedCall();
    await call.wrongNumber("tap");
    await settle();
    expect(steps).toEqual(["interrupt", "write opt-out", "say wrong-number", "quiet"]);
  });
});

describe("a caller who must show who they are", () => {
  const unproven = { found: false } as const;
  const asked = async (checkIdentity: ClinicCallOptions["checkIdentity"]) => {
    const made = await callWith({ ...unproven, more: checkIdentity ? { checkIdentity } : {} });
    await made.call.desk.findByPhone(caller, "main");
    made.call.appointmentFound(appointment.id);
    made.call.identityAsked();
    made.call.connected();
    return made;
  };
  const key = (call: ClinicCall, digits: string) => {
    for (const digit of digits) call.press(digit);
  };

  it("is asked for the date of birth by the first choice, and nothing is written before it is proven", async () => {
    const { call, settle, steps, store } = await asked(async () => "date-of-birth");
    call.press("1");
    await settle();
    expect(steps).toEqual(["interrupt", "say identity-ask"]);
    expect(call.isKeying).toBe(true);
    expect((await store.get(appointment.id))?.status).toBe("booked");
    key(call, "01021980");
    await settle();
    expect(call.state).toMatchObject({ identity: "proven", disposition: "none" });
    expect(steps.at(-1)).toBe("greet");
    call.press("1");
    await settle();
    expect(call.state.disposition).toBe("confirmed");
  });

  it("whose digits go on beyond the date opts out of nothing", async () => {
    const { call, settle, preferences } = await asked(async () => "date-of-birth");
    call.press("1");
    await settle();
    key(call, "010219809");
    await settle();
    expect((await preferences.get(caller)).optedOutAt).toBeUndefined();
    expect(call.state.optedOut).toBe(false);
  });

  it("is refused after three wrong dates; then the right one is not taken any more, and the operator is", async () => {
    const check = vi.fn<NonNullable<ClinicCallOptions["checkIdentity"]>>(async () => undefined);
    const { call, settle, steps } = await asked(check);
    call.press("1");
    await settle();
    for (const date of ["01011970", "01011971", "01011972"]) {
      key(call, date);
      await settle();
    }
    expect(steps.filter((step) => step.startsWith("say"))).toEqual([
      "say identity-ask",
      "say identity-again",
      "say identity-again",
      "say identity-failed",
    ]);
    expect(call.state).toMatchObject({ identity: "refused", identityTries: 3 });
    call.identityProven("date-of-birth", "voice");
    expect(call.state.identity).toBe("refused");
    call.press("1");
    await settle();
    expect(steps.at(-1)).toBe("say identity-failed");
    expect(check).toHaveBeenCalledTimes(3);
    call.press("0");
    await settle();
    expect(steps).toContain("transfer");
  });

  it("who keys nothing hears of the operator, and may go on", async () => {
    const { call, clock, steps } = await asked(async () => "date-of-birth");
    call.press("2");
    await clock.advance(30_000);
    expect(steps.at(-1)).toBe("say identity-failed");
    expect(call.isKeying).toBe(false);
    expect(call.state.identity).toBe("asked");
  });

  it("whose date can't be checked now hears so, which is not a wrong try", async () => {
    const { call, settle, steps } = await asked(() => Promise.reject(new Error("disk full")));
    call.press("1");
    await settle();
    key(call, "01021980");
    await settle();
    expect(steps.at(-1)).toBe("say not-stored");
    expect(call.state).toMatchObject({ identity: "asked", identityTries: 0 });
  });

  it("leaves no digit in the record", async () => {
    const { call, settle, entries } = await asked(async () => "date-of-birth");
    call.press("1");
    await settle();
    key(call, "01021980");
    await settle();
    await call.end("patient");
    expect(JSON.stringify(await entries())).not.toMatch(/01021980|1980/);
    expect(await entries()).toContain("keyed");
  });
});

describe("a model that is back", () => {
  it("is told to the caller, and nobody says goodbye for want of keys", async () => {
    const { call, clock, steps, ended } = await connectedCall();
    call.modelLost("closed-normally");
    call.modelRestored(800);
    call.modelRestored(900);
    await clock.advance(120_000);
    expect(steps).toEqual(["lose model", "say apology", "restore model", "say reconnected"]);
    expect(ended).not.toHaveBeenCalled();
  });
});

describe("who says nothing", () => {
  it("is asked twice, then thanked, and the call ends", async () => {
    const { call, settle, steps, ended } = await connectedCall();
    for (let silence = 0; silence < 3; silence++) {
      call.callerSilent();
      await settle();
    }
    expect(steps).toEqual(["say still-there", "say still-there", "say silence-goodbye", "quiet"]);
    expect(ended).toHaveBeenCalledExactlyOnceWith("agent");
  });

  it("and then presses a key begins anew", async () => {
    const { call, settle, steps } = await connectedCall();
    call.callerSilent();
    call.callerSilent();
    call.press("7");
    call.callerSilent();
    await settle();
    expect(steps.at(-1)).toBe("say still-there");
  });
});

describe("another language", () => {
  it("is spoken by the sentences at once, and by the model", async () => {
    const { call, settle, steps } = await connectedCall();
    call.chooseLanguage("ar-XA", "tap");
    await settle();
    expect(steps).toEqual(["interrupt", "sentences in ar-XA", "speak ar-XA"]);
    expect(call.state.language).toBe("ar-XA");
  });

  it("that was asked for by voice is spoken by the sentences; the model's tool tells the model", async () => {
    const { call, settle, steps } = await connectedCall();
    call.chooseLanguage("ar-XA", "voice");
    await settle();
    expect(steps).toEqual(["sentences in ar-XA"]);
    expect(call.state.language).toBe("ar-XA");
  });
});

describe("an emergency", () => {
  it("is answered with its sentence and the operator, once", async () => {
    const { call, settle, steps } = await connectedCall({ transfer: async () => reached });
    call.emergency();
    call.emergency();
    await settle();
    expect(steps).toEqual(["mute model", "interrupt", "say emergency", "quiet", "transfer"]);
  });

  it("lets the model speak again when nobody could take the call", async () => {
    const transfer = async () => ({ reached: false, reason: "closed" }) as const;
    const { call, settle, steps } = await connectedCall({ transfer });
    call.emergency();
    await settle();
    expect(steps.slice(-2)).toEqual(["unmute model", "say operator-closed"]);
    expect(call.state).toMatchObject({ phase: "active", transferFailure: "closed", emergency: true });
  });
});

describe("a machine that answers", () => {
  it("is left a message where the clinic wants one, and the call ends", async () => {
    const leaveMessage = vi.fn(async () => {});
    const { call, settle, steps, ended } = await connectedCall({ more: { leaveMessage } });
    call.partyDetected("machine", { greetingMs: 4_000 });
    await settle();
    expect(steps).toEqual(["interrupt"]);
    expect(leaveMessage).toHaveBeenCalledOnce();
    expect(ended).toHaveBeenCalledExactlyOnceWith("agent");
  });

  it("but is a person after all is greeted, and the call goes on", async () => {
    const { said, end } = sentence();
    const { call, settle, steps, ended } = await connectedCall({ more: { leaveMessage: () => said } });
    call.partyDetected("machine");
    call.partyDetected("person");
    end();
    await settle();
    expect(steps).toEqual(["interrupt", "interrupt", "greet"]);
    expect(ended).not.toHaveBeenCalled();
  });

  it("that screens calls is told who is calling", async () => {
    const { call, settle, steps } = await connectedCall();
    call.partyDetected("screener");
    await settle();
    expect(steps).toEqual(["interrupt", "say screening"]);
  });
});

describe("a thousand keys at machine speed", () => {
  it("are all answered in order, and the store has the last that was meant", async () => {
    const { call, settle, store, entries } = await connectedCall();
    for (let press = 0; press < 1_000; press++) call.press(press % 2 === 0 ? "2" : "1");
    await settle();
    expect(call.state.disposition).toBe("confirmed");
    expect((await store.get(appointment.id))?.status).toBe("confirmed");
    expect((await entries()).filter((entry) => entry.startsWith("digit"))).toHaveLength(1_000);
    expect((await entries()).filter((entry) => entry.startsWith("store"))).toHaveLength(1_000);
  });
});

describe("the clinic's menu", () => {
  const reasons = { "1": "talk", "2": "call-back", "*": "back" } as const;
  const menu = defineClinicMenu({
    keys: { "1": { menu: "en-US", keys: reasons }, "2": { menu: "ar-XA", keys: reasons } },
    sentences: {
      first: { "en-US": "English 1", "ar-XA": "Arabic 2" },
      "en-US": { "en-US": "reasons" },
      "ar-XA": { "ar-XA": "reasons in Arabic" },
    },
  });
  const led = async (setting: Setting = {}) => {
    const made = await connectedCall(setting);
    const talk = made.call.leadThrough(menu);
    await made.settle();
    return { ...made, talk };
  };

  it("is said in every language first, then in the one that was chosen, which is spoken from then on", async () => {
    const { call, settle, steps, talk } = await led();
    expect(steps).toEqual(["say menu: English 1", "say menu: Arabic 2"]);
    call.press("2");
    await settle();
    expect(steps.slice(2)).toEqual([
      "interrupt",
      "interrupt",
      "sentences in ar-XA",
      "say menu: reasons in Arabic",
    ]);
    call.press("1");
    expect(await talk).toBe(true);
    expect(call.state.language).toBe("ar-XA");
  });

  it("leads to a choice, which acts as a key of its own does, and to no greeting", async () => {
    const { call, settle, steps, talk } = await led({ more: { keepCallBack: async () => {} } });
    for (const key of "12") call.press(key);
    expect(await talk).toBe(false);
    await settle();
    expect(steps).toContain("say call-back-noted");
    expect(call.state.callBack).toBe(true);
  });

  it.each(["0", "19"])("has the keys for the operator and against calls everywhere: %s", async (keys) => {
    const { call, settle, steps, talk, preferences } = await led();
    for (const key of keys) call.press(key);
    expect(await talk).toBe(false);
    await settle();
    if (keys === "0") expect(steps).toContain("transfer");
    else expect((await preferences.get(caller)).optedOutAt).toBeDefined();
  });

  it("is left for the conversation by who speaks, without silencing the answer of the model", async () => {
    const { call, steps, talk, speech } = await led();
    speech.speaking = new Promise(() => {});
    call.callerHeard();
    expect(await talk).toBe(true);
    expect(steps).not.toContain("interrupt");
  });

  it("is left for the conversation by who presses nothing, and keys act as ever afterwards", async () => {
    const { call, clock, settle, talk } = await led();
    await clock.advance(60_000);
    expect(await talk).toBe(true);
    call.press("1");
    await settle();
    expect(call.state.disposition).toBe("confirmed");
    expect(clock.pendingTimers).toBe(0);
  });

  it("ends with the call", async () => {
    const { call, clock, talk } = await led();
    await call.end("patient");
    expect(await talk).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });
});
