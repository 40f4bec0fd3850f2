import { defaultAgentName } from "../call/agent-name.ts";
import { SipVoiceError } from "../errors.ts";
import { redactedLogger } from "../log/redactor.ts";
import type { OutboundTrunk, PlannedCall } from "../outbound/planned-call.ts";
import { reconcileAttempts } from "../outbound/reconcile.ts";
import type { CallingPolicy } from "../policy/calling-policy.ts";
import { checkCallingPolicy } from "../policy/policy-check.ts";
import type { CampaignEvent } from "./campaign-event.ts";
import type { CampaignPorts } from "./campaign-ports.ts";
import type { CampaignRun } from "./campaign-run.ts";
import { CampaignRunner } from "./campaign-runner.ts";
import { type BreakerRule, defaultBreakerRule } from "./circuit-breaker.ts";
import { noSuchCampaign } from "./memory-campaign-store.ts";

/** How {@link runCampaign} calls. */
export interface CampaignRunOptions {
  /** The campaign; it has to be `running`, or `paused` to wait until it is resumed. */
  readonly campaignId: string;
  /** The rules. */
  readonly policy: CallingPolicy;
  /** The name that the agent's worker registered with; {@link defaultAgentName} unless given. */
  readonly agentName?: string;
  /** Send the appointment's details with the dispatch, for an agent that can't reach the store. */
  readonly briefDetails?: boolean;
  /** How long to let it ring, in whole seconds; 30 unless given. */
  readonly ringingTimeoutSeconds?: number;
  /** After how many whole seconds a call is ended; 300 unless given. */
  readonly callLimitSeconds?: number;
  /** How long one dispatch of the agent is waited for, in milliseconds; 10,000 unless given. */
  readonly agentPatienceMs?: number;
  /** How many dispatches are tried; 2 unless given. */
  readonly agentDispatches?: number;
  /** The trunk whose lines are counted in the ledger, over all processes and clinics. Without one the carrier says when it is full. */
  readonly trunk?: OutboundTrunk;
  /** When it stops calling by itself; {@link defaultBreakerRule} unless given. */
  readonly breaker?: BreakerRule;
  /** How long a database that is gone is waited for, in milliseconds, before the run ends with an error; 10 minutes unless given. */
  readonly storePatienceMs?: number;
  /** Ends the run when nobody may be called for longer than this, in milliseconds; it waits however long unless given. */
  readonly mostWaitMs?: number;
  /** Begins no more calls, finishes those in flight, and leaves the rest for the next run. */
  readonly stop?: AbortSignal;
  /** Ends the calls in flight too. */
  readonly hangUp?: AbortSignal;
  /** Told of what happens. It must not throw. */
  readonly onEvent?: (event: CampaignEvent) => void;
}

/**
 * Works a campaign off: claims its attempts from the queue, and makes each call through policy and ledger, at the campaign's pace. Any
 * number of processes may run one campaign; whoever falls silent is replaced by the others, and no attempt is dialled twice. What patients
 * do is a value in the report; a database that is gone is waited for.
 *
 * @throws SipVoiceError `invalid-option` when there is no such campaign, `store-unavailable` when the database stays away
 * @example
 * ```ts
 * import { type CampaignPorts, defaultCallingPolicy, runCampaign } from "@clinic/sip-voice";
 *
 * async function workOff(ports: CampaignPorts): Promise<void> {
 *   const stop = new AbortController();
 *   process.once("SIGTERM", () => stop.abort());
 *   const { reason, progress } = await runCampaign(ports, {
 *     campaignId: "recall-2026-11-24",
 *     policy: defaultCallingPolicy,
 *     stop: stop.signal,
 *   });
 *   console.log(reason, progress.outcomes);
 * }
 * ```
 */
export async function runCampaign(ports: CampaignPorts, options: CampaignRunOptions): Promise<CampaignRun> {
  checkCallingPolicy(options.policy);
  const seconds = options.ringingTimeoutSeconds ?? 30;
  // Shorter ringing is unlawful in the United States: 15 seconds or 4 rings (47 CFR 64.1200(a)(6)).
  if (!Number.isInteger(seconds) || seconds < 15 || seconds > 80) {
    const remedy = "Give whole seconds from 15 to 80.";
    const field = "ringingTimeoutSeconds";
    throw new SipVoiceError("invalid-option", "The ringing timeout is out of range.", { field, remedy });
  }
  const own: CampaignPorts = { ...ports, logger: redactedLogger(ports.logger) };
  const campaign = await own.campaigns.get(options.campaignId);
  if (!campaign) throw noSuchCampaign();
  await reconcileAttempts(own);
  const plan: Omit<PlannedCall, "phoneNumber" | "appointment" | "consent" | "attemptId" | "callId"> = {
    policy: options.policy,
    agentName: options.agentName ?? defaultAgentName,
    briefDetails: options.briefDetails ?? false,
    ringingTimeoutSeconds: seconds,
    callLimitSeconds: options.callLimitSeconds ?? 300,
    agentPatienceMs: options.agentPatienceMs ?? 10_000,
    agentDispatches: options.agentDispatches ?? 2,
    trunk: options.trunk,
    signal: options.hangUp,
  };
  const runner = new CampaignRunner(own, campaign, {
    ...options,
    plan,
    breaker: options.breaker ?? defaultBreakerRule,
    storePatienceMs: options.storePatienceMs ?? 10 * 60_000,
  });
  return await runner.run();
}
