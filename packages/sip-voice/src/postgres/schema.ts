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
  ];
}
