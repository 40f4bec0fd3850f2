/** The names of the clinic agent's tools, for agents that call them something else. */
export interface ClinicToolNames {
  /** Takes `{ from?, to? }` (dates), answers `{ slots: [{ slotId, start, spoken }] }`. */
  findOpenSlots: string;
  /** Takes `{ slotId }`, answers `{ ok, proposal, spoken }`; an agent without it moves at once. */
  proposeSlot: string;
  /** Takes `{ proposal }`, or `{ slotId }` of an agent without `proposeSlot`; answers `{ ok, spoken }`. */
  reschedule: string;
  /** Takes nothing, may answer `{ spoken }`; so do the others. */
  confirmAppointment: string;
  cancelAppointment: string;
  transferToOperator: string;
  endCall: string;
  /** Takes nothing; answers `{ ok }`. */
  requestCallBack: string;
  optOut: string;
  wrongNumber: string;
  patientNotHere: string;
  /** Takes `{ walkIn }`. */
  preferWalkIn: string;
  /** Takes `{ channel, hoursBefore? }`. */
  preferReminder: string;
  /** Takes `{ dateOfBirth }`; answers `{ ok, patientName? }`, as the next two do. */
  verifyDateOfBirth: string;
  /** Takes `{ confirmationCode, dateOfBirth }`. */
  verifyConfirmationCode: string;
  /** Takes `{ patient }`, the number of a choice. */
  choosePatient: string;
  /** Takes `{ appointment? }`. */
  chooseAppointment: string;
  /** Takes `{ language }`. */
  speakLanguage: string;
}

/** The clinic agent's own names. */
export const clinicToolNames: ClinicToolNames = {
  findOpenSlots: "findOpenSlots",
  proposeSlot: "proposeSlot",
  reschedule: "reschedule",
  confirmAppointment: "confirmAppointment",
  cancelAppointment: "cancelAppointment",
  transferToOperator: "transferToOperator",
  endCall: "endCall",
  requestCallBack: "requestCallBack",
  optOut: "optOut",
  wrongNumber: "wrongNumber",
  patientNotHere: "patientNotHere",
  preferWalkIn: "preferWalkIn",
  preferReminder: "preferReminder",
  verifyDateOfBirth: "verifyDateOfBirth",
  verifyConfirmationCode: "verifyConfirmationCode",
  choosePatient: "choosePatient",
  chooseAppointment: "chooseAppointment",
  speakLanguage: "speakLanguage",
};
