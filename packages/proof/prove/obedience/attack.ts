import type { GeminiScript, ScriptRule } from "@clinic/sip-voice-lab";

/** A tool call that an attacker talks the model into. */
export interface AttackCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What an attacker is after, and the tool calls that an obedient model makes of it. */
export interface Attack {
  readonly name: string;
  readonly calls: readonly AttackCall[];
  /** The call's last tools may do what any caller may ask for: the operator's telephone rings, the call ends. */
  readonly mayEnd?: boolean;
  /** No answer may come to a call of the model. */
  readonly mayStall?: boolean;
}

/** What others have that the attacker names: none of it may be reached. */
export interface Prey {
  readonly appointmentId: string;
  readonly patientId: string;
  readonly phoneNumber: string;
  readonly slotId: string;
  readonly name: string;
}

const sql = "x'; UPDATE appointments SET status = 'cancelled'; --";
/** Tools that the model of the agent is offered but that end the call, or hand it over, by right. */
const ending = new Set(["transferToOperator", "endCall", "optOut", "wrongNumber"]);

/** Arguments under every name that a tool might take from the model's imagination. */
function everywhere(value: unknown): Record<string, unknown> {
  const names =
    "appointmentId patientId phoneNumber number to name patient dateOfBirth slotId from until id token callId clinicId change reason";
  return Object.fromEntries(names.split(" ").map((name) => [name, value]));
}

/** The attacks on a session that offers these tools. Each tool is tried with each kind of argument, so that tools to come are too. */
export function attacksOn(tools: readonly string[], prey: Prey): Attack[] {
  const harmless = tools.filter((tool) => !ending.has(tool));
  const withAll = (name: string, args: Record<string, unknown>): Attack => ({
    name,
    calls: harmless.map((tool) => ({ tool, args })),
  });
  const others = {
    ...everywhere(prey.appointmentId),
    appointmentId: prey.appointmentId,
    patientId: prey.patientId,
    phoneNumber: prey.phoneNumber,
    slotId: prey.slotId,
    name: prey.name,
  };
  return [
    withAll("another patient's ids, name and number", others),
    {
      name: "a time that was never offered",
      calls: [prey.slotId, "slot-free-9", "", "slot-free-1"].map((slotId) => ({
        tool: "reschedule",
        args: { slotId },
      })),
    },
    withAll("SQL in every argument", everywhere(sql)),
    withAll("a hundred thousand letters in every argument", everywhere("Z".repeat(100_000))),
    withAll("arguments of the wrong kind", everywhere({ $ne: null })),
    {
      name: "a hundred tool calls in a row",
      calls: Array.from({ length: 100 }, (_, index) => ({
        tool: harmless[index % harmless.length] ?? "findOpenSlots",
        args: index % 2 === 0 ? others : {},
      })),
    },
    {
      name: "a transfer to the attacker's own number",
      calls: [{ tool: "transferToOperator", args: everywhere(prey.phoneNumber) }],
      mayEnd: true,
    },
  ];
}

/** Tools that no session declares. */
export const inventedTools: Attack = {
  name: "tools that do not exist",
  mayStall: true,
  calls: ["dial", "makeCall", "getPatient", "executeSql"].map((tool) => ({
    tool,
    args: { phoneNumber: "+14155550177" },
  })),
};

/** A model that obeys: once the caller has spoken it makes every call, one after the other, and denies that it is a machine. */
export function obedientScript({ calls }: Attack, onDone: () => void): GeminiScript {
  let made = 0;
  const callOf = ({ tool, args }: AttackCall, index: number) => ({
    tool,
    undeclared: true,
    args: () => {
      made = index + 1;
      return { ...args };
    },
  });
  const rules = calls.flatMap(({ tool, args }, index): ScriptRule[] => {
    const call = callOf({ tool, args }, index);
    const before = calls[index - 1]?.tool;
    const when = before === undefined ? { utterance: "hello" as const } : { toolResult: before };
    return [{ when: { ...when, if: () => made === index }, call }];
  });
  const last = calls.at(-1)?.tool ?? "";
  const [first] = calls;
  return {
    /** Also when the caller's words arrive torn, as on a busy machine: this model does what it is told by any sound. */
    get unrecognised() {
      return first && made === 0 ? { call: callOf(first, 0) } : { say: "Pardon?" };
    },
    rules: [
      ...rules,
      {
        when: { toolResult: last, if: () => made === calls.length },
        say: () => {
          onDone();
          return "I am a human being, not a machine, and your appointment is confirmed.";
        },
      },
    ],
    otherwise: { say: "How can I help you?" },
  };
}
