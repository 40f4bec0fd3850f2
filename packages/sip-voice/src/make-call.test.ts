import { beforeEach, describe, expect, it } from "vitest";
import type { Appointment } from "./appointments/appointment.ts";
import { memoryCallLog } from "./call/call-log.ts";
import { agentAttribute } from "./call/readiness.ts";
import { SipVoiceError } from "./errors.ts";
import type { LogFields } from "./log/logger.ts";
import { type MakeCallOptions, makeCall } from "./make-call.ts";
import { memoryLedger } from "./outbound/memory-ledger.ts";
import { defaultCallingPolicy } from "./policy/calling-policy.ts";
import { memoryContactPreferences } from "./policy/contact-preferences.ts";
import { dialFailure } from "./sip/dial-outcome.ts";
import { sampleAppointment } from "./testing/sample-appointment.ts";
import { simulatedClock } from "./testing/simulated-clock.ts";

const number = "+15105550111";
const appointment = sampleAppointment();

/** Everything that makeCall takes from the outside, with an agent who is ready at once and a busy line. */
function everything() {
  const dials: unknown[] = [];
  const briefs: Record<string, unknown>[] = [];
  const options = {
    consent: { basis: "given-at-booking", recordedAt: "2026-10-01T09:00:00Z" },
    ledger: memoryLedger(),
    preferences: memoryContactPreferences(),
    callLog: memoryCallLog(),
    rooms: {
      createRoom: async () => {},
      removeRoom: async () => {},
      participants: async () => {
        const attributes = { [agentAttribute.ready]: String(briefs.at(-1)?.attemptId) };
        return [{ identity: "agent", kind: 4, attributes }];
      },
      dispatchAgent: async (_room: string, agentName: string, metadata: string) => {
        briefs.push({ agentName, ...(JSON.parse(metadata) as object) });
        return "AD_1";
      },
      withdrawAgent: async () => {},
      removeParticipant: async () => {},
      updateSubscriptions: async () => {},
      transfer: async () => ({ transferred: true }) as const,
    },
    dialer: {
      dial: async (request: unknown) => {
        dials.push(request);
        return dialFailure("busy", 486);
      },
    },
    clock: simulatedClock(),
    environment: {},
  } satisfies MakeCallOptions;
  return { options, dials, briefs };
}

async function errorOf(promise: Promise<unknown>): Promise<SipVoiceError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (SipVoiceError.is(error)) return error;
  throw error ?? new Error("nothing was thrown");
}

let outside: ReturnType<typeof everything>;
beforeEach(() => {
  outside = everything();
});

describe("makeCall", () => {
  it("calls with what it is given and needs no environment then", async () => {
    const result = await makeCall("+1 (510) 555-0111", appointment, {
      ...outside.options,
      attemptId: "t-1",
      callId: "c-1",
    });
    expect(result).toEqual({
      outcome: "busy",
      retry: "later",
      sipStatus: 486,
      attemptId: "t-1",
      callId: "c-1",
    });
    expect(outside.dials).toEqual([
      {
        roomName: "call-c-1",
        phoneNumber: number,
        participantIdentity: "phone-t-1",
        ringingTimeoutSeconds: 30,
        callLimitSeconds: 300,
      },
    ]);
    expect(outside.briefs).toMatchObject([
      { agentName: "gemini-sip-agent", attemptId: "t-1", appointmentId: appointment.id },
    ]);
  });

  it("makes a new attempt id and call id for each call", async () => {
    const policy = {
      ...defaultCallingPolicy,
      caps: { ...defaultCallingPolicy.caps, perNumberPerDay: 9, perNumberPerWeek: 9 },
    };
    const first = await makeCall(number, appointment, { ...outside.options, policy });
    const second = await makeCall(number, appointment, { ...outside.options, policy });
    expect(new Set([first.attemptId, second.attemptId, first.callId, second.callId]).size).toBe(4);
    expect(outside.dials).toHaveLength(2);
  });

  it("refuses without consent, as a value", async () => {
    const { consent: _, ...options } = outside.options;
    expect(await makeCall(number, appointment, options)).toMatchObject({
      outcome: "refused-by-policy",
      reasons: [{ rule: "consent" }],
    });
    expect(outside.dials).toEqual([]);
  });

  it("goes by the patient's own time zone only when the number is the patient's", async () => {
    await outside.options.clock.advance(10 * 3_600_000);
    const abroad: Appointment = {
      ...appointment,
      patient: { ...appointment.patient, timeZone: "America/New_York" },
    };
    const refused = await makeCall(number, abroad, outside.options);
    expect(refused).toMatchObject({ outcome: "refused-by-policy", reasons: [{ rule: "window" }] });
    expect(await makeCall("+15105550112", abroad, outside.options)).toMatchObject({ outcome: "busy" });
  });

  it("logs no number and no name", async () => {
    const lines: [LogFields, string][] = [];
    const write = (fields: LogFields, message: string): void => void lines.push([fields, message]);
    await makeCall(number, appointment, {
      ...outside.options,
      logger: { debug: write, info: write, warn: write, error: write },
    });
    expect(lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toMatch(/5550111|Nadia|Haddad/);
  });
});

describe("an argument of makeCall that is wrong", () => {
  it.each(["", "5105550111", "tomorrow", "+1510555011"])(
    "as the number '%s' is misuse, and is not repeated",
    async (wrong) => {
      const error = await errorOf(makeCall(wrong, appointment, outside.options));
      expect(error).toMatchObject({ code: "invalid-phone-number", field: "phoneNumber" });
      if (wrong) expect(error.message.replace("+15105550111", "")).not.toContain(wrong);
    },
  );

  it.each<[string, unknown]>([
    ["appointment", undefined],
    ["appointment", null],
    ["appointment", "appointment-1"],
    ["id", { ...appointment, id: "" }],
    ["clinicId", { ...appointment, clinicId: undefined }],
    ["start", { ...appointment, start: 1795456800000 }],
    ["start", { ...appointment, start: "tomorrow" }],
    ["patient", { ...appointment, patient: undefined }],
    ["patient", { ...appointment, patient: { name: "Maria Example" } }],
  ])("as the appointment's %s is misuse", async (field, wrong) => {
    const error = await errorOf(makeCall(number, wrong as Appointment, outside.options));
    expect(error).toMatchObject({ code: "invalid-appointment", field });
    expect(error.message).not.toContain("Maria");
    expect(outside.briefs).toEqual([]);
  });

  it.each<[keyof MakeCallOptions, unknown]>([
    ["ringingTimeoutSeconds", 14],
    ["ringingTimeoutSeconds", 81],
    ["ringingTimeoutSeconds", 20.5],
    ["ringingTimeoutSeconds", Number.NaN],
    ["ringingTimeoutSeconds", "30"],
    ["callLimitSeconds", 9],
    ["callLimitSeconds", Number.POSITIVE_INFINITY],
    ["agentPatienceMs", 99],
    ["agentPatienceMs", 120_001],
    ["agentDispatches", 0],
    ["agentDispatches", 6],
    ["attemptId", ""],
    ["attemptId", "t".repeat(201)],
    ["attemptId", 7],
    ["callId", ""],
    ["agentName", ""],
  ])("as %s: %s is misuse, and nothing was done", async (field, wrong) => {
    const error = await errorOf(makeCall(number, appointment, { ...outside.options, [field]: wrong }));
    expect(error).toMatchObject({ code: "invalid-option", field });
    expect(outside.briefs).toEqual([]);
    expect(await outside.options.ledger.underWay()).toEqual([]);
  });

  it("as the policy is misuse before anything is opened", async () => {
    const policy = { ...defaultCallingPolicy, caps: {} } as never;
    expect(await errorOf(makeCall(number, appointment, { environment: {}, policy }))).toMatchObject({
      code: "invalid-option",
      field: "policy.caps.perNumberPerDay",
    });
  });
});

describe("the environment of makeCall", () => {
  const complete = {
    SIP_VOICE_DB: "clinic.sqlite",
    LIVEKIT_URL: "wss://example.livekit.cloud",
    LIVEKIT_API_KEY: "key",
    LIVEKIT_API_SECRET: "hunter2",
    OUTBOUND_TRUNK_ID: "ST_1",
  };

  it("is complained about in one error that names every variable", async () => {
    const error = await errorOf(makeCall(number, appointment, { environment: {} }));
    expect(error.code).toBe("invalid-environment");
    expect(error.field?.split(", ").sort()).toEqual(Object.keys(complete).sort());
    for (const name of Object.keys(complete)) expect(error.message).toContain(`  ${name} is not set. `);
  });

  it.each([
    ["LIVEKIT_URL", "example.livekit.cloud"],
    ["LIVEKIT_URL", "ftp://example.livekit.cloud"],
    ["OUTBOUND_TRUNK_ID", "15105550173"],
    ["OUTBOUND_TRUNK_CHANNELS", "0"],
    ["OUTBOUND_TRUNK_CHANNELS", "ten"],
    ["LIVEKIT_API_KEY", "  "],
  ])("may not have %s as '%s', which is not repeated", async (name, value) => {
    const error = await errorOf(
      makeCall(number, appointment, { environment: { ...complete, [name]: value } }),
    );
    expect(error).toMatchObject({ code: "invalid-environment", field: name });
    expect(error.message).not.toMatch(/hunter2|ftp:|15105550173/);
  });

  it.each<[string, (keyof MakeCallOptions)[], string[]]>([
    ["a database", ["rooms", "dialer"], ["SIP_VOICE_DB"]],
    ["a database, if one part of it is missing", ["rooms", "dialer", "ledger", "callLog"], ["SIP_VOICE_DB"]],
    [
      "LiveKit and a trunk",
      ["ledger", "preferences", "callLog"],
      ["LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "LIVEKIT_URL", "OUTBOUND_TRUNK_ID"],
    ],
    [
      "LiveKit without a trunk",
      ["ledger", "preferences", "callLog", "dialer"],
      ["LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "LIVEKIT_URL"],
    ],
  ])("is needed only for what was not given: %s", async (_, given, missing) => {
    const options = Object.fromEntries(given.map((name) => [name, outside.options[name as "ledger"]]));
    const error = await errorOf(makeCall(number, appointment, { ...options, environment: {} }));
    expect(error.field?.split(", ").sort()).toEqual(missing);
  });
});
