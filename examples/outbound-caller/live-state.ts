import { type CallId, type CallLog, type CallState, type Clock, pause } from "@clinic/sip-voice";

const lookEveryMs = 500;

/** Tells each new state of a call, as its agent writes it into the call log, until `signal` is aborted. */
export async function watchCallState(
  { callLog, clock }: { readonly callLog: Pick<CallLog, "read">; readonly clock: Clock },
  callId: CallId,
  signal: AbortSignal,
  onState: (state: CallState) => void,
): Promise<void> {
  let told = 0;
  while (!signal.aborted) {
    // Watching is a convenience: a log that can't be read must not end a call.
    const entries = (await callLog.read(callId).catch(() => undefined))?.entries ?? [];
    for (const { event } of entries.slice(told)) {
      if (event.type === "transition" && !signal.aborted) onState(event.state);
    }
    told = entries.length;
    await pause(clock, lookEveryMs, signal);
  }
}
