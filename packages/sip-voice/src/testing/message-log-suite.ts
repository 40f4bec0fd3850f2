import { expect } from "vitest";
import type { MessageLog } from "../messaging/message-log.ts";
import type { MessageResult } from "../messaging/messenger.ts";
import {
  type ConformanceCases,
  type ConformanceFactory,
  type ConformanceOptions,
  registerCases,
} from "./conformance.ts";

const at = Date.parse("2026-11-23T10:00:00-08:00");
const message = { key: "confirmation/attempt-1", clinicId: "main", at };
const sent: MessageResult = { sent: true, messageId: "m-1" };
const refused: MessageResult = { sent: false, reason: "opted-out", retry: "never" };

const cases: ConformanceCases<MessageLog> = {
  "gives a message to one who asks, and to nobody again": async (log, other) => {
    const asked = await Promise.all([log, other, log, other].map((one) => one.reserve(message)));
    expect(asked.filter(({ kind }) => kind === "reserved")).toHaveLength(1);
    expect(await log.reserve(message)).toEqual({ kind: "known", result: undefined });
  },
  "keeps what became of it": async (log, other) => {
    await log.reserve(message);
    await log.settle(message.key, refused, at + 1);
    expect(await other.reserve({ ...message, at: at + 86_400_000 })).toEqual({
      kind: "known",
      result: refused,
    });
  },
  "keeps the first result": async (log, other) => {
    await log.reserve(message);
    await log.settle(message.key, sent, at + 1);
    await other.settle(message.key, refused, at + 2);
    expect(await log.reserve(message)).toEqual({ kind: "known", result: sent });
  },
  "keeps messages apart": async (log) => {
    await log.reserve(message);
    await log.settle(message.key, sent, at + 1);
    expect(await log.reserve({ ...message, key: "confirmation/attempt-2" })).toEqual({ kind: "reserved" });
  },
  "settles nothing that was not reserved": async (log) => {
    await log.settle(message.key, sent, at);
    expect(await log.reserve(message)).toEqual({ kind: "reserved" });
  },
};

/**
 * Registers the rules of the `MessageLog` port as vitest cases.
 *
 * @param name - the adapter, as the test report shows it
 * @param make - makes an empty log
 * @param options - cases to skip, with the reason
 * @example
 * ```ts
 * import { memoryMessageLog } from "@clinic/sip-voice";
 * import { testMessageLog } from "@clinic/sip-voice/testing";
 *
 * testMessageLog("my message log", async () => ({ port: memoryMessageLog() }));
 * ```
 */
export function testMessageLog(
  name: string,
  make: ConformanceFactory<MessageLog>,
  options: ConformanceOptions = {},
): void {
  registerCases(`MessageLog: ${name}`, () => make(undefined), cases, options);
}
