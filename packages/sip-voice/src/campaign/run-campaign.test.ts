import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Appointment } from "../appointments/appointment.ts";
import { memoryAppointmentStore } from "../appointments/memory-store.ts";
import { memoryCallLog } from "../call/call-log.ts";
import { initialCallState } from "../call/state.ts";
import { SipVoiceError } from "../errors.ts";
import { silentLogger } from "../log/logger.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { type CallingPolicy, defaultCallingPolicy } from "../policy/calling-policy.ts";
import { memoryContactPreferences } from "../policy/contact-preferences.ts";
import { dialFailure } from "../sip/dial-outcome.ts";
import { sqliteCampaignStore } from "../sqlite/campaign-store.ts";
import { openDatabase, type SqliteDatabase } from "../sqlite/database.ts";
import { sqliteLedger } from "../sqlite/ledger.ts";
import { sqliteQueue } from "../sqlite/queue.ts";
import { sampleAppointment } from "../testing/sample-appointment.ts";
import { type SimulatedClock, simulatedClock } from "../testing/simulated-clock.ts";
import { type SimulatedTelephony, simulatedTelephony } from "../testing/simulated-telephony.ts";
import type { CampaignEvent } from "./campaign-event.ts";
import type { CampaignPorts } from "./campaign-ports.ts";
import { type CampaignReportRow, campaignReport } from "./campaign-report.ts";
import type { CampaignRun } from "./campaign-run.ts";
import type { ContactRow } from "./campaign-store.ts";
import type { CampaignContact } from "./contact.ts";
import { type CampaignPace, defaultPace } from "./pace.ts";
import { prepareCampaign } from "./prepare-campaign.ts";
import { defaultRetryPlan, type RetryPlan } from "./retry-plan.ts";
import { type CampaignRunOptions, runCampaign } from "./run-campaign.ts";

const campaignId = "recall";
const policy: CallingPolicy = {
  ...defaultCallingPolicy,
  caps: { perNumberPerDay: 5, perNumberPerWeek: 9, perClinicPerDay: 500, concurrency: 10 },
};
const numberOf = (ordinal: number) => parsePhoneNumber(`+1510555${String(100 + ordinal).padStart(4, "0")}`);
const minuteMs = 60_000;

let clock: SimulatedClock;
let world: SimulatedTelephony;
let database: SqliteDatabase;
let appointments: Appointment[];
let events: CampaignEvent[];
let stop: AbortController;
let begin: number;

beforeEach(() => {
  clock = simulatedClock();
  begin = clock.now();
  world = simulatedTelephony(clock);
  database = openDatabase(":memory:", 1_000);
  appointments = [];
  events = [];
  stop = new AbortController();
});

afterEach(() => {
  database.close();
  expect(clock.pendingTimers).toBe(0);
});

function contact(ordinal: number, more: Partial<CampaignContact> = {}): CampaignContact {
  const phoneNumber = more.phoneNumber ?? numberOf(ordinal);
  const id = `appointment-${ordinal}`;
  const patient = { id: `patient-${ordinal}`, name: "Nadia Haddad", phoneNumber };
  appointments.push(sampleAppointment({ id, patient, start: "2026-12-03T10:00:00-08:00" }));
  return {
    id: `c-${ordinal}`,
    phoneNumber,
    appointments: [{ id }],
    consent: { basis: "given-at-booking", recordedAt: "2026-10-01T09:00:00Z" },
    ...more,
  };
}

const contacts = (count: number) => Array.from({ length: count }, (_, index) => contact(index + 1));

let portsSeen: CampaignPorts;

function ports(more: Partial<CampaignPorts> = {}): CampaignPorts {
  portsSeen = {
    campaigns: sqliteCampaignStore(database),
    queue: sqliteQueue(database, clock),
    ledger: sqliteLedger(database),
    appointments: memoryAppointmentStore({ appointments }),
    preferences: memoryContactPreferences(),
    callLog: memoryCallLog(),
    rooms: world.rooms,
    dialer: world.dialer,
    clock,
    logger: silentLogger,
    ...more,
  };
  return portsSeen;
}

async function prepare(
  list: readonly CampaignContact[],
  pace: Partial<CampaignPace> = {},
  retries: RetryPlan = defaultRetryPlan,
  own: CampaignPorts = ports(),
): Promise<CampaignPorts> {
  const { campaigns } = own;
  await campaigns.create({
    id: campaignId,
    clinicId: "main",
    pace: { ...defaultPace, ...pace },
    retries,
    createdAt: begin,
  });
  await campaigns.addContacts(campaignId, list);
  await campaigns.setState(campaignId, "running");
  return own;
}

function run(own: CampaignPorts, more: Partial<CampaignRunOptions> = {}): Promise<CampaignRun> {
  const options = {
    campaignId,
    policy,
    stop: stop.signal,
    onEvent: (event: CampaignEvent) => events.push(event),
  };
  return runCampaign(own, { ...options, ...more });
}

/** Moves the clock until a run is over, and tells how it ended. */
async function through<T>(
  running: Promise<T>,
  stepMs = 20_000,
  mostMs = 14 * 24 * 60 * minuteMs,
): Promise<T> {
  let result: { value: T } | { error: unknown } | undefined;
  running.then(
    (value) => {
      result = { value };
    },
    (error: unknown) => {
      result = { error };
    },
  );
  for (let waited = 0; !result; waited += stepMs) {
    if (waited > mostMs) throw new Error("The run did not end.");
    await clock.advance(stepMs);
  }
  if ("error" in result) throw result.error;
  return result.value;
}

async function rows(): Promise<readonly ContactRow[]> {
  return (await portsSeen.campaigns.rows(campaignId, undefined, 1_000)).rows;
}

const ringsAt = (): number[] => world.rings.map(({ at }) => at - begin);
const attemptOf = (index: number): string | undefined =>
  world.rings[index]?.request.participantIdentity.replace("phone-", "");

describe("the pace", () => {
  it("is one call at a time, and 30 seconds between the end of one and the next", async () => {
    world.manner = () => ({ outcome: "busy", ringsMs: 8_000, talksMs: 0 });
    const retries = { ...defaultRetryPlan, mostTries: 1 };
    const { reason, progress } = await through(run(await prepare(contacts(3), {}, retries)));
    expect(reason).toBe("finished");
    expect(ringsAt().map((at) => Math.round(at / 1_000))).toEqual([0, 38, 76]);
    expect(progress).toMatchObject({ state: "finished", ended: { "given-up": 3 }, outcomes: { busy: 3 } });
    expect([0, 1, 2].map(attemptOf)).toEqual(["recall:c-1:1", "recall:c-2:1", "recall:c-3:1"]);
  });

  it("counts a conversation until it has ended, and keeps to its lines", async () => {
    const own = await prepare(contacts(9), { concurrency: 3, pauseMs: 0, callsPerSecond: 10 });
    const { progress } = await through(run(own));
    expect(world.busy).toEqual({ now: 0, most: 3 });
    expect(progress.outcomes).toEqual({ answered: 9 });
    expect((await rows())[0]?.lastResult).toMatchObject({
      outcome: "answered",
      appointmentId: "appointment-1",
      disposition: "none",
    });
  });

  it("is one pace for several processes", async () => {
    const own = await prepare(contacts(8), { concurrency: 2, pauseMs: 10_000, callsPerSecond: 10 });
    const runs = await through(Promise.all([run(own), run({ ...own })]));
    expect(runs.map(({ reason }) => reason)).toEqual(["finished", "finished"]);
    expect(world.busy.most).toBe(2);
    expect(new Set(world.rings.map(({ request }) => request.phoneNumber)).size).toBe(8);
    expect(world.rings).toHaveLength(8);
  });

  it("begins no more calls in a second than allowed", async () => {
    const own = await prepare(contacts(4), { concurrency: 4, pauseMs: 0, callsPerSecond: 0.5 });
    await through(run(own), 100);
    const gaps = ringsAt().map((at, index, all) => at - (all[index - 1] ?? at - 2_000));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2_000);
  });

  it("slows down while the trunk is full, and burns no try", async () => {
    let full = 0;
    world.manner = () =>
      world.busy.now >= 2
        ? { outcome: "trunk-capacity", ringsMs: 10, talksMs: ++full }
        : { outcome: "answered", ringsMs: 5_000, talksMs: 20_000 };
    const retries = { ...defaultRetryPlan, mostTries: 1 };
    const own = await prepare(contacts(8), { concurrency: 4, pauseMs: 0, callsPerSecond: 10 }, retries);
    const { progress } = await through(run(own));
    expect(progress.outcomes).toEqual({ answered: 8 });
    expect(full).toBeGreaterThan(0);
    expect(full).toBeLessThan(12);
    expect(events.find(({ type }) => type === "trunk-full")).toMatchObject({ concurrency: 2 });
  });
});

describe("retries", () => {
  it("come after their spacing, as often as the plan says", async () => {
    world.manner = () => ({ outcome: "busy", ringsMs: 1_000, talksMs: 0 });
    const { progress } = await through(run(await prepare(contacts(1))));
    const [first, second = 0, third = 0] = ringsAt();
    expect(first).toBeLessThan(1_000);
    expect(Math.round(second / minuteMs)).toBe(15);
    expect(Math.round(third / minuteMs)).toBe(30);
    expect(progress).toMatchObject({ ended: { "given-up": 1 } });
    expect((await rows())[0]).toMatchObject({ tryNumber: 3, rungTries: 3 });
    const attempts = await Promise.all([1, 2, 3].map((n) => portsSeen.ledger.get(`recall:c-1:${n}`)));
    expect(attempts.map((attempt) => attempt?.outcome?.outcome)).toEqual(["busy", "busy", "busy"]);
  });

  it("go by the outcome: for review, done, or again", async () => {
    const outcomes = ["declined", "invalid-number", "unknown", "unreachable"] as const;
    world.manner = ({ phoneNumber }) => ({
      outcome: outcomes[Number(phoneNumber.slice(-1)) - 1] ?? "busy",
      ringsMs: 100,
      talksMs: 0,
    });
    await through(run(await prepare(contacts(4), { pauseMs: 1_000 })));
    expect((await rows()).map(({ state, rungTries }) => [state, rungTries])).toEqual([
      ["for-review", 1],
      ["done", 1],
      ["for-review", 1],
      ["given-up", 3],
    ]);
  });

  it("follow a machine that has no message, and not one that has", async () => {
    const own = await prepare(contacts(2), { concurrency: 1, pauseMs: 1_000 });
    const isFirst = new Set<string>();
    world.manner = ({ roomName, phoneNumber }) => {
      const state = { ...initialCallState, party: "machine" } as const;
      const left = phoneNumber === numberOf(2) || isFirst.has(phoneNumber);
      isFirst.add(phoneNumber);
      void own.callLog.append(roomName.replace(/^call-/, ""), [
        ...(left ? [{ at: 1, event: { type: "message", left: true } as const }] : []),
        { at: 2, event: { type: "transition", event: "party", state } as never },
      ]);
      return { outcome: "answered", ringsMs: 100, talksMs: 1_000 };
    };
    const { progress } = await through(run(own));
    expect(progress.outcomes).toEqual({ "message-left": 2 });
    expect((await rows()).map(({ rungTries }) => rungTries)).toEqual([2, 1]);
  });

  it("wait for the earliest moment that the policy names, and burn no try", async () => {
    clock = simulatedClock(Date.parse("2026-11-23T06:30:00-08:00"));
    begin = clock.now();
    world = simulatedTelephony(clock);
    const retries = { ...defaultRetryPlan, mostTries: 1 };
    const own = await prepare(contacts(2), { pauseMs: 1_000 }, retries);
    const { reason } = await through(run(own), 10_000);
    expect(reason).toBe("finished");
    expect(world.rings.map(({ at }) => at >= Date.parse("2026-11-23T08:00:00-08:00"))).toEqual([true, true]);
    expect(events.find(({ type }) => type === "nobody-due")).toEqual({
      type: "nobody-due",
      until: Date.parse("2026-11-23T08:00:00-08:00"),
    });
    expect((await rows()).map(({ tryNumber, rungTries }) => [tryNumber, rungTries])).toEqual([
      [2, 1],
      [2, 1],
    ]);
  });

  it("end where a person has to look: no consent, another number, no appointment", async () => {
    const list = contacts(3);
    const { consent: _none, ...unconsented } = list[0] as CampaignContact;
    const wrong = { ...(list[1] as CampaignContact), phoneNumber: numberOf(9) };
    const gone = { ...(list[2] as CampaignContact), appointments: [{ id: "gone" }] };
    await through(run(await prepare([unconsented, wrong, gone])));
    expect(world.rings).toEqual([]);
    expect((await rows()).map(({ state, lastResult }) => [state, lastResult])).toEqual([
      ["for-review", expect.objectContaining({ outcome: "refused-by-policy", rules: ["consent"] })],
      ["for-review", { outcome: "skipped", skipped: "other-number" }],
      ["for-review", { outcome: "skipped", skipped: "no-appointment" }],
    ]);
    expect(clock.now() - begin).toBeLessThan(21_000);
  });

  it("stop when the patient has decided meanwhile", async () => {
    world.manner = () => ({ outcome: "no-answer", ringsMs: 100, talksMs: 0 });
    const own = await prepare(contacts(1));
    const store = memoryAppointmentStore({ appointments });
    const running = run({ ...own, appointments: store });
    await clock.advance(60_000);
    const { version = "" } = (await store.get("appointment-1")) ?? {};
    await store.confirm("appointment-1", { version, callId: "web-1" });
    await through(running, 60_000);
    expect(world.rings).toHaveLength(1);
    expect(await rows()).toMatchObject([{ state: "done", lastResult: { skipped: "decided" } }]);
  });
});

it("calls the highest priority first, and a family with one number once", async () => {
  const list = contacts(3).map((one, index) => ({ ...one, priority: index }));
  appointments.push(
    sampleAppointment({ id: "child", patient: { id: "p", name: "Sam", phoneNumber: numberOf(3) } }),
  );
  const family = {
    ...(list[2] as CampaignContact),
    appointments: [{ id: "appointment-3" }, { id: "child" }],
  };
  await through(run(await prepare([...list.slice(0, 2), family])));
  expect(world.rings.map(({ request }) => request.phoneNumber)).toEqual([3, 2, 1].map(numberOf));
  expect((await rows())[2]?.lastResult).toMatchObject({ appointmentId: "child" });
});

it("is brought in line with its edited list, and reported without a number in clear", async () => {
  const list = contacts(4);
  const own = await prepare(list, { pauseMs: 1_000 });
  world.manner = ({ phoneNumber }) =>
    phoneNumber === numberOf(1)
      ? { outcome: "unknown", ringsMs: 100, talksMs: 0 }
      : { outcome: "answered", ringsMs: 100, talksMs: 1_000 };
  stop.abort();
  expect((await run(own)).reason).toBe("stopped");
  const edited = [...list.slice(0, 3), contact(5)];
  const wanted = {
    id: campaignId,
    clinicId: "main",
    pace: defaultPace,
    retries: defaultRetryPlan,
    createdAt: 1,
  };
  expect(await prepareCampaign(own.campaigns, wanted, edited)).toMatchObject({
    added: 1,
    changed: 3,
    withdrawn: 1,
    campaign: { createdAt: begin, state: "running" },
  });
  stop = new AbortController();
  await through(run({ ...own, appointments: memoryAppointmentStore({ appointments }) }));
  // Somebody has looked at the one that was unknown.
  await own.ledger.settle("recall:c-1:1", dialFailure("busy"), clock.now());
  const report: CampaignReportRow[] = [];
  for await (const row of campaignReport(own, campaignId)) report.push(row);
  expect(report.map(({ contactId, state, outcome }) => [contactId, state, outcome])).toEqual([
    ["c-1", "for-review", "busy"],
    ["c-2", "done", "answered"],
    ["c-3", "done", "answered"],
    ["c-4", "withdrawn", undefined],
    ["c-5", "done", "answered"],
  ]);
  expect(report[1]).toMatchObject({
    attemptId: "recall:c-2:1",
    appointmentId: "appointment-2",
    rungTries: 1,
  });
  expect(JSON.stringify(report)).not.toContain("15105550102");
});

describe("the circuit breaker", () => {
  it("opens when failures pile up, tries one call, and closes when it works", async () => {
    world.agentsCome = false;
    const own = await prepare(contacts(12), { concurrency: 1, pauseMs: 0, callsPerSecond: 10 });
    const running = run(own, { agentPatienceMs: 1_000, agentDispatches: 1 });
    await clock.advance(30_000);
    const states = () => events.flatMap((event) => (event.type === "circuit" ? [event.state] : []));
    expect(states()).toMatchObject([{ kind: "open", failures: 5, last: "agent-unavailable" }]);
    await clock.advance(60_000);
    expect(states().map(({ kind }) => kind)).toEqual(["open", "trying", "open"]);
    world.agentsCome = true;
    const { progress } = await through(running);
    expect(states().map(({ kind }) => kind)).toEqual(["open", "trying", "open", "trying", "closed"]);
    expect(progress.outcomes).toEqual({ answered: 12 });
    expect(world.rings).toHaveLength(12);
  });
});

describe("stop, pause and cancel", () => {
  it("finishes the calls in flight and leaves the rest for the next run", async () => {
    const own = await prepare(contacts(4), { concurrency: 2, pauseMs: 1_000, callsPerSecond: 10 });
    const running = run(own);
    await clock.advance(20_000);
    expect(world.busy.now).toBe(2);
    stop.abort();
    const { reason, progress } = await through(running);
    expect(reason).toBe("stopped");
    expect(progress).toMatchObject({ state: "running", waiting: 2, calling: 0, outcomes: { answered: 2 } });
    stop = new AbortController();
    expect(await through(run(own))).toMatchObject({ reason: "finished", progress: { ended: { done: 4 } } });
    expect(world.rings).toHaveLength(4);
  });

  it("hangs up when asked to", async () => {
    const hangUp = new AbortController();
    const own = await prepare(contacts(2), { concurrency: 1 });
    const running = run(own, { hangUp: hangUp.signal });
    await clock.advance(20_000);
    const asked = clock.now();
    hangUp.abort();
    expect((await through(running, 500)).reason).toBe("stopped");
    expect(clock.now() - asked).toBeLessThan(10_000);
    expect(world.busy.now).toBe(0);
  });

  it("is paused, resumed and cancelled by another process", async () => {
    const own = await prepare(contacts(5), { concurrency: 1, pauseMs: 1_000 });
    const running = run(own);
    await clock.advance(10_000);
    await own.campaigns.setState(campaignId, "paused");
    await clock.advance(10 * minuteMs);
    expect(world.rings).toHaveLength(1);
    await own.campaigns.setState(campaignId, "running");
    await clock.advance(10_000);
    expect(world.rings).toHaveLength(2);
    await own.campaigns.setState(campaignId, "cancelled");
    const { reason, progress } = await through(running);
    expect(reason).toBe("cancelled");
    expect(progress).toMatchObject({ waiting: 3, ended: { done: 2 } });
    expect(events.flatMap((event) => (event.type === "state" ? [event.state] : []))).toEqual([
      "paused",
      "running",
      "cancelled",
    ]);
  });

  it("ends when nobody may be called for longer than it is to wait", async () => {
    world.manner = () => ({ outcome: "no-answer", ringsMs: 100, talksMs: 0 });
    const { reason } = await through(run(await prepare(contacts(1)), { mostWaitMs: minuteMs }));
    expect(reason).toBe("later");
  });
});

describe("what goes wrong", () => {
  it("takes contacts that are added while it runs, and fills a queue that was lost", async () => {
    const own = await prepare(contacts(2), { pauseMs: 1_000 });
    const running = run(own);
    await clock.advance(10_000);
    database.connection.exec("DELETE FROM queued_attempts");
    appointments.splice(0);
    await own.campaigns.addContacts(campaignId, [contact(3)]);
    const seen = memoryAppointmentStore({ appointments });
    const before = own.appointments.get;
    Object.assign(own.appointments, {
      get: async (id: string) => (await before(id)) ?? (await seen.get(id)),
    });
    expect((await through(running)).progress.ended.done).toBe(3);
    expect(world.rings).toHaveLength(3);
  });

  it("goes on when the clock is moved back", async () => {
    const own = await prepare(contacts(3), { pauseMs: 1_000 });
    let shift = 0;
    const moved = { now: () => clock.now() - shift, setTimer: clock.setTimer };
    const running = run({ ...own, queue: sqliteQueue(database, moved), clock: moved });
    await clock.advance(60_000);
    shift = 2 * 60 * minuteMs;
    const { progress } = await through(running, 1_000, 20 * minuteMs);
    expect(progress.outcomes).toEqual({ answered: 3 });
    expect(world.rings).toHaveLength(3);
  });

  it("waits for a database that is gone for 30 seconds: no lost row, no second call", async () => {
    let isGone = false;
    const failing = <Port extends object>(port: Port): Port =>
      new Proxy(port, {
        get: (target, name) => {
          const step = Reflect.get(target, name) as unknown;
          if (typeof step !== "function") return step;
          return async (...given: unknown[]) => {
            if (isGone) throw new SipVoiceError("store-unavailable", "The clinic database is away.");
            return await (step as (...all: unknown[]) => unknown).apply(target, given);
          };
        },
      });
    const own = await prepare(contacts(6), { concurrency: 2, pauseMs: 1_000, callsPerSecond: 10 });
    const broken = {
      ...own,
      campaigns: failing(own.campaigns),
      queue: failing(own.queue),
      ledger: { ...failing(own.ledger) },
      appointments: failing(own.appointments),
      preferences: failing(own.preferences),
    };
    const ledger = Object.fromEntries(
      Object.keys(own.ledger).map((name) => [name, Reflect.get(failing(own.ledger), name)]),
    ) as unknown as CampaignPorts["ledger"];
    const running = run({ ...broken, ledger });
    // At different moments of the calls: while one rings, while one talks, while nobody is called.
    for (const lasts of [3_000, 20_000, 45_500]) {
      await clock.advance(lasts);
      isGone = true;
      await clock.advance(30_000);
      isGone = false;
    }
    const { reason, progress } = await through(running);
    expect(reason).toBe("finished");
    expect(progress.outcomes).toEqual({ answered: 6 });
    expect(world.rings).toHaveLength(6);
    expect(events.flatMap((event) => (event.type === "store" ? [event.isThere] : []))).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  it("gives up when the database stays away, and says so", async () => {
    const own = await prepare(contacts(2));
    const away = async () => {
      throw new SipVoiceError("store-unavailable", "The clinic database is away.");
    };
    const running = run({ ...own, queue: { ...own.queue, claim: away } }, { storePatienceMs: minuteMs });
    await expect(through(running)).rejects.toMatchObject({ code: "store-unavailable" });
  });

  it("puts a call off when LiveKit does not answer, and asks a person when that goes on", async () => {
    const own = await prepare(contacts(1), {}, { ...defaultRetryPlan, mostUnrung: 3 });
    const rooms = {
      ...own.rooms,
      createRoom: async () => {
        throw new SipVoiceError("livekit-unavailable", "LiveKit did not do what it was asked.");
      },
    };
    await through(run({ ...own, rooms }));
    expect(await rows()).toMatchObject([
      { state: "for-review", tryNumber: 3, lastResult: { outcome: "broken" } },
    ]);
  });

  it("works on what another process left behind: asks the ledger, and rings nobody twice", async () => {
    const own = await prepare(contacts(2), { pauseMs: 1_000 });
    // As one that was killed while it talked: its call goes on, its claim and its try are open.
    const dying = run({
      ...own,
      campaigns: { ...own.campaigns, endTry: () => new Promise(() => {}) },
      queue: { ...own.queue, keep: () => new Promise(() => {}) },
    });
    void dying.catch(() => {});
    await clock.advance(8_000);
    expect(world.rings).toHaveLength(1);
    stop.abort();
    stop = new AbortController();
    const { reason } = await through(run(own));
    expect(reason).toBe("finished");
    expect(world.rings.map(({ request }) => request.phoneNumber)).toEqual([1, 2].map(numberOf));
    expect(events.filter((event) => event.type === "try-began" && event.isAgain)).toHaveLength(1);
    expect((await rows()).map(({ lastResult }) => lastResult?.outcome)).toEqual(["answered", "answered"]);
  });

  it("refuses a campaign that is not there, and ringing that is too short", async () => {
    const own = await prepare(contacts(1));
    await expect(run(own, { campaignId: "another" })).rejects.toMatchObject({ field: "campaignId" });
    await expect(run(own, { ringingTimeoutSeconds: 5 })).rejects.toMatchObject({
      field: "ringingTimeoutSeconds",
    });
  });
});
