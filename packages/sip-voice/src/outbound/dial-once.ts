import { pause } from "../clock.ts";
import { dialFailure } from "../sip/dial-outcome.ts";
import { type Attempt, telephoneIdentity } from "./attempt.ts";
import type { DialResult } from "./dialer.ts";
import type { CallPorts, PlannedCall } from "./planned-call.ts";

/** How long an aborted dial is given to come back, and its telephone to leave. */
const abortGraceMs = 5_000;

/**
 * Rings once. When the call is given up meanwhile, the room is removed, since a dial in flight can't be taken back,
 * and the outcome is `cancelled` only if the telephone was then seen gone; else it is `unknown`.
 */
export async function dialOnce(ports: CallPorts, call: PlannedCall, attempt: Attempt): Promise<DialResult> {
  const { dialer, clock } = ports;
  const { signal } = call;
  // Given up while the ledger was written: nobody needs to be rung.
  if (signal?.aborted) return dialFailure("cancelled");
  const participantIdentity = telephoneIdentity(attempt.attemptId);
  const dial = dialer
    .dial({
      roomName: attempt.roomName,
      phoneNumber: attempt.phoneNumber,
      participantIdentity,
      ringingTimeoutSeconds: call.ringingTimeoutSeconds,
      callLimitSeconds: call.callLimitSeconds,
    })
    .catch(() => dialFailure("unknown"));
  if (!signal) return await dial;

  let onAbort = (): void => {};
  const aborted = new Promise<"aborted">((resolve) => {
    onAbort = () => resolve("aborted");
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
  });
  const first = await Promise.race([dial, aborted]);
  signal.removeEventListener("abort", onAbort);
  if (first !== "aborted") return first;

  const until = clock.now() + abortGraceMs;
  await ports.rooms.removeRoom(attempt.roomName).catch(() => {});
  const late = await Promise.race([dial, pause(clock, abortGraceMs)]);
  // The far end's own refusal says more than our change of mind. Without a SIP status it is only our removal of the room,
  // and 487 only confirms that our CANCEL arrived.
  if (late && late.outcome !== "answered" && late.sipStatus !== undefined && late.sipStatus !== 487)
    return late;
  do {
    const present = await ports.rooms.participants(attempt.roomName).catch(() => undefined);
    if (present && !present.some(({ identity }) => identity === participantIdentity))
      return dialFailure("cancelled");
    await pause(clock, 200);
  } while (clock.now() < until);
  return dialFailure("unknown");
}
