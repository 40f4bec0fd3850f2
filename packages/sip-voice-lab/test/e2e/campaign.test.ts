import {
  type CampaignContact,
  type CampaignPorts,
  type CampaignReportRow,
  campaignReport,
  defaultBreakerRule,
  defaultRetryPlan,
  type PhoneNumber,
  parsePhoneNumber,
  prepareCampaign,
  runCampaign,
  silentLogger,
  systemClock,
} from "@clinic/sip-voice";
import { liveKitDialer, liveKitRoomGateway } from "@clinic/sip-voice/livekit";
import { type Lab, labCallingPolicy, startLab, type TelephoneBehaviour } from "@clinic/sip-voice-lab";
import { afterAll, beforeAll, expect, it } from "vitest";

const lines = 5;
let lab: Lab;

beforeAll(async () => {
  lab = await startLab({ worker: { SIP_VOICE_MOST_CALLS: String(lines + 1) } });
});

afterAll(async () => {
  await lab.stop();
});

const contactCount = 30;
const consent = { basis: "given-at-booking", recordedAt: "2026-10-01T09:00:00Z" } as const;
const timeZone = "America/Los_Angeles";
const numberOf = (ordinal: number): PhoneNumber =>
  parsePhoneNumber(`+1415555${String(100 + ordinal).padStart(4, "0")}`);
const appointmentIdOf = (ordinal: number): string => `recall-appointment-${ordinal}`;

/** What the telephones do, in turn; those that are not listed are answered by somebody who confirms with key 1. */
const behaviours: Readonly<Record<number, TelephoneBehaviour>> = {
  3: { kind: "busy" },
  6: { kind: "declines" },
  9: { kind: "sip-error", status: 503, reason: "Service Unavailable" },
  12: { kind: "answers-but-response-lost", afterMs: 200 },
  15: { kind: "sip-error", status: 404, reason: "Not Found" },
  18: { kind: "busy" },
  21: { kind: "declines" },
  24: { kind: "sip-error", status: 480, reason: "Temporarily Unavailable" },
};
const [optedOut, withoutConsent, cancelled, unlisted] = [27, 28, 29, 30];

async function addClinic(): Promise<CampaignContact[]> {
  const { database } = lab;
  const day = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  const ordinals = Array.from({ length: contactCount }, (_, index) => index + 1);
  await database.addAppointments(
    ordinals
      .filter((ordinal) => ordinal !== unlisted)
      .map((ordinal) => ({
        id: appointmentIdOf(ordinal),
        clinicId: "riverside",
        patient: { id: `recall-${ordinal}`, name: "Robin", phoneNumber: numberOf(ordinal), timeZone },
        provider: "Dr. Lane",
        start: `${day}T10:00:00-08:00`,
        timeZone,
        durationMinutes: 20,
        status: ordinal === cancelled ? ("cancelled" as const) : ("booked" as const),
        slotId: undefined,
      })),
  );
  await database.preferences.optOut(numberOf(optedOut ?? 0), "2026-11-01T09:00:00Z");
  return ordinals.map((ordinal) => ({
    id: `c-${ordinal}`,
    phoneNumber: numberOf(ordinal),
    appointments: [{ id: appointmentIdOf(ordinal) }],
    ...(ordinal === withoutConsent ? {} : { consent }),
    listPlace: `line ${ordinal + 1}`,
  }));
}

/** Somebody who listens until the agent speaks, presses 1, and hangs up once the appointment is confirmed. */
function plugInPatients(): void {
  for (let ordinal = 1; ordinal <= contactCount; ordinal++) {
    const telephone = lab.telephone(numberOf(ordinal));
    telephone.behaviour = behaviours[ordinal] ?? { kind: "answers", afterMs: 200 };
    telephone.on("line", (line) => {
      const confirm = async (): Promise<void> => {
        await line.answered;
        await line.waitForSpeechStart({ since: 0, timeoutMs: 60_000 });
        await line.press("1");
        await expect
          .poll(async () => (await lab.database.appointments.get(appointmentIdOf(ordinal)))?.status, {
            timeout: 60_000,
          })
          .toBe("confirmed");
        await line.hangUp();
      };
      // A line that was not answered, or on which the agent was quicker.
      confirm().catch(() => {});
    });
  }
}

async function portsOf(): Promise<CampaignPorts> {
  const { url, apiKey, apiSecret } = lab.sip;
  const connection = { url, apiKey, apiSecret };
  return {
    ...lab.database,
    queue: lab.database.queueOf("recall"),
    rooms: await liveKitRoomGateway(connection),
    dialer: await liveKitDialer({ ...connection, trunkId: lab.outboundTrunkId }),
    clock: systemClock,
    logger: silentLogger,
  };
}

it("calls 30 contacts on 5 lines, and reports what is in the database", { timeout: 400_000 }, async () => {
  const { campaigns, ledger, appointments } = lab.database;
  const contacts = await addClinic();
  plugInPatients();
  const soon = { again: true, afterMs: 500 } as const;
  const over = { again: false } as const;
  // A busy machine's agents may come late; that is not what is tested here.
  const late = { ...soon, burnsNone: true } as const;
  const rules = { busy: soon, unreachable: over, "no-answer": over, "agent-unavailable": late, broken: late };
  const wanted = {
    id: "recall",
    clinicId: "riverside",
    pace: { concurrency: lines, pauseMs: 0, callsPerSecond: 2 },
    retries: { mostTries: 2, mostUnrung: 20, rules: { ...defaultRetryPlan.rules, ...rules } },
    createdAt: Date.now(),
  };
  expect(await prepareCampaign(campaigns, wanted, contacts)).toMatchObject({ added: contactCount });
  let calls = 0;
  let mostCalls = 0;
  let mostLines = 0;
  const counting = setInterval(() => {
    mostLines = Math.max(mostLines, lab.sip.lines().length);
  }, 20);
  // Who was busy takes the second call.
  const policy = {
    ...labCallingPolicy,
    caps: { perNumberPerDay: 5, perNumberPerWeek: 5, perClinicPerDay: 200, concurrency: lines },
  };
  const { reason, progress } = await runCampaign(await portsOf(), {
    campaignId: "recall",
    policy,
    ringingTimeoutSeconds: 15,
    callLimitSeconds: 120,
    agentPatienceMs: 40_000,
    breaker: { ...defaultBreakerRule, failures: 1_000 },
    onEvent: (event) => {
      if (event.type === "try-began") mostCalls = Math.max(mostCalls, ++calls);
      if (event.type === "try-ended") calls--;
      if (event.type !== "try-ended" || event.end.result.outcome !== "busy") return;
      lab.telephone(event.contact.phoneNumber).behaviour = { kind: "answers", afterMs: 200 };
    },
  }).finally(() => clearInterval(counting));

  const report: CampaignReportRow[] = [];
  for await (const row of campaignReport({ campaigns, ledger }, "recall")) report.push(row);
  const outcomeOf = (ordinal: number) => report.find(({ contactId }) => contactId === `c-${ordinal}`);
  expect(reason).toBe("finished");
  expect(report).toHaveLength(contactCount);
  expect([3, 18].map((ordinal) => outcomeOf(ordinal)?.rungTries)).toEqual([2, 2]);
  expect([6, 9, 12, 15, 21, 24].map((ordinal) => outcomeOf(ordinal)?.outcome)).toEqual([
    "declined",
    "unreachable",
    "unknown",
    "invalid-number",
    "declined",
    "no-answer",
  ]);
  expect(outcomeOf(optedOut ?? 0)).toMatchObject({ outcome: "refused-by-policy", rules: ["do-not-call"] });
  expect(outcomeOf(withoutConsent ?? 0)).toMatchObject({ outcome: "refused-by-policy", rules: ["consent"] });
  expect(outcomeOf(cancelled ?? 0)).toMatchObject({ outcome: "skipped", skipped: "cancelled" });
  expect(outcomeOf(unlisted ?? 0)).toMatchObject({ state: "for-review", skipped: "no-appointment" });
  expect(report.filter(({ outcome }) => outcome === "answered").length).toBe(20);

  // The report is the database: the ledger's attempts, the appointments, and the telephones that rang.
  const counted: Record<string, number> = {};
  let rings = 0;
  for (const [index, row] of report.entries()) {
    const { attemptId = "", outcome = "", disposition } = row;
    counted[outcome] = (counted[outcome] ?? 0) + 1;
    const attempt = await ledger.get(attemptId);
    if (attempt) expect([attempt.outcome?.outcome, attempt.callId]).toEqual([outcome, row.callId]);
    else expect(["skipped", "refused-by-policy"]).toContain(outcome);
    const appointment = await appointments.get(appointmentIdOf(index + 1));
    if (outcome === "answered") {
      expect([disposition, appointment?.status]).toEqual(["confirmed", "confirmed"]);
    }
    const rung = lab.sip.rings().filter(({ number }) => number === numberOf(index + 1)).length;
    expect(rung).toBe(attempt ? row.rungTries : 0);
    rings += rung;
  }
  expect(progress.outcomes).toEqual(counted);
  expect(rings).toBe(20 + 2 + 6);
  expect(await ledger.underWay()).toEqual([]);
  expect(mostCalls).toBe(lines);
  // A call waits for its agent before it rings, so on a busy machine fewer telephones than calls are in use.
  expect(mostLines).toBeGreaterThan(0);
  expect(mostLines).toBeLessThanOrEqual(lines);
});
