/**
 * The steps from an empty schema to today's, each run once. A released step is never changed: append another.
 * Instants that are compared are milliseconds since 1970; texts of instants are kept beside them for their offset.
 * Events and outcomes are `json`, not `jsonb`: a call record is kept whatever characters are in it.
 *
 * @param schema - the schema's name, quoted
 */
export function migrations(schema: string): readonly string[] {
  return [
    `
  -- Ids in the order of their bytes, whatever the database's own order: pages of slots go by them.
  CREATE TABLE ${schema}.slots (
    id text COLLATE "C" PRIMARY KEY,
    clinic_id text NOT NULL,
    provider text NOT NULL,
    start text NOT NULL,
    start_ms bigint NOT NULL,
    time_zone text NOT NULL,
    duration_minutes double precision NOT NULL,
    location text
  );
  CREATE INDEX slots_of_clinic ON ${schema}.slots (clinic_id, start_ms, id);

  CREATE TABLE ${schema}.appointments (
    id text COLLATE "C" PRIMARY KEY,
    version integer NOT NULL,
    clinic_id text NOT NULL,
    patient_id text NOT NULL,
    patient_name text NOT NULL,
    phone_number text NOT NULL,
    patient_time_zone text,
    patient_date_of_birth text,
    patient_place text,
    patient_language text,
    provider text NOT NULL,
    start text NOT NULL,
    start_ms bigint NOT NULL,
    time_zone text NOT NULL,
    duration_minutes double precision NOT NULL,
    location text,
    status text NOT NULL CHECK (status IN ('booked', 'confirmed', 'reschedule-requested', 'cancelled')),
    slot_id text COLLATE "C" REFERENCES ${schema}.slots (id),
    confirmation_code text,
    -- JSON of AppointmentPreferences.
    preferences text
  );
  CREATE INDEX appointments_of_number ON ${schema}.appointments (phone_number, clinic_id, start_ms, id)
    WHERE status <> 'cancelled';
  CREATE INDEX appointments_of_code
    ON ${schema}.appointments (confirmation_code, patient_date_of_birth, clinic_id, start_ms, id)
    WHERE confirmation_code IS NOT NULL AND patient_date_of_birth IS NOT NULL AND status <> 'cancelled';
  -- Whatever a program does, a slot has one appointment at the most.
  CREATE UNIQUE INDEX appointment_of_slot ON ${schema}.appointments (slot_id)
    WHERE slot_id IS NOT NULL AND status <> 'cancelled';

  -- What was done on which call, and the version that it was decided on.
  CREATE TABLE ${schema}.appointment_changes (
    appointment_id text COLLATE "C" NOT NULL REFERENCES ${schema}.appointments (id),
    call_id text NOT NULL,
    change text NOT NULL,
    decided_on text NOT NULL,
    PRIMARY KEY (appointment_id, call_id, change, decided_on)
  );

  -- A slot is held by one call, and a call holds one slot.
  CREATE TABLE ${schema}.slot_holds (
    slot_id text COLLATE "C" PRIMARY KEY REFERENCES ${schema}.slots (id),
    call_id text NOT NULL UNIQUE,
    until_ms bigint NOT NULL
  );

  CREATE TABLE ${schema}.call_backs (
    call_id text COLLATE "C" PRIMARY KEY,
    clinic_id text NOT NULL,
    phone_number text NOT NULL,
    appointment_id text,
    requested_at text NOT NULL,
    requested_at_ms bigint NOT NULL,
    finished boolean NOT NULL DEFAULT false
  );
  CREATE INDEX call_backs_to_make ON ${schema}.call_backs (clinic_id, requested_at_ms, call_id) WHERE NOT finished;

  CREATE TABLE ${schema}.attempts (
    attempt_id text PRIMARY KEY,
    call_id text NOT NULL,
    clinic_id text NOT NULL,
    phone_number text NOT NULL,
    room_name text NOT NULL,
    reserved_at bigint NOT NULL,
    lease_until bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('reserved', 'dialing', 'settled', 'unknown', 'released')),
    lease integer NOT NULL,
    dialing_at bigint,
    finished_at bigint,
    outcome json,
    -- False once it is known that nobody was rung: its caps are given back.
    counts boolean NOT NULL DEFAULT true,
    appointment_id text
  );
  CREATE INDEX attempts_on_number ON ${schema}.attempts (phone_number, reserved_at) WHERE counts;
  CREATE INDEX attempts_of_clinic ON ${schema}.attempts (clinic_id, reserved_at) WHERE counts;
  CREATE INDEX attempts_under_way ON ${schema}.attempts (clinic_id, phone_number)
    WHERE state IN ('reserved', 'dialing');
  CREATE INDEX attempts_that_rang ON ${schema}.attempts (phone_number, clinic_id, dialing_at, attempt_id)
    WHERE counts AND dialing_at IS NOT NULL;

  CREATE TABLE ${schema}.contact_preferences (
    phone_number text PRIMARY KEY,
    consent_basis text,
    consent_recorded_at text,
    opted_out_at text
  );

  CREATE TABLE ${schema}.calls (
    ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    call_id text NOT NULL UNIQUE
  );
  CREATE TABLE ${schema}.call_entries (
    ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    call_id text NOT NULL REFERENCES ${schema}.calls (call_id),
    at double precision NOT NULL,
    event json NOT NULL
  );
  CREATE INDEX entries_of_call ON ${schema}.call_entries (call_id, ordinal);
  `,
    `
  ALTER TABLE ${schema}.attempts ADD COLUMN trunk_id text;
  ALTER TABLE ${schema}.attempts ADD COLUMN ringing_timeout_seconds integer;
  ALTER TABLE ${schema}.attempts ADD COLUMN call_limit_seconds integer;
  -- Until when it may take up a line; null once it takes up none, so that it is no longer under way.
  ALTER TABLE ${schema}.attempts ADD COLUMN line_until bigint;
  UPDATE ${schema}.attempts SET line_until = lease_until WHERE state = 'reserved';
  UPDATE ${schema}.attempts SET line_until = dialing_at + 3740000 WHERE state = 'dialing';
  DROP INDEX ${schema}.attempts_under_way;
  CREATE INDEX attempts_on_line ON ${schema}.attempts (clinic_id, phone_number, trunk_id) WHERE line_until IS NOT NULL;
  CREATE INDEX attempts_to_review ON ${schema}.attempts (finished_at, attempt_id) WHERE state = 'unknown';
  `,
    `
  CREATE TABLE ${schema}.campaigns (
    id text PRIMARY KEY,
    clinic_id text NOT NULL,
    -- CampaignPace and RetryPlan.
    pace json NOT NULL,
    retries json NOT NULL,
    created_at bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('preparing', 'running', 'paused', 'cancelled', 'finished')),
    last_began_at bigint
  );
  CREATE TABLE ${schema}.campaign_contacts (
    ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id text NOT NULL REFERENCES ${schema}.campaigns (id),
    contact_id text NOT NULL,
    phone_number text NOT NULL,
    priority integer NOT NULL,
    -- CampaignContact.
    contact json NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
      CHECK (state IN ('waiting', 'calling', 'done', 'given-up', 'for-review', 'withdrawn')),
    try_number integer NOT NULL DEFAULT 1,
    rung_tries integer NOT NULL DEFAULT 0,
    unrung_tries integer NOT NULL DEFAULT 0,
    not_before bigint NOT NULL DEFAULT 0,
    began_at bigint,
    ended_at bigint,
    -- True when the try that ended last may have rung: its line rests.
    rested boolean NOT NULL DEFAULT false,
    -- TryResult, and its outcome.
    last_result json,
    last_outcome text,
    UNIQUE (campaign_id, contact_id),
    UNIQUE (campaign_id, phone_number)
  );
  CREATE INDEX contacts_in_order ON ${schema}.campaign_contacts (campaign_id, ordinal);
  CREATE INDEX contacts_counted ON ${schema}.campaign_contacts (campaign_id, state, last_outcome);
  CREATE INDEX contacts_due ON ${schema}.campaign_contacts (campaign_id, not_before) WHERE state = 'waiting';
  CREATE INDEX contacts_rested ON ${schema}.campaign_contacts (campaign_id, ended_at) WHERE rested;
  `,
    `
  CREATE TABLE ${schema}.decisions (
    ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    attempt_id text NOT NULL,
    clinic_id text NOT NULL,
    about text NOT NULL,
    allowed boolean NOT NULL,
    record json NOT NULL
  );
  CREATE INDEX decisions_on_attempt ON ${schema}.decisions (attempt_id, ordinal);
  CREATE INDEX decisions_of_clinic ON ${schema}.decisions (clinic_id, allowed, ordinal);

  -- One row while all dialling is stopped, none while it is not.
  CREATE TABLE ${schema}.stop_switch (
    id integer PRIMARY KEY CHECK (id = 1),
    stopped_at text NOT NULL
  );

  ALTER TABLE ${schema}.contact_preferences ADD COLUMN consent_revoked_at text;
  CREATE INDEX appointments_of_clinic ON ${schema}.appointments (clinic_id, start_ms, id);

  -- Text messages, at most one for each key; a row without an outcome is being sent, or its sender died.
  CREATE TABLE ${schema}.text_messages (
    key text PRIMARY KEY,
    clinic_id text NOT NULL,
    reserved_at bigint NOT NULL,
    outcome json,
    finished_at bigint
  );
  `,
  ];
}
