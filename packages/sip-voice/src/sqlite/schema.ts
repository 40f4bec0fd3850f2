import type { DatabaseSync } from "node:sqlite";
import { SipVoiceError } from "../errors.ts";

/**
 * The steps from an empty file to today's schema, each run once. A released step is never changed: append another.
 * Instants that are compared are milliseconds since 1970; texts of instants are kept beside them for their offset.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE slots (
    id TEXT PRIMARY KEY,
    clinic_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    start TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    time_zone TEXT NOT NULL,
    duration_minutes REAL NOT NULL
  ) STRICT;
  CREATE INDEX slots_of_clinic ON slots (clinic_id, start_ms, id);

  CREATE TABLE appointments (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    clinic_id TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    patient_name TEXT NOT NULL,
    phone_number TEXT NOT NULL,
    patient_time_zone TEXT,
    provider TEXT NOT NULL,
    start TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    time_zone TEXT NOT NULL,
    duration_minutes REAL NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('booked', 'confirmed', 'reschedule-requested', 'cancelled')),
    slot_id TEXT REFERENCES slots (id)
  ) STRICT;
  CREATE INDEX appointments_of_number ON appointments (phone_number, clinic_id, start_ms, id)
    WHERE status <> 'cancelled';
  -- Whatever a program does, a slot has one appointment at the most.
  CREATE UNIQUE INDEX appointment_of_slot ON appointments (slot_id) WHERE slot_id IS NOT NULL AND status <> 'cancelled';

  -- What was done on which call, and the version that it was decided on.
  CREATE TABLE appointment_changes (
    appointment_id TEXT NOT NULL REFERENCES appointments (id),
    call_id TEXT NOT NULL,
    change TEXT NOT NULL,
    decided_on INTEGER NOT NULL,
    PRIMARY KEY (appointment_id, call_id, change, decided_on)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE attempts (
    attempt_id TEXT PRIMARY KEY,
    call_id TEXT NOT NULL,
    clinic_id TEXT NOT NULL,
    phone_number TEXT NOT NULL,
    room_name TEXT NOT NULL,
    reserved_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('reserved', 'dialing', 'settled', 'unknown', 'released')),
    lease INTEGER NOT NULL,
    dialing_at INTEGER,
    finished_at INTEGER,
    outcome TEXT,
    -- 0 once it is known that nobody was rung: its caps are given back.
    counts INTEGER NOT NULL DEFAULT 1 CHECK (counts IN (0, 1))
  ) STRICT;
  CREATE INDEX attempts_on_number ON attempts (phone_number, reserved_at, attempt_id) WHERE counts = 1;
  CREATE INDEX attempts_of_clinic ON attempts (clinic_id, reserved_at, attempt_id) WHERE counts = 1;
  CREATE INDEX attempts_under_way ON attempts (reserved_at, attempt_id, clinic_id, phone_number)
    WHERE state IN ('reserved', 'dialing');

  CREATE TABLE contact_preferences (
    phone_number TEXT PRIMARY KEY,
    consent_basis TEXT,
    consent_recorded_at TEXT,
    opted_out_at TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE calls (
    ordinal INTEGER PRIMARY KEY,
    call_id TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE call_entries (
    ordinal INTEGER PRIMARY KEY,
    call_id TEXT NOT NULL REFERENCES calls (call_id),
    at REAL NOT NULL,
    event TEXT NOT NULL
  ) STRICT;
  CREATE INDEX entries_of_call ON call_entries (call_id);
  `,
  `
  ALTER TABLE slots ADD COLUMN location TEXT;

  ALTER TABLE appointments ADD COLUMN location TEXT;
  ALTER TABLE appointments ADD COLUMN patient_date_of_birth TEXT;
  ALTER TABLE appointments ADD COLUMN patient_place TEXT;
  ALTER TABLE appointments ADD COLUMN patient_language TEXT;
  ALTER TABLE appointments ADD COLUMN confirmation_code TEXT;
  -- JSON of AppointmentPreferences.
  ALTER TABLE appointments ADD COLUMN preferences TEXT;
  CREATE INDEX appointments_of_code ON appointments (confirmation_code, patient_date_of_birth, clinic_id, start_ms, id)
    WHERE confirmation_code IS NOT NULL AND patient_date_of_birth IS NOT NULL AND status <> 'cancelled';

  -- A slot is held by one call, and a call holds one slot.
  CREATE TABLE slot_holds (
    slot_id TEXT PRIMARY KEY REFERENCES slots (id),
    call_id TEXT NOT NULL UNIQUE,
    until_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE call_backs (
    call_id TEXT PRIMARY KEY,
    clinic_id TEXT NOT NULL,
    phone_number TEXT NOT NULL,
    appointment_id TEXT,
    requested_at TEXT NOT NULL,
    requested_at_ms INTEGER NOT NULL,
    finished INTEGER NOT NULL DEFAULT 0 CHECK (finished IN (0, 1))
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX call_backs_to_make ON call_backs (clinic_id, requested_at_ms, call_id) WHERE finished = 0;

  ALTER TABLE attempts ADD COLUMN appointment_id TEXT;
  CREATE INDEX attempts_that_rang ON attempts (phone_number, clinic_id, dialing_at, attempt_id)
    WHERE counts = 1 AND dialing_at IS NOT NULL;
  `,
  `
  CREATE TABLE queued_attempts (
    ordinal INTEGER PRIMARY KEY,
    attempt_id TEXT NOT NULL UNIQUE,
    priority INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    -- How often it was claimed, and until when the last claim holds; 0 when there is none.
    claims INTEGER NOT NULL DEFAULT 0,
    claimed_until INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX queued_attempts_in_order ON queued_attempts (priority DESC, ordinal, not_before, claimed_until);
  `,
  `
  ALTER TABLE attempts ADD COLUMN trunk_id TEXT;
  ALTER TABLE attempts ADD COLUMN ringing_timeout_seconds INTEGER;
  ALTER TABLE attempts ADD COLUMN call_limit_seconds INTEGER;
  -- Until when it may take up a line; NULL once it takes up none, so that it is no longer under way.
  ALTER TABLE attempts ADD COLUMN line_until INTEGER;
  UPDATE attempts SET line_until = lease_until WHERE state = 'reserved';
  UPDATE attempts SET line_until = dialing_at + 3740000 WHERE state = 'dialing';
  DROP INDEX attempts_under_way;
  CREATE INDEX attempts_on_line ON attempts (reserved_at, attempt_id, clinic_id, phone_number, trunk_id)
    WHERE line_until IS NOT NULL;
  CREATE INDEX attempts_to_review ON attempts (finished_at, attempt_id) WHERE state = 'unknown';
  `,
  `
  CREATE TABLE campaigns (
    id TEXT PRIMARY KEY,
    clinic_id TEXT NOT NULL,
    -- JSON of CampaignPace and RetryPlan.
    pace TEXT NOT NULL,
    retries TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('preparing', 'running', 'paused', 'cancelled', 'finished')),
    last_began_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE campaign_contacts (
    ordinal INTEGER PRIMARY KEY,
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    contact_id TEXT NOT NULL,
    phone_number TEXT NOT NULL,
    priority INTEGER NOT NULL,
    -- JSON of CampaignContact.
    contact TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting'
      CHECK (state IN ('waiting', 'calling', 'done', 'given-up', 'for-review', 'withdrawn')),
    try_number INTEGER NOT NULL DEFAULT 1,
    rung_tries INTEGER NOT NULL DEFAULT 0,
    unrung_tries INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,
    began_at INTEGER,
    ended_at INTEGER,
    -- 1 when the try that ended last may have rung: its line rests.
    rested INTEGER NOT NULL DEFAULT 0 CHECK (rested IN (0, 1)),
    -- JSON of TryResult, and its outcome.
    last_result TEXT,
    last_outcome TEXT,
    UNIQUE (campaign_id, contact_id),
    UNIQUE (campaign_id, phone_number)
  ) STRICT;
  CREATE INDEX contacts_in_order ON campaign_contacts (campaign_id, ordinal);
  CREATE INDEX contacts_counted ON campaign_contacts (campaign_id, state, last_outcome);
  CREATE INDEX contacts_due ON campaign_contacts (campaign_id, not_before) WHERE state = 'waiting';
  CREATE INDEX contacts_rested ON campaign_contacts (campaign_id, ended_at) WHERE rested = 1;
  `,
  `
  ALTER TABLE queued_attempts ADD COLUMN queue TEXT NOT NULL DEFAULT 'attempts';
  DROP INDEX queued_attempts_in_order;
  CREATE INDEX queued_attempts_in_order
    ON queued_attempts (queue, priority DESC, ordinal, not_before, claimed_until);
  `,
  `
  CREATE TABLE decisions (
    ordinal INTEGER PRIMARY KEY,
    attempt_id TEXT NOT NULL,
    clinic_id TEXT NOT NULL,
    about TEXT NOT NULL,
    allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
    -- JSON of a DecisionRecord.
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX decisions_on_attempt ON decisions (attempt_id, ordinal);
  CREATE INDEX decisions_of_clinic ON decisions (clinic_id, allowed, ordinal);

  -- One row while all dialling is stopped, none while it is not.
  CREATE TABLE stop_switch (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    stopped_at TEXT NOT NULL
  ) STRICT;

  ALTER TABLE contact_preferences ADD COLUMN consent_revoked_at TEXT;
  CREATE INDEX appointments_of_clinic ON appointments (clinic_id, start_ms, id);

  -- Text messages, at most one for each key; a row without an outcome is being sent, or its sender died.
  CREATE TABLE text_messages (
    key TEXT PRIMARY KEY,
    clinic_id TEXT NOT NULL,
    reserved_at INTEGER NOT NULL,
    outcome TEXT,
    finished_at INTEGER
  ) STRICT, WITHOUT ROWID;
  `,
];

/** The file's schema version; 0 for a new file. */
function versionOf(connection: DatabaseSync): number {
  const table = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'").get();
  if (!table) return 0;
  return Number(connection.prepare("SELECT max(version) AS version FROM schema_version").get()?.version ?? 0);
}

/** Brings the schema up to date. Several processes may do so at once: one does the work, the others wait for it. */
export function migrate(connection: DatabaseSync): void {
  if (versionOf(connection) < migrations.length) {
    connection.exec("BEGIN IMMEDIATE");
    try {
      const version = versionOf(connection);
      if (version === 0) connection.exec("CREATE TABLE schema_version (version INTEGER PRIMARY KEY) STRICT");
      for (const [index, sql] of migrations.entries()) {
        if (index < version) continue;
        connection.exec(sql);
        connection.prepare("INSERT INTO schema_version (version) VALUES (?)").run(index + 1);
      }
      connection.exec("COMMIT");
    } catch (error) {
      if (connection.isTransaction) connection.exec("ROLLBACK");
      throw error;
    }
  }
  const version = versionOf(connection);
  if (version <= migrations.length) return;
  throw new SipVoiceError(
    "store-unavailable",
    `The clinic database has schema version ${version}; this package knows ${migrations.length}.`,
    { field: "path", remedy: "Upgrade @clinic/sip-voice in every process that uses the file." },
  );
}
