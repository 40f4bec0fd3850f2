import { testAppointmentStore } from "../testing/index.ts";
import { fhirAppointmentStore } from "./appointment-store.ts";
import { clinicResources, seedClinics, seedCodes } from "./test-server/clinic-resources.ts";
import { startMedplumServer } from "./test-server/medplum-server.ts";

testAppointmentStore("FHIR, on Medplum's router", async (seed) => {
  const server = await startMedplumServer();
  for (const resource of clinicResources(seed)) await server.put(resource);
  const open = () =>
    fhirAppointmentStore({
      baseUrl: server.baseUrl,
      clinics: seedClinics,
      confirmationCodeSystem: seedCodes,
      deadlineMs: 60_000,
    });
  return { port: open(), another: open, dispose: () => server.close() };
});
