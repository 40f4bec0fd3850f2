import type { CallEvent, ChoiceVia, IdentityProof } from "./event.ts";
import type { AttemptId, CallChannel, CallDirection, CallId } from "./identifiers.ts";
import type { CallParty, CallState, OperatorFailure } from "./state.ts";

/** One thing that happened on a call. What was said is kept only when the clinic turned that on. */
export type CallRecordEvent =
  /** The call began. */
  | {
      readonly type: "started";
      readonly clinicId: string;
      readonly direction: CallDirection;
      readonly channel: CallChannel;
      readonly attemptId?: AttemptId;
    }
  /** A key was pressed and what it meant. */
  | { readonly type: "digit"; readonly choice: string }
  /** The state changed. */
  | { readonly type: "transition"; readonly event: CallEvent["type"]; readonly state: CallState }
  /** A change was written, or refused by the store. */
  | { readonly type: "store"; readonly change: string; readonly result: string; readonly via: ChoiceVia }
  /** The model called a tool. */
  | { readonly type: "tool"; readonly name: string; readonly result: string }
  /** A fixed sentence was said, from prepared audio or by the model. */
  | {
      readonly type: "prompt";
      readonly prompt: string;
      readonly source: "prepared" | "tts" | "model" | "none";
    }
  /** The model failed. */
  | { readonly type: "model-lost"; readonly cause: string }
  /** A model works again, `afterMs` milliseconds after the failure was noticed. */
  | { readonly type: "model-restored"; readonly afterMs: number }
  /** What one reply of the model used, in tokens. */
  | { readonly type: "model-usage"; readonly inputTokens: number; readonly outputTokens: number }
  /** Something on the page was tapped and what it meant. */
  | { readonly type: "tap"; readonly choice: string }
  /** A sequence was keyed in: what for and what came of it, never its digits. */
  | { readonly type: "keyed"; readonly purpose: "identity"; readonly result: string }
  /** The other party showed who they are, or failed to. */
  | { readonly type: "identity"; readonly result: "proven" | "refused"; readonly by?: IdentityProof }
  /** It became clear who is on the other end, and by what: durations and the like, never words. */
  | {
      readonly type: "party";
      readonly party: CallParty;
      readonly evidence?: Readonly<Record<string, number | string | boolean>>;
    }
  /** A message was left on the machine that answered, to its end or not. */
  | { readonly type: "message"; readonly left: boolean }
  /** What came of a transfer to the operator. */
  | {
      readonly type: "transfer";
      readonly result: "reached" | OperatorFailure;
      readonly by?: "refer" | "bridge";
    }
  /** Words of an emergency were heard. */
  | { readonly type: "emergency" }
  /** A sentence, only when the clinic turned on that what is said is kept. */
  | { readonly type: "said"; readonly by: "caller" | "agent"; readonly text: string }
  /** The opener was said, or cut short. */
  | { readonly type: "opener-said" }
  /** The call is over; always the last entry. */
  | { readonly type: "ended"; readonly state: CallState };

/** An event and when it happened. */
export interface CallRecordEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What happened. */
  readonly event: CallRecordEvent;
}

/** Everything kept of one call. */
export interface CallRecord {
  /** The call. */
  readonly callId: CallId;
  /** What happened, in order. */
  readonly entries: readonly CallRecordEntry[];
  /** The state in which the call ended; `undefined` while it goes on, or when its agent died. */
  readonly finalState: CallState | undefined;
}

/** Makes a record out of a call's entries. */
export function callRecordOf(callId: CallId, entries: readonly CallRecordEntry[]): CallRecord {
  const last = entries.findLast((entry) => entry.event.type === "ended")?.event;
  return { callId, entries, finalState: last?.type === "ended" ? last.state : undefined };
}

/**
 * The port that keeps call records: the agent appends to it, everybody else reads from it.
 * Its conformance suite is `testCallLog` in `@clinic/sip-voice/testing`.
 */
export interface CallLog {
  /** Adds entries to a call's record, in order; when this resolves they are durable. */
  append(callId: CallId, entries: readonly CallRecordEntry[]): Promise<void>;
  /** The record of a call, or `undefined` when nothing is kept of it. */
  read(callId: CallId): Promise<CallRecord | undefined>;
  /** The ids of the calls that began last, the newest first. */
  recent(limit: number): Promise<readonly CallId[]>;
}

/** A call log in memory, for tests. */
export function memoryCallLog(): CallLog {
  const calls = new Map<CallId, CallRecordEntry[]>();
  return {
    async append(callId, entries) {
      calls.set(callId, [...(calls.get(callId) ?? []), ...entries]);
    },
    async read(callId) {
      const entries = calls.get(callId);
      return entries && callRecordOf(callId, [...entries]);
    },
    recent: async (limit) => [...calls.keys()].reverse().slice(0, limit),
  };
}
