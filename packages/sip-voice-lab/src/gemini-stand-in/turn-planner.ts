import type { GeminiFailure, PlannedFailures } from "./failure.ts";
import type { TurnPlan } from "./model-turn.ts";
import { type GeminiScript, replyTo, type ScriptCall, type ScriptCue, type ScriptReply } from "./script.ts";
import type { ScriptMemory } from "./script-memory.ts";
import type { GeminiStandInEventBody } from "./stand-in-event.ts";

type ReplyFailure = Extract<GeminiFailure, { at: "reply" }>;

/** What {@link planTurn} works with. */
export interface TurnPlanning {
  readonly script: GeminiScript;
  readonly memory: ScriptMemory;
  /** What is to go wrong: in this session first, then in any. */
  readonly failures: readonly PlannedFailures[];
  readonly emit: (event: GeminiStandInEventBody) => void;
  readonly sendCall: (call: ScriptCall) => void;
  readonly close: (code: number, reason?: string) => void;
}

/** Decides what a turn of the model is to hold, and what goes wrong in it; `undefined` for no reply at all. */
export function planTurn(cue: ScriptCue, planning: TurnPlanning): TurnPlan | undefined {
  const { script, memory, emit, sendCall, close } = planning;
  const reply = replyTo(script, cue, memory);
  const planned = reply && planOf(reply, planning);
  const failure = takeFailure(planning.failures, planned?.text ?? "");
  if (!failure) return planned;
  if (failure.kind === "stall") {
    const onStall = (): void => emit({ type: "failed", kind: "stall" });
    return { text: "", ...planned, call: undefined, stall: { afterMs: failure.afterMs, onStall } };
  }
  emit({ type: "failed", kind: failure.kind });
  switch (failure.kind) {
    case "empty":
      return { text: "" };
    case "unanswered-call":
      return { text: "", call: () => sendCall({ tool: "" }) };
    case "close":
      close(failure.code, failure.reason);
      return undefined;
    case "silent":
      return undefined;
  }
}

/** The next failure of a reply. Who says nothing can't stop in the middle of it: that waits for words. */
function takeFailure(failures: readonly PlannedFailures[], text: string): ReplyFailure | undefined {
  for (const each of failures) {
    const taken = each.take("reply", ({ kind }) => kind !== "stall" || text !== "");
    if (taken) return taken;
  }
  return undefined;
}

function planOf({ say = "", call, language }: ScriptReply, planning: TurnPlanning): TurnPlan {
  const { memory, emit, sendCall } = planning;
  const text = typeof say === "function" ? say(memory) : say;
  if (call === undefined) return { text, language };
  if (call.undeclared || memory.tools.includes(call.tool))
    return { text, language, call: () => sendCall(call) };
  emit({ type: "undeclared-tool", tool: call.tool });
  return { text: `${text} I am sorry, I can't do that.`.trim(), language };
}
