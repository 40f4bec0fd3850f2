/**
 * What a finding is about.
 *
 * - `broken-json`, `unknown-field`, `duplicate-field`, `wrong-shape`: the file can't be read as LiveKit's message
 * - `unset-variable`: a `${NAME}` without a value
 * - `secret-in-file`: a password that stands in the file itself
 * - `address-port`, `address-form`, `transport`, `username`, `credentials`, `number-format`: what carriers refuse, mostly silently
 * - `fqdn`: the carrier sends calls to another LiveKit project
 * - `agent`, `shared-room`, `pin`, `hidden-number`, `rule-without-trunk`: what a dispatch rule does to callers
 * - `overlapping-rules`, `overlapping-trunks`: LiveKit refuses one of them, or a call goes where nobody expects it
 * - `open-trunk`: anybody may call in
 * - `ambiguous-name`, `wrong-id`, `gone`, `hidden-secret`: what the plan found in the project
 */
export type SipFindingRule =
  | "broken-json"
  | "unknown-field"
  | "duplicate-field"
  | "wrong-shape"
  | "unset-variable"
  | "secret-in-file"
  | "address-port"
  | "address-form"
  | "transport"
  | "username"
  | "credentials"
  | "number-format"
  | "fqdn"
  | "agent"
  | "shared-room"
  | "pin"
  | "hidden-number"
  | "rule-without-trunk"
  | "overlapping-rules"
  | "overlapping-trunks"
  | "open-trunk"
  | "ambiguous-name"
  | "wrong-id"
  | "gone"
  | "hidden-secret";

/** Something about the SIP set-up that somebody should know or mend. Holds no secret. */
export interface SipFinding {
  /** What it is about. */
  readonly rule: SipFindingRule;
  /** An error keeps the plan from being applied; a warning does not. */
  readonly severity: "error" | "warning";
  /** The file, as in `outbound_trunk.json`. */
  readonly file?: string;
  /** The line in the file, from 1. */
  readonly line?: number;
  /** The column in the line, from 1. */
  readonly column?: number;
  /** The field, as in `address` or `roomConfig.agents[0].agentName`. */
  readonly field?: string;
  /** What was found. */
  readonly found: string;
  /** What it leads to. */
  readonly means: string;
  /** What to do about it. */
  readonly remedy: string;
}

/**
 * A finding in one line, as in `outbound_trunk.json:4:5 address: …`.
 *
 * @example
 * ```ts
 * import { readSipConfig, sipFindingLine } from "@clinic/sip-voice/trunks";
 *
 * const { findings } = readSipConfig({ "inbound_trunk.json": "{" }, {});
 * for (const finding of findings) console.log(sipFindingLine(finding));
 * ```
 */
export function sipFindingLine({ file, line, column, field, found, means, remedy }: SipFinding): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  const where = [place, field].filter((part) => part !== undefined && part !== "").join(" ");
  return `${where === "" ? "" : `${where}: `}${found} ${means} ${remedy}`.replaceAll(/ +/g, " ").trim();
}
