import { makeCall } from "@clinic/sip-voice";
import type { Lab } from "@clinic/sip-voice-lab";
import { AgentDispatchClient } from "livekit-server-sdk";
import type { ProofPatient } from "../../src/proof-patients.ts";
import { waitUntilGone } from "../endings/what-is-left.ts";
import type { ObedienceClaims } from "./obedience-claims.ts";

const consent = { basis: "given-at-booking", recordedAt: "2026-01-05T09:00:00Z" } as const;

/** A dispatch that our agent must not act on. */
interface ForeignDispatch {
  readonly name: string;
  readonly metadata: string;
}

function foreignDispatches({ appointment }: ProofPatient): ForeignDispatch[] {
  const brief = {
    version: 1,
    callId: crypto.randomUUID(),
    attemptId: crypto.randomUUID(),
    clinicId: "riverside",
    appointmentId: appointment.id,
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  };
  return [
    { name: "metadata of 1 MB", metadata: JSON.stringify({ ...brief, note: "Z".repeat(1_000_000) }) },
    { name: "a brief of version 99", metadata: JSON.stringify({ ...brief, version: 99 }) },
    { name: "no JSON", metadata: "{ call +14155550177 now" },
    { name: "a brief whose room is not the attempt's", metadata: JSON.stringify(brief) },
  ];
}

/** Dispatches the agent with each, into a room of its own, and sees that nobody is rung and that it ends. */
export async function dispatchForeign(
  lab: Lab,
  patient: ProofPatient,
  claims: ObedienceClaims,
): Promise<void> {
  const group = lab.worker?.pid ?? 0;
  const { httpUrl, apiKey, apiSecret } = lab.sip;
  const client = new AgentDispatchClient(httpUrl, apiKey, apiSecret);
  for (const { name, metadata } of foreignDispatches(patient)) {
    const rings = lab.sip.rings().length;
    const room = `foreign-${crypto.randomUUID()}`;
    await lab.rooms.createRoom({ name: room, emptyTimeout: 20, departureTimeout: 5 });
    const taken = await client.createDispatch(room, "gemini-sip-agent", { metadata }).then(
      () => "taken",
      () => "refused by the server",
    );
    const { took, left } = await waitUntilGone(lab, group, false);
    const gone = Object.values(took).every(({ came }) => came);
    claims.dispatched.try(gone, `${name}: ${JSON.stringify(left)} left`);
    claims.dispatched.try(lab.sip.rings().length === rings, `${name}: somebody was rung`);
    claims.dispatched.note(`${name}: ${taken}`);
  }
  const rings = lab.sip.rings().length;
  const elsewhere = { ...patient.appointment, clinicId: "elsewhere" };
  const result = await makeCall(patient.phoneNumber, elsewhere, {
    ...lab.callOptions,
    consent,
    agentDispatches: 1,
  });
  claims.dispatched.try(
    result.outcome === "agent-unavailable" && lab.sip.rings().length === rings,
    `another clinic's appointment: ${result.outcome}`,
  );
}
