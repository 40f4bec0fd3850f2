import type { Patient } from "../../appointments/appointment.ts";
import type { ChoiceVia, IdentityProof } from "../../call/event.ts";
import type { CallState } from "../../call/state.ts";
import type { Clock } from "../../clock.ts";
import { type KeyedDateOrder, parseKeyedDate } from "../../dtmf/keyed-date.ts";
import type { PhoneNumber } from "../../phone/phone-number.ts";
import type { ClinicProfile } from "../clinic-profile.ts";
import type { AppointmentDesk } from "./appointment-desk.ts";

/** What a clinic's own identity check is told. It is asked once for each patient whom the call may be about. */
export interface IdentityClaim {
  /** Somebody whom the caller may be. */
  readonly patient: Patient;
  /** The caller's number, where it is shown. A number can be forged. */
  readonly phoneNumber: PhoneNumber | undefined;
  /** The date of birth that the caller said or keyed in, `YYYY-MM-DD`; `undefined` when the call has just begun. */
  readonly dateOfBirth: string | undefined;
}

/** How the other party shows that they are the patient, before anything is told or changed. */
export interface ClinicIdentity {
  /**
   * What is proof enough.
   *
   * - `callerId` (unless given): the number that the clinic has of the patient. Where several patients share it, the caller says
   *   who they are.
   * - `dateOfBirth`: the patient's date of birth, said or keyed in, three tries a call.
   * - a function of your own: resolves `true` when the caller is that patient. What it throws counts as `false`.
   */
  readonly check?: "callerId" | "dateOfBirth" | ((claim: IdentityClaim) => Promise<boolean>);
  /** The order in which patients key a date in; `MMDDYYYY` unless given. */
  readonly dateOrder?: KeyedDateOrder;
  /**
   * Whether a caller whose number is hidden may give the confirmation code of an appointment together with the patient's date
   * of birth; `false` unless given, since the clinic must have given such codes.
   */
  readonly confirmationCodes?: boolean;
}

/** What {@link CallIdentity} tells of: the call's own state counts and decides. */
export interface IdentityEvents {
  readonly state: CallState;
  identityAsked(): void;
  identityProven(by: IdentityProof, via?: ChoiceVia): void;
  identityRefused(via: ChoiceVia): void;
  appointmentFound(appointmentId: string): void;
}

/** What a {@link CallIdentity} needs. */
export interface CallIdentityOptions {
  readonly settings: ClinicIdentity;
  readonly desk: AppointmentDesk;
  readonly call: IdentityEvents;
  readonly clock: Clock;
  readonly clinic: Pick<ClinicProfile, "clinicId" | "timeZone">;
}

/** What came of a proof. */
export type IdentityResult =
  /** The caller is the patient. */
  | "proven"
  /** It fits several patients, as with twins: the caller says who they are. */
  | "choose"
  /** It is wrong; another try is left. */
  | "wrong"
  /** It was tried too often. */
  | "refused"
  /** It is no date, and did not count. */
  | "unreadable";

/** A patient whom the caller may say that they are. The number means something in this call only. */
export interface PatientChoice {
  readonly number: number;
  readonly firstName: string;
}

/** Wrong proofs after which no more are taken, also for other patients than the one who was proven. */
const mostWrong = 3;
const isoDate = /^\d{4}-\d{2}-\d{2}$/;

/** Compares without stopping at the first difference, so that how long it takes tells nothing. */
function same(given: string, known: string): boolean {
  let differences = given.length ^ known.length;
  for (let index = 0; index < known.length; index++) {
    differences |= given.charCodeAt(index) ^ known.charCodeAt(index);
  }
  return differences === 0;
}

/** Finds out who is on the line. It knows the candidates; the model and the caller learn of them only what was proven. */
export class CallIdentity {
  readonly #options: CallIdentityOptions;
  #choices: readonly Patient[] = [];
  #choiceProof: IdentityProof = "phone-number";
  #phoneNumber: PhoneNumber | undefined;
  #matter: string | undefined;
  #wrong = 0;
  #takesCodes = false;

  /** Makes the identity check of one call. */
  constructor(options: CallIdentityOptions) {
    this.#options = options;
  }

  /** Whether the caller may say who they are: the number, or what they proved, fits several patients. */
  get choices(): readonly PatientChoice[] {
    return this.#choices.map(({ name }, index) => ({
      number: index + 1,
      firstName: name.split(/\s+/)[0] ?? name,
    }));
  }

  /** Whether this caller may prove who they are with a confirmation code. */
  get takesCodes(): boolean {
    return this.#takesCodes && this.#options.call.state.identity !== "proven";
  }

  /** Begins with a caller whose number is hidden: nothing is looked up. */
  beginHidden(): void {
    this.#takesCodes = this.#options.settings.confirmationCodes === true;
  }

  /**
   * Begins with what is known without asking: the other party's number, and the appointment that the clinic called it about
   * a while ago, which whoever calls back goes on with.
   */
  async beginWithNumber(phoneNumber: PhoneNumber | undefined, missedAppointmentId?: string): Promise<void> {
    const { settings, desk } = this.#options;
    this.#phoneNumber = phoneNumber;
    this.#matter = missedAppointmentId;
    const { check = "callerId" } = settings;
    const missed = missedAppointmentId === undefined ? undefined : desk.patientOf(missedAppointmentId);
    if (desk.patients.length === 0) return;
    if (check === "callerId") this.#settle(missed ? [missed] : desk.patients, "phone-number", undefined);
    else if (check === "dateOfBirth") this.#options.call.identityAsked();
    else this.#settle(await this.#accepted(undefined), "clinic", undefined);
  }

  /** The server vouches for the other party, as on the web, for the one appointment that was found. */
  beginWithToken(): void {
    this.#settle(this.#options.desk.patients, "token", undefined);
  }

  /** The caller gave a date of birth, `YYYY-MM-DD`. */
  async giveDateOfBirth(date: string, via: ChoiceVia): Promise<IdentityResult> {
    const { call, settings } = this.#options;
    if (call.state.identity === "refused" || this.#wrong >= mostWrong) return "refused";
    if (!isoDate.test(date)) return "unreadable";
    const isOwn = typeof settings.check === "function";
    const fits = isOwn ? await this.#accepted(date) : this.#bornOn(date);
    if (fits.length > 0) return this.#settle(fits, isOwn ? "clinic" : "date-of-birth", via);
    return this.#refuse(via);
  }

  /** A caller without a number gave a confirmation code, and a date of birth with it. A store that fails throws. */
  async giveCode(code: string, date: string, via: ChoiceVia): Promise<IdentityResult> {
    const { call, desk, clinic } = this.#options;
    const digits = code.replace(/[\s.-]/g, "");
    if (!this.#takesCodes || call.state.identity === "refused" || this.#wrong >= mostWrong) return "refused";
    if (!/^\d{4,20}$/.test(digits) || !isoDate.test(date)) return "unreadable";
    const found = await desk.findByIdentity(clinic.clinicId, digits, date);
    return found.length > 0 ? this.#settle(desk.patients, "date-of-birth", via) : this.#refuse(via);
  }

  /** The caller keyed in a date of birth; `undefined` when it is wrong, which whoever asks has yet to tell the call. */
  async checkKeyed(digits: string): Promise<IdentityProof | undefined> {
    const { call, settings, clock, clinic } = this.#options;
    const { check, dateOrder = "MMDDYYYY" } = settings;
    if (call.state.identity === "refused" || this.#wrong >= mostWrong) return undefined;
    const date = parseKeyedDate(digits, dateOrder, { now: clock.now(), timeZone: clinic.timeZone });
    const isOwn = typeof check === "function";
    const fits = date === undefined ? [] : isOwn ? await this.#accepted(date) : this.#bornOn(date);
    if (fits.length === 0) this.#wrong += 1;
    else this.#choose(fits, isOwn ? "clinic" : "date-of-birth");
    return fits.length === 0 ? undefined : this.#choiceProof;
  }

  /** The caller said which of {@link choices} they are; `false` for a number that is none of them. */
  choosePatient(number: number): boolean {
    const { call } = this.#options;
    const patient = this.#choices[number - 1];
    if (!patient || call.state.identity === "refused" || !this.#makeCallsOwn(patient)) return false;
    call.identityProven(this.#choiceProof, "voice");
    return true;
  }

  /** Whoever is on the line is not the patient: the number proves nothing any more. */
  patientIsAbsent(): void {
    this.#choices = [];
  }

  #refuse(via: ChoiceVia): IdentityResult {
    this.#wrong += 1;
    this.#options.call.identityRefused(via);
    return this.#wrong >= mostWrong ? "refused" : "wrong";
  }

  /** The patients, and what they are known by now. */
  #settle(fits: readonly Patient[], by: IdentityProof, via: ChoiceVia | undefined): IdentityResult {
    const { call } = this.#options;
    this.#choose(fits, by);
    if (fits.length === 1 || (fits.length > 1 && via !== undefined)) call.identityProven(by, via);
    else call.identityAsked();
    return fits.length === 1 ? "proven" : "choose";
  }

  #choose(fits: readonly Patient[], by: IdentityProof): void {
    this.#choiceProof = by;
    this.#choices = fits.length > 1 ? fits : [];
    const [only] = fits;
    if (only && fits.length === 1) this.#makeCallsOwn(only);
  }

  #makeCallsOwn(patient: Patient): boolean {
    const { desk } = this.#options;
    const appointmentId = (this.#matter && desk.choose(patient.id, this.#matter)) || desk.choose(patient.id);
    if (appointmentId !== undefined) this.#options.call.appointmentFound(appointmentId);
    return appointmentId !== undefined;
  }

  #bornOn(date: string): readonly Patient[] {
    return this.#options.desk.patients.filter(
      ({ dateOfBirth }) => dateOfBirth !== undefined && same(date, dateOfBirth),
    );
  }

  async #accepted(dateOfBirth: string | undefined): Promise<readonly Patient[]> {
    const { check } = this.#options.settings;
    if (typeof check !== "function") return [];
    const claims = this.#options.desk.patients.map(async (patient) => {
      const isPatient = await check({ patient, phoneNumber: this.#phoneNumber, dateOfBirth }).catch(
        () => false,
      );
      return isPatient === true ? [patient] : [];
    });
    return (await Promise.all(claims)).flat();
  }
}
