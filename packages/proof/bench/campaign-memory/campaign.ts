import type { PhoneNumber } from "@clinic/sip-voice";

/** The campaign of the bench. */
export const campaignId = "memory";
/** The clinic that calls. */
export const clinicId = "riverside";
/** The invented number of a contact. */
export const numberOf = (ordinal: number): PhoneNumber => `+1510${2_340_000 + ordinal}` as PhoneNumber;
/** The appointment of a contact. */
export const appointmentIdOf = (ordinal: number): string => `appointment-${ordinal}`;
/** Whose appointment that is. */
export const ordinalOf = (appointmentId: string): number => Number(appointmentId.split("-")[1]);
