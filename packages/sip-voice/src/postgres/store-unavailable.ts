import { SipVoiceError } from "../errors.ts";

type Trouble = readonly [what: string, remedy: string];

const lost: Trouble = [
  "can't be reached, or the connection was lost in the middle",
  "Check that PostgreSQL runs and can be reached; read the state again before going on: the last step may have been kept.",
];
const slow: Trouble = [
  "took too long over a step",
  "Look for long transactions and locks, or give a longer deadlineMs.",
];
const login: Trouble = ["refused the login", "Check the pool's user, password, database and TLS options."];
const untrusted: Trouble = [
  "could not be reached over TLS",
  "Check the pool's ssl options: the certificate authority, the name in the server's certificate, and whether the server has TLS.",
];
const noTables: Trouble = [
  "has no tables of this package, or not all of them",
  "Run migrateClinicDatabase with the same schema.",
];

/** The SQLSTATEs that have a remedy of their own (PostgreSQL's documentation, appendix A), by code or class. */
const troubles: Readonly<Record<string, Trouble>> = {
  "08": lost,
  "28": login,
  "3D": login,
  "40": ["is too busy: others changed the same rows each time", "Try again later."],
  "42P01": noTables,
  "3F": noTables,
  "42501": ["refused a step to the pool's user", "Grant the user the schema, its tables and its sequences."],
  "25006": ["can't be written to", "Name the primary server, not a standby."],
  "25P03": slow,
  "53100": ["can't grow: the disk is full", "Free space on the server's disk."],
  "53300": ["has no connection left", "Make the pools smaller, or raise max_connections."],
  "55P03": slow,
  "57014": slow,
  "57P01": lost,
  "57P02": lost,
  "57P03": lost,
};

/** PostgreSQL's code (SQLSTATE) of what went wrong, looked for in the error and in what caused it. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code)) return code;
  return cause === undefined ? undefined : sqlStateOf(cause);
}

/** Whether the connection failed over TLS, as Node tells it by a code and `pg`, where the server has none, in words. */
function isAboutTls(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return /CERT|SELF_SIGNED|SSL|TLS/.test(String(code)) || /support SSL/.test(String(message));
}

/** Whether the transaction is known to have been undone because of others, so that it may be done again. */
export function mayBeRepeated(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === "40001" || state === "40P01";
}

/** Whether the connection is still in order after this error: PostgreSQL refused one statement and said why. */
export function leavesConnectionUsable(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== undefined && !/^(08|57P|25P03)/.test(state);
}

/** The error for a step that was not answered in time. */
export function tooSlow(): SipVoiceError {
  return new SipVoiceError("store-unavailable", "The clinic database did not answer in time.", {
    remedy: `${lost[1]} A longer deadlineMs may help.`,
  });
}

/** Gives what a pool or connection threw as what this package throws. */
export function asStoreError(cause: unknown): SipVoiceError {
  if (SipVoiceError.is(cause)) return cause;
  const state = sqlStateOf(cause) ?? "";
  if (state.startsWith("22")) {
    const remedy = "Give every field the type that it is declared with.";
    return new SipVoiceError("invalid-option", "A value can't be stored.", { remedy, cause });
  }
  const unknown: Trouble = ["refused a step", "Look at the error's cause."];
  const other = state !== "" ? unknown : isAboutTls(cause) ? untrusted : lost;
  const [what, remedy] = troubles[state] ?? troubles[state.slice(0, 2)] ?? other;
  return new SipVoiceError("store-unavailable", `The clinic database ${what}.`, { remedy, cause });
}
