import { SipVoiceError } from "../errors.ts";

const readAgain = "Read the state again before going on: the last step may have been kept.";

/** The error for a FHIR server that can't be used; `what` completes "The FHIR server ...". */
export function unavailable(what: string, remedy: string, cause?: unknown): SipVoiceError {
  return new SipVoiceError("store-unavailable", `The FHIR server ${what}.`, { remedy, cause });
}

/** The error for an answer that is not what FHIR says; `what` completes "The FHIR server ...". */
export function notFhir(what: string, cause?: unknown): SipVoiceError {
  return unavailable(
    what,
    "Check that baseUrl is the address of a FHIR R4 server, with nothing in between that answers in its place.",
    cause,
  );
}

/** The error for an operation whose time is over. */
export function tooSlow(cause?: unknown): SipVoiceError {
  return unavailable("did not answer in time", `${readAgain} A longer deadlineMs may help.`, cause);
}

/** The error for a server that can't be reached, or whose answer was cut short. */
export function lost(cause: unknown): SipVoiceError {
  return unavailable(
    "can't be reached, or the connection was lost in the middle",
    `Check that it runs and can be reached. ${readAgain}`,
    cause,
  );
}

/** The error for a refusal by its HTTP status. The server's own words may hold a patient's data and are left out. */
export function refused(status: number): SipVoiceError {
  if (status === 401 || status === 403) {
    return unavailable(
      `refused the credentials (HTTP ${status})`,
      "Check the client's id, its secret or key, and its scopes for Patient, Appointment, Slot, Schedule and Task.",
    );
  }
  if (status === 429) {
    return unavailable(
      "is asked too often (HTTP 429)",
      "Ask for a higher limit, or call fewer patients at a time.",
    );
  }
  if (status === 400 || status === 422) {
    return unavailable(
      `did not understand a request (HTTP ${status})`,
      "Compare its CapabilityStatement with what docs/guides/fhir.md asks for.",
    );
  }
  return unavailable(`failed (HTTP ${status})`, readAgain);
}
