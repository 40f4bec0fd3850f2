import { checkCarrierFqdn } from "@clinic/sip-voice/trunks";
import { type DoctorStep, unchecked, well } from "./doctor-step.ts";

/** The status of Gemini's answer to a request for its models; `undefined` when nothing answered. */
export function geminiStep(status: number | undefined): DoctorStep {
  if (status === 200) return well("gemini", "Gemini takes the key.");
  if (status === 400 || status === 401 || status === 403)
    return {
      ...{ subject: "gemini", state: "error", found: `Gemini refuses the key (${status}).` },
      means: "Callers hear the fixed sentences only; the conversation does not begin.",
      remedy:
        "Make a key in Google AI Studio, look that the Gemini API is allowed for it, and set GOOGLE_API_KEY.",
    };
  if (status === 429)
    return {
      ...{
        subject: "gemini",
        state: "warning",
        found: "Gemini takes the key, and its quota is used up (429).",
      },
      means: "Conversations may not begin, or break off.",
      remedy: "Raise the quota, or wait until it is given anew.",
    };
  if (status === undefined)
    return {
      ...{ subject: "gemini", state: "error", found: "Gemini can't be reached from here." },
      means: "Callers hear the fixed sentences only.",
      remedy: "Look for a firewall, and check GOOGLE_GEMINI_BASE_URL if it is set.",
    };
  return unchecked("gemini", `Gemini answered ${status}: whether it takes the key is not known.`);
}

/** What was learnt of Telnyx. */
export interface TelnyxFacts {
  /** `ok`, or why the SIP server's name could not be looked up; `undefined` when it was not tried. */
  readonly dns: "ok" | "no-such-host" | "no-answer" | undefined;
  /** What Telnyx's API says, where a key is given. */
  readonly account:
    | { readonly status: number }
    | { readonly number: "unknown" | "unassigned" | "assigned"; readonly fqdns: readonly string[] }
    | undefined;
  readonly liveKitUrl: string;
  readonly liveKitSipUri: string | undefined;
}

/** What the facts of Telnyx mean. */
export function telnyxSteps({ dns, account, liveKitUrl, liveKitSipUri }: TelnyxFacts): readonly DoctorStep[] {
  const steps: DoctorStep[] = [];
  const say = (state: "error" | "warning", found: string, means: string, remedy: string): void =>
    void steps.push({ subject: "telnyx", state, found, means, remedy });
  if (dns === "no-such-host")
    say(
      "error",
      "TELNYX_SIP_SERVER is no host that exists.",
      "No call goes out.",
      "Set it to sip.telnyx.com, or to the one of your region.",
    );
  if (dns === "no-answer")
    say(
      "warning",
      "TELNYX_SIP_SERVER could not be looked up from here.",
      "Whether calls go out is not known.",
      "Check this machine's DNS.",
    );
  if (account === undefined)
    steps.push(unchecked("telnyx", "The account was not looked at: TELNYX_API_KEY is not set."));
  else if ("status" in account)
    say(
      "error",
      `Telnyx refuses TELNYX_API_KEY (${account.status}).`,
      "The account can't be looked at.",
      "Make a key (V2) in Telnyx's portal, or leave it out.",
    );
  else {
    if (account.number === "unknown")
      say(
        "error",
        "The number is not in this Telnyx account.",
        "No call reaches you.",
        "Buy it, or mend TELNYX_PHONE_NUMBER.",
      );
    if (account.number === "unassigned")
      say(
        "error",
        "The number is assigned to no SIP connection.",
        "Callers hear that it is not in service.",
        "Assign it to your SIP connection in Telnyx's portal, under Numbers.",
      );
    if (account.number === "assigned" && account.fqdns.length === 0)
      say(
        "error",
        "The number's SIP connection has no FQDN.",
        "Telnyx does not know where calls go.",
        "Add LiveKit's SIP host to the connection, port 5060.",
      );
    const wrong = account.fqdns
      .map((fqdn) => checkCarrierFqdn({ fqdn, liveKitUrl, liveKitSipUri }))
      .filter((one) => one !== undefined);
    if (account.fqdns.length > 0 && wrong.length === account.fqdns.length)
      for (const { found, means, remedy } of wrong.slice(0, 1)) say("error", found, means, remedy);
  }
  if (dns === "ok" && steps.every(({ state }) => state === "not-checked"))
    steps.unshift(well("telnyx", "TELNYX_SIP_SERVER is a host that exists."));
  return steps.length > 0
    ? steps
    : [well("telnyx", "The number is assigned, and its connection leads here.")];
}

/** What is at the path of the database. */
export type DatabaseState = "ready" | "empty" | "absent" | "no-folder" | "unreadable" | "not-a-database";

const databaseWords: Readonly<Record<Exclude<DatabaseState, "ready" | "absent">, readonly [string, string]>> =
  {
    empty: ["The database holds no tables yet.", "Start the agent once, or run your import: they make them."],
    "no-folder": ["The folder of SIP_VOICE_DB does not exist.", "Make the folder, or mend the path."],
    unreadable: [
      "The database can't be opened from here.",
      "Check who owns the file and whether the disk is there.",
    ],
    "not-a-database": [
      "The file of SIP_VOICE_DB is no SQLite database.",
      "Mend the path, or restore the file from a backup.",
    ],
  };

/** What the state of the database means. */
export function databaseStep(state: DatabaseState): DoctorStep {
  if (state === "ready") return well("database", "The database is there.");
  if (state === "absent") return well("database", "The database is not there yet; the first start makes it.");
  const [found, remedy] = databaseWords[state];
  const severity = state === "empty" ? "warning" : "error";
  return {
    subject: "database",
    state: severity,
    found,
    means: "No appointment is found and no call is allowed.",
    remedy,
  };
}
