import { describe, expect, it, vi } from "vitest";
import { type CallLog, type CallRecordEntry, memoryCallLog } from "../../call/call-log.ts";
import { initialCallState } from "../../call/state.ts";
import { type Logger, silentLogger } from "../../log/logger.ts";
import { simulatedClock } from "../../testing/index.ts";
import { CallRecorder } from "./call-recorder.ts";

const digit = (choice: string) => ({ type: "digit", choice }) as const;

/** A log whose `fails`th writes fail, and whose first take longest. */
function slowCallLog(fails: readonly number[] = []) {
  const inner = memoryCallLog();
  let writes = 0;
  const callLog: CallLog = {
    ...inner,
    async append(callId, entries) {
      const write = ++writes;
      await new Promise((resolve) => setTimeout(resolve, 12 - 3 * write));
      if (fails.includes(write)) throw new Error("disk full");
      await inner.append(callId, entries);
    },
  };
  return { callLog, choices: async () => choicesOf((await inner.read("call-1"))?.entries ?? []) };
}

const choicesOf = (entries: readonly CallRecordEntry[]) =>
  entries.map(({ event }) => ("choice" in event ? event.choice : event.type));

describe("CallRecorder", () => {
  it("keeps entries in order, also when the first is the slowest to be written", async () => {
    const { callLog, choices } = slowCallLog();
    const recorder = new CallRecorder(callLog, "call-1", simulatedClock(), silentLogger);
    for (const choice of ["confirm", "reschedule", "operator"]) recorder.add(digit(choice));
    await recorder.written;
    expect(await choices()).toEqual(["confirm", "reschedule", "operator"]);
  });

  it("writes what happens together once, and not before whoever added it went on", async () => {
    const callLog = memoryCallLog();
    const append = vi.spyOn(callLog, "append");
    const recorder = new CallRecorder(callLog, "call-1", simulatedClock(), silentLogger);
    for (const choice of ["confirm", "reschedule"]) recorder.add(digit(choice));
    await Promise.resolve();
    expect(append).not.toHaveBeenCalled();
    await recorder.written;
    recorder.add(digit("operator"));
    await recorder.written;
    expect(append.mock.calls.map(([, entries]) => choicesOf(entries))).toEqual([
      ["confirm", "reschedule"],
      ["operator"],
    ]);
  });

  it("notes when something happened, not when it was written", async () => {
    const clock = simulatedClock();
    const { callLog } = slowCallLog();
    const recorder = new CallRecorder(callLog, "call-1", clock, silentLogger);
    const start = clock.now();
    recorder.add(digit("confirm"));
    await clock.advance(1_500);
    recorder.add(digit("operator"));
    await clock.advance(60_000);
    await recorder.written;
    const record = await callLog.read("call-1");
    expect(record?.entries.map(({ at }) => at - start)).toEqual([0, 1_500]);
  });

  it("goes on after a write that failed, and says so in the log", async () => {
    const error = vi.fn<Logger["error"]>();
    const { callLog, choices } = slowCallLog([1, 3]);
    const recorder = new CallRecorder(callLog, "call-1", simulatedClock(), { ...silentLogger, error });
    for (const choice of ["confirm", "reschedule", "operator", "opt-out"]) {
      recorder.add(digit(choice));
      await expect(recorder.written).resolves.toBeUndefined();
    }
    expect(await choices()).toEqual(["reschedule", "opt-out"]);
    expect(error).toHaveBeenCalledTimes(2);
    expect(error.mock.calls[0]?.[0]).toMatchObject({ callId: "call-1" });
  });

  it("does not throw when the log throws before it promises anything", async () => {
    const callLog: CallLog = {
      ...memoryCallLog(),
      append() {
        throw new Error("closed");
      },
    };
    const recorder = new CallRecorder(callLog, "call-1", simulatedClock(), silentLogger);
    expect(() => recorder.add(digit("confirm"))).not.toThrow();
    await expect(recorder.written).resolves.toBeUndefined();
  });

  it("has nothing outstanding before the first entry", async () => {
    await expect(
      new CallRecorder(memoryCallLog(), "call-1", simulatedClock(), silentLogger).written,
    ).resolves.toBeUndefined();
  });

  it("takes nothing after the end: `ended` is the last entry", async () => {
    const callLog = memoryCallLog();
    const recorder = new CallRecorder(callLog, "call-1", simulatedClock(), silentLogger);
    recorder.add({ type: "ended", state: { ...initialCallState, phase: "ended" } });
    recorder.add(digit("confirm"));
    recorder.add({ type: "prompt", prompt: "confirmed", source: "prepared" });
    await recorder.written;
    expect((await callLog.read("call-1"))?.entries.map(({ event }) => event.type)).toEqual(["ended"]);
  });
});
