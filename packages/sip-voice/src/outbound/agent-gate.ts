import type { CallBrief } from "../call/brief.ts";
import { agentAttribute } from "../call/readiness.ts";
import { type Clock, pause } from "../clock.ts";
import { isParticipantKind } from "../sip/participant-kind.ts";
import type { RoomGateway } from "./room-gateway.ts";

/** What the gate needs to know. */
export interface AgentSummons {
  /** The room that the agent is to be in. */
  readonly roomName: string;
  /** The name that the agent's worker registered with. */
  readonly agentName: string;
  /** The brief, without its expiry: each dispatch gets its own. */
  readonly brief: Omit<CallBrief, "expiresAt">;
  /** How long one dispatch is waited for, in milliseconds. */
  readonly patienceMs: number;
  /** How many dispatches are tried, one after the other. */
  readonly dispatches: number;
  /** Gives the waiting up. */
  readonly signal?: AbortSignal | undefined;
}

/** What the gate found. */
export type AgentGateResult =
  /** Exactly one agent is in the room, and it is ready. */
  | { readonly ready: true }
  /** Nobody's phone may ring. */
  | { readonly ready: false; readonly reason: "did-not-come" | "several-agents" | "not-ready" | "cancelled" };

const lookEveryMs = 50;

/** Looks into the room once; `undefined` means: wait on. */
async function look(
  rooms: RoomGateway,
  { roomName, brief }: AgentSummons,
): Promise<AgentGateResult | undefined> {
  const agents = (await rooms.participants(roomName)).filter(({ kind }) => isParticipantKind(kind, "agent"));
  if (agents.length > 1) return { ready: false, reason: "several-agents" };
  const attributes = agents[0]?.attributes;
  if (attributes?.[agentAttribute.unready]) return { ready: false, reason: "not-ready" };
  return attributes?.[agentAttribute.ready] === brief.attemptId ? { ready: true } : undefined;
}

/**
 * Dispatches the agent and waits until exactly one is in the room and says that it is ready.
 * A worker that is overloaded drops a dispatch without a word, so the only cure is to look, and to ask again. Before that
 * the first dispatch is taken back; its brief has expired by then, so its agent leaves by itself should it still come.
 */
export async function summonAgent(
  rooms: RoomGateway,
  clock: Clock,
  summons: AgentSummons,
): Promise<AgentGateResult> {
  const { roomName, agentName, brief, patienceMs, dispatches, signal } = summons;
  for (let dispatch = 1; dispatch <= dispatches; dispatch++) {
    const until = clock.now() + patienceMs;
    const metadata: CallBrief = { ...brief, expiresAt: new Date(until).toISOString() };
    const dispatchId = await rooms.dispatchAgent(roomName, agentName, JSON.stringify(metadata));
    while (clock.now() < until) {
      if (signal?.aborted) break;
      const found = await look(rooms, summons);
      if (found?.ready) return found;
      if (found) {
        await rooms.withdrawAgent(roomName, dispatchId);
        return found;
      }
      await pause(clock, lookEveryMs, signal);
    }
    await rooms.withdrawAgent(roomName, dispatchId);
    if (signal?.aborted) return { ready: false, reason: "cancelled" };
  }
  return { ready: false, reason: "did-not-come" };
}
