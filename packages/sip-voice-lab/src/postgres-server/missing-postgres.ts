/** There is no PostgreSQL server on this machine. The message says how to install one. */
export class PostgresMissing extends Error {
  /** Stable code for programs. */
  readonly code = "postgres-missing";

  constructor(looked: readonly string[]) {
    super(
      [
        "This needs PostgreSQL's own programs (initdb, postgres) and found none. Do one of these, then try again:",
        "  - Debian, Ubuntu: scripts/ci/postgres.sh (it runs: apt-get install postgresql)",
        "  - macOS: brew install postgresql@17",
        "  - set SIP_VOICE_LAB_POSTGRES_BIN to the folder that holds them",
        `Looked in: ${looked.join(", ")}`,
      ].join("\n"),
    );
    this.name = "PostgresMissing";
  }
}

/** PostgreSQL was found but did not do what it was told. The message ends with its last lines. */
export class PostgresFailed extends Error {
  /** Stable code for programs. */
  readonly code = "postgres-failed";

  constructor(message: string, output: string) {
    const last = output.trim().split("\n").slice(-20).join("\n");
    super(last === "" ? message : `${message}\nIts last lines:\n${last}`);
    this.name = "PostgresFailed";
  }
}
