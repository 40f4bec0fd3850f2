import type { MessageResult } from "./messenger.ts";

/** What came of {@link MessageLog.reserve}. */
export type MessageReservation =
  /** The message is ours to send, once. */
  | { readonly kind: "reserved" }
  /** It was reserved before; without a result it is being sent, or its sender died: nobody knows whether it was. */
  | { readonly kind: "known"; readonly result: MessageResult | undefined };

/**
 * The port to the messages that were sent, kept beside the ledger: it keeps one message from being sent twice. What a message
 * said, and to whom, is not kept. Its conformance suite is `testMessageLog` in `@clinic/sip-voice/testing`.
 */
export interface MessageLog {
  /** Reserves a message by its key, durably, before it is sent; of two processes one gets it. */
  reserve(message: {
    readonly key: string;
    readonly clinicId: string;
    /** Milliseconds since 1970. */
    readonly at: number;
  }): Promise<MessageReservation>;
  /** Keeps what became of it; what is kept once stays. */
  settle(key: string, result: MessageResult, at: number): Promise<void>;
}

/** A message log in memory, for tests. */
export function memoryMessageLog(): MessageLog {
  const results = new Map<string, MessageResult | undefined>();
  return {
    async reserve({ key }) {
      if (results.has(key)) return { kind: "known", result: results.get(key) };
      results.set(key, undefined);
      return { kind: "reserved" };
    },
    async settle(key, result) {
      if (results.has(key)) results.set(key, results.get(key) ?? result);
    },
  };
}
