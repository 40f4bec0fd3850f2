import {
  type Appointment,
  agentAttribute,
  type CallResult,
  makeCall,
  parsePhoneNumber,
} from "@clinic/sip-voice";
import { plugInAnsweringMachine, plugInCallScreener } from "../callee/index.ts";
import { clinicNumbers } from "../lab/clinic-data.ts";
import type { Lab } from "../lab/lab.ts";
import type { TelephoneBehaviour, TelephoneLine } from "../telephone/index.ts";
import type { CallEvidence } from "./call-evidence.ts";
import type { CallWatch } from "./call-watch.ts";
import { type Conversation, converse } from "./conversation.ts";
import type { InboundDemoCall, OutboundDemoCall } from "./demo-call.ts";

/** A number of the lab's network that belongs to no patient. */
const strangersNumber = "+15105550150";
const answeredWithinMs = 30_000;
/** Time enough to see that an agent without a worker does not come. */
const impatientMs = 1_500;

/** What became of a call that was placed, on either side. */
export interface PlacedCall {
  readonly outcome: CallEvidence["outcome"];
  readonly refusedBy?: readonly string[];
  readonly line?: TelephoneLine | undefined;
  readonly room?: string;
  readonly conversation?: Conversation;
}

/** The patient calls the clinic. */
export async function callIn(call: InboundDemoCall, lab: Lab, watch: CallWatch): Promise<PlacedCall> {
  const { unknownBecause } = call;
  const number = unknownBecause === "strange-number" ? strangersNumber : call.patient.phoneNumber;
  const hideNumber =
    unknownBecause === "number-hidden" || (unknownBecause === "anonymous" && ("anonymous" as const));
  const shown = unknownBecause === undefined ? `from ${number}` : `(${unknownBecause.replace("-", " ")})`;
  watch.patient(`calls the clinic ${shown}`);
  const line = await lab.telephone(number).call(clinicNumbers.inbound, {
    hideNumber,
    ringingTimeoutMs: answeredWithinMs,
  });
  const answered = await line.answered.then(
    () => performance.now(),
    () => undefined,
  );
  if (answered === undefined) return { outcome: "not-answered", line, room: line.room };
  void watch
    .until("the agent's call id", answeredWithinMs, () => callIdIn(line))
    .then((callId) => watch.follow(callId))
    // The end of the record is then missed, which the verdict tells.
    .catch(() => {});
  const scripted = lab.gemini !== undefined;
  const conversation = await converse({
    call,
    line,
    answeredAt: answered,
    watch,
    scripted,
    closeModel: closer(lab),
  });
  return { outcome: "answered", line, room: line.room, conversation };
}

/** The clinic called the patient before, and reached nobody. */
export async function callBefore(
  number: string,
  telephone: TelephoneBehaviour,
  lab: Lab,
  appointment: Appointment,
): Promise<void> {
  lab.telephone(number).behaviour = telephone;
  const recordedAt = new Date(Date.now() - 86_400_000).toISOString();
  const { outcome } = await makeCall(number, appointment, {
    ...lab.callOptions,
    consent: { basis: "given-at-booking", recordedAt },
    ringingTimeoutSeconds: 15,
  });
  if (outcome === "answered") throw new Error("The patient was reached before, against the plan.");
}

/** The clinic calls the patient, as any program would: with `makeCall`. */
export async function callOut(
  call: OutboundDemoCall,
  lab: Lab,
  watch: CallWatch,
  appointment: Appointment,
  signal: AbortSignal,
): Promise<PlacedCall> {
  const number = call.patient.phoneNumber;
  const telephone = lab.telephone(number);
  telephone.behaviour = call.telephone;
  if (call.pickedUpBy === "answering-machine") await plugInAnsweringMachine(telephone);
  if (call.pickedUpBy === "screener") await plugInCallScreener(telephone);
  const recordedAt = new Date(Date.now() - 86_400_000).toISOString();
  if (call.optedOut) {
    await lab.database.preferences.optOut(parsePhoneNumber(number), recordedAt);
    watch.patient("has asked for no more calls");
  }
  let answeredAt = 0;
  telephone.on("rung", () => watch.event(`${call.patient.name}'s telephone rings`));
  telephone.on("line", (line) => line.once("answered", () => (answeredAt = performance.now())));
  watch.event(`the clinic calls ${call.patient.name} at ${number}`);
  const callId = crypto.randomUUID();
  watch.follow(callId);
  const { policy = undefined } = lab.callOptions;
  const result = await makeCall(number, appointment, {
    ...lab.callOptions,
    // The demo's own calls go on side by side; the rest of the rules is the lab's.
    ...(policy ? { policy: { ...policy, caps: { ...policy.caps, concurrency: 4 } } } : {}),
    consent: { basis: "given-at-booking", recordedAt },
    callId,
    ringingTimeoutSeconds: 15,
    ...(call.agentName ? { agentName: call.agentName, agentPatienceMs: impatientMs } : {}),
    signal,
  });
  telephone.removeAllListeners();
  watch.event(`makeCall: ${result.outcome}${explanation(result)}`);
  if (result.outcome !== "answered") {
    const refusedBy = result.outcome === "refused-by-policy" ? result.reasons.map(({ rule }) => rule) : [];
    return { outcome: result.outcome, refusedBy, room: `call-${callId}` };
  }
  const line = telephone.lines.at(-1);
  if (!line) return { outcome: "answered", room: result.roomName };
  watch.patient("answers");
  const scripted = lab.gemini !== undefined;
  const conversation = await converse({ call, line, answeredAt, watch, scripted, closeModel: closer(lab) });
  return { outcome: "answered", line, room: result.roomName, conversation };
}

function explanation(result: CallResult): string {
  if (result.outcome === "refused-by-policy")
    return `, because of ${result.reasons.map(({ rule }) => rule).join(", ")}`;
  return "sipStatus" in result && result.sipStatus !== undefined ? ` (SIP ${result.sipStatus})` : "";
}

/** The agent tells the call's id in the room, where the telephone sees it. */
function callIdIn(line: TelephoneLine): string | undefined {
  for (const { attributes } of line.leg.room.remoteParticipants.values()) {
    const callId = attributes[agentAttribute.callId];
    if (callId) return callId;
  }
  return undefined;
}

/** Closes every session of the Gemini stand-in. */
function closer({ gemini }: Lab): (code: number) => void {
  return (code) => gemini?.closeSessions(code);
}
