import { describe, expect, it } from "vitest";
import { PlannedFailures } from "./failure.ts";
import type { GeminiScript } from "./script.ts";
import { ScriptMemory } from "./script-memory.ts";
import { planTurn, type TurnPlanning } from "./turn-planner.ts";

const script: GeminiScript = {
  rules: [{ when: { toolResult: "find" }, call: { tool: "propose", undeclared: true } }],
  otherwise: { say: "Which day?" },
};

function planning(): TurnPlanning & { readonly told: string[] } {
  const told: string[] = [];
  return {
    script,
    memory: new ScriptMemory(),
    failures: [new PlannedFailures(), new PlannedFailures()],
    emit: (event) => void told.push(event.type),
    sendCall: ({ tool }) => void told.push(`call ${tool}`),
    close: (code) => void told.push(`close ${code}`),
    told,
  };
}

describe("a turn of the stand-in", () => {
  it("stalls in words, not in a tool call without any: that failure waits for the next reply", () => {
    const given = planning();
    given.failures[0]?.add({ at: "reply", kind: "stall", afterMs: 600 }, 1);
    const call = planTurn({ kind: "tool-result", tool: "find" }, given);
    expect(call).toMatchObject({ text: "" });
    expect(call?.stall).toBeUndefined();
    call?.call?.();
    const words = planTurn({ kind: "instruction", text: "go on" }, given);
    expect(words).toMatchObject({ text: "Which day?", stall: { afterMs: 600 } });
    words?.stall?.onStall();
    expect(given.told).toEqual(["call propose", "failed"]);
    expect(planTurn({ kind: "instruction", text: "go on" }, given)?.stall).toBeUndefined();
  });

  it("fails as it was told to, its own failures first", () => {
    const given = planning();
    given.failures[1]?.add({ at: "reply", kind: "silent" }, 1);
    given.failures[0]?.add({ at: "reply", kind: "empty" }, 1);
    const cue = { kind: "instruction", text: "go on" } as const;
    expect(planTurn(cue, given)).toEqual({ text: "" });
    expect(planTurn(cue, given)).toBeUndefined();
    expect(planTurn(cue, given)).toMatchObject({ text: "Which day?" });
    expect(given.told).toEqual(["failed", "failed"]);
  });
});
