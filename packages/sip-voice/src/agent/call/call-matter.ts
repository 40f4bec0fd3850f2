import type { RemoteParticipant } from "@livekit/rtc-node";
import type { CallBrief } from "../../call/brief.ts";
import type { UnreadyReason } from "../../call/readiness.ts";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log/logger.ts";
import type { PhoneNumber } from "../../phone/phone-number.ts";
import { detectSipParticipant } from "../../sip/detect-sip-participant.ts";
import type { ClinicBackend } from "../clinic-backend.ts";
import type { ClinicProfile } from "../clinic-profile.ts";
import type { AppointmentDesk } from "../desk/appointment-desk.ts";
import { CallIdentity, type ClinicIdentity, type IdentityEvents } from "../desk/identity.ts";
import { withinStoreDeadline } from "../desk/store-deadline.ts";
import type { CallKnowledge } from "../model/instructions.ts";
import { missedAppointment } from "./missed-call.ts";

/** What a {@link CallMatter} needs. */
export interface CallMatterOptions {
  readonly desk: AppointmentDesk;
  readonly call: IdentityEvents;
  readonly backend: Pick<ClinicBackend, "ledger" | "callLog">;
  readonly clinic: Pick<ClinicProfile, "clinicId" | "timeZone">;
  readonly settings: ClinicIdentity;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a call is about, and whether whoever is on the line may hear of it. */
export class CallMatter {
  /** Who is on the line. */
  readonly identity: CallIdentity;
  readonly #options: CallMatterOptions;
  #missed: string | undefined;

  /** Makes the matter of one call. */
  constructor(options: CallMatterOptions) {
    const { settings, desk, call, clock, clinic } = options;
    this.#options = options;
    this.identity = new CallIdentity({ settings, desk, call, clock, clinic });
  }

  /** What may be told to the model now. */
  get known(): CallKnowledge {
    const { desk, call } = this.#options;
    return {
      identity: call.state.identity,
      appointment: desk.appointment,
      appointments: desk.appointmentsOfPatient.length,
      choices: call.state.identity === "proven" && desk.appointment ? [] : this.identity.choices,
      takesCodes: this.identity.takesCodes,
      missed: this.#missed !== undefined,
    };
  }

  /** Finds what whoever came in calls about: by the number, or on the web by the appointment that the server granted them. */
  async ofParty(
    party: RemoteParticipant,
    grantedAppointment: () => Promise<string | undefined>,
  ): Promise<"found" | UnreadyReason> {
    const { desk, clinic } = this.#options;
    const sip = detectSipParticipant(party);
    if (!sip.isSip) {
      const appointmentId = await grantedAppointment();
      if (!appointmentId || !(await desk.findById(appointmentId, clinic.clinicId))) {
        return "appointment-not-found";
      }
      this.identity.beginWithToken();
      return "found";
    }
    if (!sip.phoneNumber) {
      this.identity.beginHidden();
      return "appointment-not-found";
    }
    const missed = this.#missedBy(sip.phoneNumber);
    if ((await desk.findByPhone(sip.phoneNumber, clinic.clinicId)).length === 0)
      return "appointment-not-found";
    const appointmentId = await missed;
    if (appointmentId !== undefined && desk.patientOf(appointmentId)) this.#missed = appointmentId;
    await this.identity.beginWithNumber(sip.phoneNumber, this.#missed);
    return "found";
  }

  /** Finds what a call of ours is about. */
  async ofBrief(brief: CallBrief): Promise<"found" | UnreadyReason> {
    const { desk, clinic } = this.#options;
    if (brief.clinicId !== clinic.clinicId) return "appointment-not-found";
    const appointment = await desk.findById(brief.appointmentId, clinic.clinicId).catch((error: unknown) => {
      // The details in the brief are enough to talk; a change still needs the store.
      if (!brief.appointment) throw error;
      return desk.take(brief.appointment);
    });
    if (!appointment) return "appointment-not-found";
    await this.identity.beginWithNumber(undefined);
    return "found";
  }

  /** What a number missed. Not knowing it is no reason to keep a caller waiting. */
  async #missedBy(phoneNumber: PhoneNumber): Promise<string | undefined> {
    const { backend, clinic, clock, logger } = this.#options;
    const { ledger, callLog } = backend;
    const found = missedAppointment(phoneNumber, {
      ledger,
      callLog,
      clinicId: clinic.clinicId,
      now: clock.now(),
    });
    try {
      return await withinStoreDeadline(clock, found);
    } catch (error) {
      logger.warn({ error }, "it could not be looked up whether a call was missed");
      return undefined;
    }
  }
}
