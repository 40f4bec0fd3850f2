import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type DialOutcomeName,
  dialFailure,
  dialFailureOfError,
  dialFailureOfSipStatus,
} from "./dial-outcome.ts";

interface RecordedFailure {
  readonly endpoint_answered: string;
  readonly code: string | null;
  readonly status: number | null;
  readonly message: string;
}

const recorded = JSON.parse(
  readFileSync(
    new URL("../../../sip-voice-lab/test/recorded/sip-dial-failures.json", import.meta.url),
    "utf8",
  ),
) as { readonly failures: readonly RecordedFailure[]; readonly transfer: readonly RecordedFailure[] };

const expectedOfRecorded: Readonly<Record<string, ReturnType<typeof dialFailure>>> = {
  "486 Busy Here": { outcome: "busy", retry: "later", sipStatus: 486 },
  "603 Decline": { outcome: "declined", retry: "after-review", sipStatus: 603 },
  "404 Not Found": { outcome: "invalid-number", retry: "never", sipStatus: 404 },
  "403 User channel limit exceeded D1 (Telnyx: trunk full)": {
    outcome: "trunk-capacity",
    retry: "later",
    sipStatus: 403,
  },
  "180 Ringing and then nothing, ringingTimeout 5 s": { outcome: "no-answer", retry: "later" },
  "nothing: the SIP service itself was overloaded and dialled nobody": {
    outcome: "trunk-capacity",
    retry: "later",
  },
};

describe("the outcome of a recorded failure", () => {
  it("is expected for each recorded line and for no other", () => {
    expect(recorded.failures.map((one) => one.endpoint_answered).sort()).toEqual(
      Object.keys(expectedOfRecorded).sort(),
    );
  });

  it.each(recorded.failures.map((failure) => [failure.endpoint_answered, failure] as const))(
    "%s",
    (name, failure) => {
      expect(dialFailureOfError(failure)).toEqual(expectedOfRecorded[name]);
    },
  );

  it.each(recorded.failures.map((failure) => [failure.endpoint_answered, failure] as const))(
    "%s, as an Error whose fields are on the instance",
    (name, failure) => {
      expect(dialFailureOfError(Object.assign(new Error(failure.message), failure))).toEqual(
        expectedOfRecorded[name],
      );
    },
  );

  it.each(recorded.transfer.map((failure) => [failure.endpoint_answered, failure] as const))(
    "leaves open what a request timeout did: %s",
    (_, failure) => {
      expect(dialFailureOfError(failure)).toEqual({ outcome: "unknown", retry: "after-review" });
    },
  );
});

describe("an error after which the telephone may have rung", () => {
  it.each<[string, unknown]>([
    [
      "the client's own timeout",
      new DOMException("The operation was aborted due to timeout", "TimeoutError"),
    ],
    ["an aborted request", new DOMException("This operation was aborted", "AbortError")],
    ["a lost connection", new TypeError("fetch failed", { cause: new Error("ECONNRESET") })],
    [
      "twirp deadline_exceeded",
      { code: "deadline_exceeded", status: 408, message: "request timed out", metadata: null },
    ],
    ["twirp internal", { code: "internal", status: 500, message: "internal error" }],
    ["twirp unavailable", { code: "unavailable", status: 503, message: "no response from servers" }],
    [
      "twirp resource_exhausted without a SIP status",
      { code: "resource_exhausted", status: 429, message: "busy" },
    ],
    ["a proxy's 502 without a twirp code", { status: 502, message: "Bad Gateway" }],
    ["canceled by somebody other than the ringing timeout", { code: "canceled", status: 499 }],
    [
      "an empty SIP status in the metadata",
      { code: "internal", status: 500, metadata: { sip_status_code: "" } },
    ],
    ["SIP status 0, protobuf's absent value", { code: "internal", status: 500, sipStatusCode: 0 }],
    ["a provisional SIP status", { code: "internal", status: 500, sipStatusCode: 180 }],
    ["a SIP status that is not a number", { code: "internal", metadata: { sip_status_code: "busy" } }],
    ["nothing at all", undefined],
    ["null", null],
    ["a thrown text", "boom"],
  ])("is unknown, and not tried again without review: %s", (_, error) => {
    expect(dialFailureOfError(error)).toEqual({ outcome: "unknown", retry: "after-review" });
  });
});

describe("an error with which the server says that it rang nobody", () => {
  it.each(["unauthenticated", "permission_denied", "invalid_argument", "not_found", "failed_precondition"])(
    "twirp %s without a SIP status is a refusal by the trunk",
    (code) => {
      expect(dialFailureOfError({ code, status: 400, message: "no" })).toEqual({
        outcome: "trunk-refused",
        retry: "after-review",
      });
    },
  );
});

describe("the outcome of a SIP status", () => {
  it.each<[number, DialOutcomeName]>([
    [486, "busy"],
    [600, "busy"],
    [480, "no-answer"],
    [408, "no-answer"],
    [603, "declined"],
    [607, "declined"],
    [404, "invalid-number"],
    [410, "invalid-number"],
    [484, "invalid-number"],
    [604, "invalid-number"],
    [401, "trunk-refused"],
    [403, "trunk-refused"],
    [407, "trunk-refused"],
    [488, "trunk-refused"],
    [500, "unreachable"],
    [502, "unreachable"],
    [503, "unreachable"],
    [504, "unreachable"],
  ])("%i is %s", (status, outcome) => {
    expect(dialFailureOfSipStatus(status)).toMatchObject({ outcome, sipStatus: status });
  });

  it.each<[string, DialOutcomeName]>([
    ["User channel limit exceeded D1", "trunk-capacity"],
    ["Connection Channel Limit Exceeded", "trunk-capacity"],
    ["Call rate limit exceeded", "trunk-capacity"],
    ["Forbidden", "trunk-refused"],
    ["Dialed number is not included in whitelisted countries D13", "trunk-refused"],
    ["Caller Origination Number is Invalid D35", "trunk-refused"],
    ["Destination not allowed for Corporate accounts", "trunk-refused"],
    ["International daily spent limit reached D39", "trunk-refused"],
  ])("403 %s is %s", (reason, outcome) => {
    expect(dialFailureOfSipStatus(403, reason).outcome).toBe(outcome);
  });

  it("takes the reason from the metadata when the error has it only there", () => {
    const metadata = { sip_status_code: "403", sip_status: "User channel limit exceeded D1" };
    expect(dialFailureOfError({ code: "permission_denied", metadata })).toMatchObject({
      outcome: "trunk-capacity",
      sipStatus: 403,
    });
  });

  it("is a definite outcome with its status for every final status from 300 to 699", () => {
    const known: readonly DialOutcomeName[] = [
      "busy",
      "no-answer",
      "declined",
      "invalid-number",
      "trunk-capacity",
      "trunk-refused",
      "unreachable",
    ];
    for (let status = 300; status <= 699; status++) {
      const failure = dialFailureOfError({ code: "unknown", status: 500, sipStatusCode: status });
      expect(known, String(status)).toContain(failure.outcome);
      expect(failure.sipStatus).toBe(status);
      expect(failure).toEqual(dialFailureOfSipStatus(status));
      if (status >= 500 && status < 600) expect(failure.outcome, String(status)).toBe("unreachable");
    }
  });
});

describe("whether a failed attempt may be tried again", () => {
  it.each([
    ["busy", "later"],
    ["no-answer", "later"],
    ["declined", "after-review"],
    ["invalid-number", "never"],
    ["trunk-capacity", "later"],
    ["trunk-refused", "after-review"],
    ["unreachable", "later"],
    ["agent-unavailable", "later"],
    ["cancelled", "later"],
    ["unknown", "after-review"],
  ] as const)("%s: %s", (outcome, retry) => {
    expect(dialFailure(outcome)).toEqual({ outcome, retry });
  });
});
