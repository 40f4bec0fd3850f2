import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SipVoiceError } from "../errors.ts";
import { busyNumber, clinicSeed, familyNumber } from "../testing/clinic-seed.ts";
import { testAppointmentStore } from "../testing/index.ts";
import { fhirAppointmentStore } from "./appointment-store.ts";
import { clinicResources, seedClinics, seedCodes } from "./test-server/clinic-resources.ts";
import { type MedplumServer, startMedplumServer } from "./test-server/medplum-server.ts";
import { otherHabits } from "./test-server/other-habits.ts";
import { type FhirProxy, fhirAnswer, type Meddling, outcome, startFhirProxy } from "./test-server/proxy.ts";

const from = "2026-11-23T10:00:00-08:00";
const write = (version: string, callId = "call-1") => ({ version, callId });

let server: MedplumServer;
let proxy: FhirProxy;

async function start(): Promise<void> {
  server = await startMedplumServer();
  for (const resource of clinicResources(clinicSeed())) await server.put(resource);
  proxy = await startFhirProxy(server.baseUrl);
}

async function stop(): Promise<void> {
  await proxy.close();
  await server.close();
}

const open = (deadlineMs = 60_000) =>
  fhirAppointmentStore({
    baseUrl: proxy.baseUrl,
    clinics: seedClinics,
    confirmationCodeSystem: seedCodes,
    deadlineMs,
  });

testAppointmentStore("FHIR, on a server with other habits", async () => {
  await start();
  proxy.meddle(otherHabits(proxy.baseUrl));
  return { port: open(), another: open, dispose: stop };
});

async function unavailable(step: () => Promise<unknown>, words: RegExp): Promise<SipVoiceError> {
  const error = await step().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!SipVoiceError.is(error)) throw new Error("Nothing of ours was thrown.", { cause: error });
  expect(error.code).toBe("store-unavailable");
  expect(error.message).toMatch(words);
  return error;
}

describe("a server that", () => {
  beforeEach(start);
  afterEach(stop);

  /** Answers so the first few times that a request fits. */
  function firstTimes(times: number, method: string, path: RegExp, how: Meddling): () => number {
    let seen = 0;
    proxy.meddle((request, pass) => {
      if (request.method !== method || !path.test(request.path)) return undefined;
      seen += 1;
      return seen <= times ? how(request, pass) : undefined;
    });
    return () => seen;
  }

  const busy = fhirAnswer(429, outcome("error"), { "retry-after": "0" });
  const find = () => open().findUpcoming(familyNumber, { clinicId: "main", from });

  it("is asked too often is asked again when it says so, also to write", async () => {
    const reads = firstTimes(2, "GET", /^Patient\?/, () => busy);
    expect(await find()).toHaveLength(2);
    expect(reads()).toBe(3);
    const { version } = await server
      .get("Appointment", "lee")
      .then(({ meta }) => ({ version: meta?.versionId ?? "" }));
    const writes = firstTimes(1, "PUT", /^Appointment/, () => busy);
    expect(await open().confirm("lee", write(version))).toMatchObject({ ok: true });
    expect(writes()).toBe(2);
  });

  it("is asked too often for longer than there is time is given up at once", async () => {
    const later = fhirAnswer(429, outcome("error"), { "retry-after": "3600" });
    const reads = firstTimes(9, "GET", /^Patient\?/, () => later);
    await unavailable(find, /asked too often \(HTTP 429\)/);
    expect(reads()).toBe(1);
  });

  it("fails for a moment is asked again to read, a few times", async () => {
    const reads = firstTimes(2, "GET", /^Appointment\?/, () => fhirAnswer(503, outcome("fatal")));
    expect(await find()).toHaveLength(2);
    expect(reads()).toBe(3);
    const cuts = firstTimes(1, "GET", /^Patient\?/, () => "cut");
    expect(await find()).toHaveLength(2);
    expect(cuts()).toBe(2);
    const forever = firstTimes(99, "GET", /^Patient\?/, () => fhirAnswer(500, outcome("fatal")));
    await unavailable(find, /failed \(HTTP 500\)/);
    expect(forever()).toBe(4);
  });

  it("fails in a write is not asked again: the caller decides, and the change is made once", async () => {
    const store = open();
    const { version } = (await store.get("lee")) ?? { version: "" };
    const writes = firstTimes(1, "PUT", /^Appointment/, async (_request, pass) => {
      await pass();
      return fhirAnswer(500, outcome("fatal"));
    });
    await unavailable(() => store.confirm("lee", write(version)), /may have been kept/);
    expect(writes()).toBe(1);
    const again = await store.confirm("lee", write(version));
    expect(again).toMatchObject({ ok: true, appointment: { status: "confirmed" } });
    expect(writes()).toBe(1);
    expect(again.appointment).toEqual(await open().get("lee"));
  });

  it.each<[string, Meddling, RegExp]>([
    [
      "sends a web page",
      () => ({ status: 200, headers: { "content-type": "text/html" }, body: "<p>Log in</p>" }),
      /web page/,
    ],
    [
      "sends half an answer",
      async (_request, pass) => {
        const answer = await pass();
        return { ...answer, body: answer.body.slice(0, answer.body.length / 2) };
      },
      /half an answer/,
    ],
    [
      "sends half a bundle",
      async (_request, pass) => {
        const answer = await pass();
        return fhirAnswer(200, { ...JSON.parse(answer.body), entry: [] });
      },
      /less than it has found/,
    ],
    ["sends something else", () => fhirAnswer(200, { resourceType: "Basic" }), /not a FHIR R4 Bundle/],
    [
      "could not finish its search",
      () =>
        fhirAnswer(200, {
          resourceType: "Bundle",
          type: "searchset",
          entry: [{ resource: outcome("error"), search: { mode: "outcome" } }],
        }),
      /could not finish/,
    ],
    [
      "names another server for the next page",
      () =>
        fhirAnswer(200, {
          resourceType: "Bundle",
          type: "searchset",
          link: [{ relation: "next", url: "https://elsewhere.example/fhir?page=2" }],
        }),
      /another server/,
    ],
    [
      "sends page after page",
      () =>
        fhirAnswer(200, {
          resourceType: "Bundle",
          type: "searchset",
          link: [{ relation: "next", url: "Patient?page=again" }],
        }),
      /page after page/,
    ],
    [
      "sends somewhere else",
      () => ({ status: 302, headers: { location: "https://elsewhere.example/" }, body: "" }),
      /can't be reached/,
    ],
    ["refuses the credentials", () => fhirAnswer(403, outcome("error")), /credentials \(HTTP 403\)/],
    [
      "does not understand",
      () => fhirAnswer(400, outcome("error")),
      /did not understand a request \(HTTP 400\)/,
    ],
  ])("%s is unavailable, and nobody is taken for a stranger", async (_name, how, words) => {
    firstTimes(999, "GET", /^Patient/, how);
    const error = await unavailable(find, words);
    expect(error.message).not.toMatch(/of the server's own|Log in|0111/);
  });

  it("has a page missing is unavailable, not shorter", async () => {
    proxy.meddle(otherHabits(proxy.baseUrl));
    const store = open();
    expect(await store.findUpcoming(busyNumber, { clinicId: "main", from, limit: 12 })).toHaveLength(12);
    const habits = otherHabits(proxy.baseUrl);
    let pages = 0;
    proxy.meddle((request, pass) =>
      request.path.includes("_getpages") && ++pages === 2
        ? fhirAnswer(410, outcome("error"))
        : habits(request, pass),
    );
    await unavailable(
      () => store.findUpcoming(busyNumber, { clinicId: "main", from, limit: 12 }),
      /HTTP 410/,
    );
  });

  it("does not answer is given up at the deadline", async () => {
    firstTimes(99, "GET", /^Patient\?/, () => new Promise<undefined>(() => {}));
    await unavailable(() => open(200).findUpcoming(familyNumber, { clinicId: "main", from }), /in time/);
  });

  it("is not there is unavailable", async () => {
    const store = fhirAppointmentStore({
      baseUrl: "http://127.0.0.1:9/fhir",
      clinics: seedClinics,
      deadlineMs: 500,
    });
    await unavailable(() => store.get("lee"), /can't be reached|in time/);
  });

  it("keeps no versions is not written to", async () => {
    proxy.meddle(async ({ method }, pass) => {
      if (method !== "GET") return undefined;
      const answer = await pass();
      const { meta: _none, ...bare } = JSON.parse(answer.body);
      return fhirAnswer(answer.status, bare);
    });
    const lee = await open().get("lee");
    expect(lee?.version).toBe("");
    await unavailable(() => open().confirm("lee", write("")), /no version/);
  });

  it("gives its versions as entity tags only can be written to", async () => {
    proxy.meddle(async (_request, pass) => {
      const answer = await pass();
      const { meta: _none, ...bare } = JSON.parse(answer.body);
      return { ...answer, body: JSON.stringify(bare) };
    });
    const { version = "" } = (await open().get("lee")) ?? {};
    const confirmed = await open().confirm("lee", write(version));
    expect(confirmed).toMatchObject({ ok: true, appointment: { status: "confirmed" } });
    expect(await open().confirm("lee", write(version, "call-2"))).toMatchObject({
      conflict: "VersionConflict",
    });
  });

  it("sends one resource that is not what it should be: the others are found", async () => {
    await server.put({ resourceType: "Patient", id: "odd", telecom: "none", active: "yes" } as never);
    proxy.meddle(async ({ path }, pass) => {
      if (!path.startsWith("Patient?")) return undefined;
      const answer = await pass();
      const bundle = JSON.parse(answer.body);
      const odd = { resource: { resourceType: "Patient", id: "odd", telecom: "none" } };
      return fhirAnswer(200, { ...bundle, entry: [odd, ...bundle.entry] });
    });
    expect(await find()).toHaveLength(2);
  });
});
