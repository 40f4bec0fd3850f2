import { SipVoiceError, shapeOf } from "../errors.ts";

/**
 * How long and how often a caller is waited for. The properties are those of VoiceXML 2.0, sections 6.3.3 and 6.3.4 (kept by 2.1):
 * `timeout` and `interdigittimeout`.
 */
export interface DtmfTiming {
  /**
   * How long the first digit is waited for once the prompt was heard, in milliseconds; 5,000 unless given.
   * When it has passed, the try has failed with `no-input`.
   */
  readonly firstDigitTimeoutMs?: number;
  /**
   * How long a further digit is waited for, in milliseconds; unless given 5,000 in a sequence, and 2,000 in a menu
   * with keys that begin like longer ones.
   */
  readonly interDigitTimeoutMs?: number;
  /** How often it is asked again after a try has failed; 2 unless given, so three tries in all. */
  readonly retries?: number;
}

/** Which times are taken where none are given. */
export function fullTiming(
  interDigitTimeoutMs: number,
  ...given: readonly DtmfTiming[]
): Required<DtmfTiming> {
  const all = { firstDigitTimeoutMs: 5_000, interDigitTimeoutMs, retries: 2 };
  for (const one of given)
    for (const name of ["firstDigitTimeoutMs", "interDigitTimeoutMs", "retries"] as const)
      all[name] = one[name] ?? all[name];
  checkCount("firstDigitTimeoutMs", all.firstDigitTimeoutMs, 0);
  checkCount("interDigitTimeoutMs", all.interDigitTimeoutMs, 0);
  checkCount("retries", all.retries, 0);
  return all;
}

/** @throws SipVoiceError `invalid-option` */
export function checkCount(field: string, count: unknown, least: number): void {
  if (Number.isSafeInteger(count) && (count as number) >= least) return;
  throw new SipVoiceError("invalid-option", `A whole number was expected, not ${shapeOf(count)}.`, {
    field,
    remedy: `Give ${least} or more as ${field}.`,
  });
}
