import { pause } from "../clock.ts";
import type { PlannedCall } from "../outbound/planned-call.ts";
import { appointmentOfAttempt, callableAppointment } from "./callable-appointment.ts";
import { makeCampaignCall } from "./campaign-call.ts";
import type { CampaignEvent } from "./campaign-event.ts";
import type { CampaignLines } from "./campaign-lines.ts";
import type { CampaignPorts } from "./campaign-ports.ts";
import type { TryStart } from "./campaign-store.ts";
import { attemptIdOfTry, type CampaignTry } from "./campaign-try.ts";
import { claimKeptEveryMs, type QueueClaim } from "./queue.ts";
import type { StorePatience } from "./store-patience.ts";
import { type TryEvent, tryEndOf } from "./try-end.ts";

type Begun = TryStart & { readonly kind: "begun" };

/** Carries tries out, from the claim to its completion. */
export class TryWork {
  readonly #ports: CampaignPorts;
  readonly #plan: Omit<PlannedCall, "phoneNumber" | "appointment" | "consent" | "attemptId" | "callId">;
  readonly #patience: StorePatience;
  readonly #onEvent: (event: CampaignEvent) => void;

  constructor(
    ports: CampaignPorts,
    plan: Omit<PlannedCall, "phoneNumber" | "appointment" | "consent" | "attemptId" | "callId">,
    patience: StorePatience,
    onEvent: (event: CampaignEvent) => void,
  ) {
    this.#ports = ports;
    this.#plan = plan;
    this.#patience = patience;
    this.#onEvent = onEvent;
  }

  /**
   * Makes the call of a try and writes down what became of it: first the try's end, then the next try, at last the claim. Whoever comes
   * after a crash between two of them finds the try ended and does the rest.
   */
  async carryOut(claim: QueueClaim, wanted: CampaignTry, start: Begun, lines: CampaignLines): Promise<void> {
    const { campaigns, queue, clock } = this.#ports;
    const { attemptId } = claim;
    const { contact, campaign, isAgain } = start;
    const over = new AbortController();
    const kept = this.#keep(claim, over.signal);
    try {
      this.#onEvent({ type: "try-began", try: wanted, attemptId, contact, isAgain });
      const event = await this.#call(wanted, start);
      const end = lines.ended(attemptId, tryEndOf(event, campaign.retries, start, clock.now()));
      await this.#patience.ask(() => campaigns.endTry(wanted, end));
      this.#onEvent({ type: "try-ended", try: wanted, contact, end });
      const { next } = end;
      if ("notBefore" in next) {
        const nextTry = attemptIdOfTry({ ...wanted, tryNumber: wanted.tryNumber + 1 });
        const { priority = 0 } = contact;
        const { notBefore } = next;
        await this.#patience.ask(() => queue.enqueue([{ attemptId: nextTry, priority, notBefore }]));
      }
      await this.#patience.ask(() => queue.complete(claim));
    } finally {
      over.abort();
      await kept;
    }
  }

  async #call(wanted: CampaignTry, { contact, rungTries, isAgain }: Begun): Promise<TryEvent> {
    const { appointments, ledger, clock } = this.#ports;
    const attemptId = attemptIdOfTry(wanted);
    const known = isAgain ? await this.#patience.ask(() => ledger.get(attemptId)) : undefined;
    const callable = await this.#patience.ask(async () => {
      // What a patient decided on the call of this very try must not hide that call.
      const wasMade = known && known.state !== "reserved";
      const made = wasMade && (await appointmentOfAttempt(contact, appointments, known.appointmentId));
      if (made) return { appointment: made };
      return await callableAppointment(contact, appointments, rungTries > 0, clock.now());
    });
    if ("reason" in callable) return { kind: "skipped", reason: callable.reason };
    const details = contact.appointments.some((one) => one.details !== undefined);
    return await makeCampaignCall(this.#ports, {
      plan: {
        ...this.#plan,
        briefDetails: this.#plan.briefDetails || details,
        phoneNumber: contact.phoneNumber,
        appointment: callable.appointment,
        consent: contact.consent,
        attemptId,
        callId: crypto.randomUUID(),
      },
      patience: this.#patience,
      onAnswer: (callId) => this.#onEvent({ type: "answered", try: wanted, callId }),
    });
  }

  /** Says that the claim is worked on. A queue that is gone for a while may hand it out again: the ledger knows the attempt. */
  async #keep(claim: QueueClaim, over: AbortSignal): Promise<void> {
    const { queue, clock, logger } = this.#ports;
    const { attemptId } = claim;
    for (;;) {
      await pause(clock, claimKeptEveryMs, over);
      if (over.aborted) return;
      try {
        if (await queue.keep(claim)) continue;
        logger.warn({ attemptId }, "another process works on this attempt too");
        return;
      } catch (error) {
        logger.debug({ attemptId, error }, "a claim could not be kept");
      }
    }
  }
}
