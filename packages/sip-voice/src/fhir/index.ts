/**
 * The appointments of a clinic that has a FHIR R4 server, with OAuth 2.0 client credentials or SMART Backend Services. Nothing
 * to install.
 *
 * @module @clinic/sip-voice/fhir
 */
export type { AccessTokens } from "./access-token.ts";
export { type FhirStoreOptions, fhirAppointmentStore } from "./appointment-store.ts";
export type { FhirClientOptions } from "./fhir-client.ts";
export type { FhirClinic, FhirPlace } from "./fhir-clinics.ts";
export type { PrivateKey } from "./signing-key.ts";
export {
  type ClientCredentialsOptions,
  clientCredentials,
  type SmartBackendOptions,
  smartBackendServices,
  type TokenGrantOptions,
} from "./token-grant.ts";
