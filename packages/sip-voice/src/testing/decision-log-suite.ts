import { expect } from "vitest";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { defaultCallingPolicy } from "../policy/calling-policy.ts";
import { decide } from "../policy/decision.ts";
import type { DecisionLog, LoggedDecision } from "../policy/decision-log.ts";
import { decisionRecord } from "../policy/decision-record.ts";
import {
  type ConformanceCases,
  type ConformanceFactory,
  type ConformanceOptions,
  registerCases,
} from "./conformance.ts";

const consent = { basis: "given-at-booking", recordedAt: "2026-10-01T09:00:00-07:00" } as const;

/** A decision as the policy makes it: by day it allows, by night it refuses. */
function decisionAt(time: string, more: Partial<LoggedDecision> = {}): LoggedDecision {
  const facts = {
    phoneNumber: parsePhoneNumber("+15105550111"),
    now: Date.parse(`2026-11-23T${time}-08:00`),
    preference: { consent, optedOutAt: undefined },
  };
  const record = decisionRecord(defaultCallingPolicy, facts, decide(defaultCallingPolicy, facts));
  return { attemptId: "attempt-1", clinicId: "main", about: "reserve", record, ...more };
}

const byDay = decisionAt("10:00:00");
const byNight = decisionAt("23:00:00");

const cases: ConformanceCases<DecisionLog> = {
  "keeps a decision with every field": async (log) => {
    await log.append(byNight);
    expect(byNight.record).toMatchObject({ allowed: false, rules: ["window"] });
    expect(await log.ofAttempt("attempt-1")).toEqual([byNight]);
  },
  "keeps all decisions on an attempt, in order, equal ones too": async (log) => {
    const dial = decisionAt("10:00:08", { about: "dial" });
    for (const one of [byDay, byDay, dial]) await log.append(one);
    expect(await log.ofAttempt("attempt-1")).toEqual([byDay, byDay, dial]);
  },
  "knows nothing of an attempt that nobody decided on": async (log) => {
    await log.append(byDay);
    expect(await log.ofAttempt("attempt-2")).toEqual([]);
  },
  "names a clinic's last decisions, the newest first": async (log) => {
    const all = ["a", "b", "c", "d"].map((attemptId, index) =>
      decisionAt(index % 2 === 0 ? "10:00:00" : "23:00:00", { attemptId }),
    );
    for (const one of all) await log.append(one);
    await log.append(decisionAt("10:00:00", { attemptId: "elsewhere", clinicId: "east" }));
    const names = async (query: { allowed?: boolean; limit: number }) =>
      (await log.recent({ clinicId: "main", ...query })).map(({ attemptId }) => attemptId);
    expect(await names({ limit: 10 })).toEqual(["d", "c", "b", "a"]);
    expect(await names({ limit: 3 })).toEqual(["d", "c", "b"]);
    expect(await names({ allowed: true, limit: 10 })).toEqual(["c", "a"]);
    expect(await names({ allowed: false, limit: 10 })).toEqual(["d", "b"]);
  },
  "shows others what it kept": async (log, other) => {
    await log.append(byDay);
    await other.append(byNight);
    expect(await log.ofAttempt("attempt-1")).toEqual([byDay, byNight]);
    expect(await other.recent({ clinicId: "main", limit: 5 })).toEqual([byNight, byDay]);
  },
};

/**
 * Registers the rules of the `DecisionLog` port as vitest cases.
 *
 * @param name - the adapter, as the test report shows it
 * @param make - makes an empty log
 * @param options - cases to skip, with the reason
 * @example
 * ```ts
 * import { memoryDecisionLog } from "@clinic/sip-voice";
 * import { testDecisionLog } from "@clinic/sip-voice/testing";
 *
 * testDecisionLog("my decision log", async () => ({ port: memoryDecisionLog() }));
 * ```
 */
export function testDecisionLog(
  name: string,
  make: ConformanceFactory<DecisionLog>,
  options: ConformanceOptions = {},
): void {
  registerCases(`DecisionLog: ${name}`, () => make(undefined), cases, options);
}
