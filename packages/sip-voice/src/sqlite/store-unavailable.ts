import { SipVoiceError } from "../errors.ts";

/** What node:sqlite throws; `errcode` is SQLite's extended result code (https://sqlite.org/rescode.html). */
interface SqliteError extends Error {
  readonly code: string;
  readonly errcode?: number;
}

/** SQLite's primary result codes that have a remedy of their own. */
const causes: Readonly<Record<number, readonly [what: string, remedy: string]>> = {
  5: ["was locked by another process for too long", "Look for a process that keeps a transaction open."],
  8: ["can't be written to", "Give this user write access to the file and to its folder."],
  10: ["can't be read or written: the disk failed", "Check the disk; keep the file on a local one."],
  11: ["is damaged", "Restore it from a backup."],
  13: ["can't grow: the disk is full", "Free space on the disk."],
  14: ["can't be opened", "Check that the path is a file in a folder that this user may write to."],
  26: ["is not an SQLite database", "Name another file, or restore this one from a backup."],
};

function isSqliteError(error: unknown): error is SqliteError {
  return (
    error instanceof Error && /^ERR_(SQLITE|INVALID_STATE|INVALID_ARG)/.test((error as SqliteError).code)
  );
}

/** Whether somebody else holds the lock, so that waiting may help. */
export function isBusy(error: unknown): boolean {
  return isSqliteError(error) && ((error.errcode ?? 0) & 0xff) === 5;
}

/** Gives an error of node:sqlite as what this package throws; any other error is given back as it is. */
export function asStoreError(error: unknown): unknown {
  if (!isSqliteError(error)) return error;
  if (error.code.startsWith("ERR_INVALID_ARG")) {
    const remedy = "Give every field the type that it is declared with.";
    return new SipVoiceError("invalid-option", "A value can't be stored.", { remedy, cause: error });
  }
  if (error.code === "ERR_INVALID_STATE") {
    const remedy = "Close it after the last call has ended.";
    return new SipVoiceError("store-unavailable", "The clinic database was closed.", {
      remedy,
      cause: error,
    });
  }
  const [what, remedy] = causes[(error.errcode ?? 0) & 0xff] ?? [
    "refused a step",
    "Look at the error's cause.",
  ];
  return new SipVoiceError("store-unavailable", `The clinic database ${what}.`, { remedy, cause: error });
}
