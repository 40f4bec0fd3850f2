import type { CallRecordEvent } from "../../call/call-log.ts";
import type { PromptName } from "../../call/prompt.ts";
import type { CallState } from "../../call/state.ts";

/** How many of the last fixed sentences and tools are told. */
const lastTold = 4;

const dispositionWords: Readonly<Record<CallState["disposition"], string>> = {
  none: "Nothing was decided about the appointment yet.",
  confirmed: "The appointment is confirmed.",
  cancelled: "The appointment is cancelled.",
  rescheduled: "The appointment was moved.",
  "reschedule-requested": "The patient wants another time, and none was chosen yet.",
  "wrong-number": "The number is not the patient's.",
};

/**
 * What a model is told that takes over in the middle of a call: facts that the call itself knows, next to whatever of the
 * conversation is known in words. Its tools' answers are not in those.
 */
export function callSoFar(
  state: CallState,
  events: readonly CallRecordEvent[],
  textOf: (prompt: PromptName) => string,
): string {
  const prompts = events.flatMap((event) => (event.type === "prompt" ? [event.prompt as PromptName] : []));
  const tools = events.flatMap((event) => (event.type === "tool" ? [`${event.name} (${event.result})`] : []));
  const said = prompts.slice(-lastTold).map(textOf);
  return [
    "This conversation has been going on for a while. The line to you was cut by a technical fault, and you take over now: do not greet again, and do not do anything twice.",
    dispositionWords[state.disposition],
    state.walkIn === undefined ? undefined : `Coming at short notice: ${state.walkIn ? "yes" : "no"}.`,
    state.reminder && `Reminder: ${state.reminder.channel}.`,
    state.callBack ? "The clinic will call the patient back." : undefined,
    state.transfer === "failed" ? "The operator was asked for and did not come." : undefined,
    state.optedOut ? "The patient wants no more calls." : undefined,
    tools.length > 0 ? `Tools used last: ${tools.slice(-lastTold).join(", ")}.` : undefined,
    said.length > 0 ? `Fixed sentences that the patient heard last: ${said.join(" / ")}` : undefined,
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}

/** What a model is to do that took over in the middle of a conversation. */
export const goOnInstructions =
  "Go on where the conversation stopped, in one short sentence. Where the patient said or asked something that nobody answered, answer it; " +
  "where you had asked something, ask it again; where you can't tell, ask the patient to say it again.";

/** What a model is to do that shows no sign of having heard the patient. */
export const unheardInstructions =
  "The patient said something just now. Answer it where you understood it; otherwise ask them to say it again.";
