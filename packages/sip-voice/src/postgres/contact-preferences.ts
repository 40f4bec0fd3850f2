import type { Consent, ContactPreferences } from "../policy/contact-preferences.ts";
import type { PostgresDatabase } from "./database.ts";

type PreferenceRow = {
  readonly consent_basis: Consent["basis"] | null;
  readonly consent_recorded_at: string | null;
  readonly opted_out_at: string | null;
};

/**
 * Consent and opt-outs in PostgreSQL. Their instants are kept as they were given and not checked here: an opt-out must not
 * fail for its spelling, and the policy refuses a consent that it can't date.
 */
export function postgresContactPreferences({ schema, read, write }: PostgresDatabase): ContactPreferences {
  const table = `${schema}.contact_preferences`;
  const change = (text: string, values: readonly unknown[]): Promise<void> =>
    write(async (query) => void (await query(text, values)));

  return {
    async get(phoneNumber) {
      const { rows } = await read(`SELECT * FROM ${table} WHERE phone_number = $1`, [phoneNumber]);
      const row = rows[0] as PreferenceRow | undefined;
      const basis = row?.consent_basis ?? undefined;
      return {
        consent: basis && { basis, recordedAt: row?.consent_recorded_at ?? "" },
        optedOutAt: row?.opted_out_at ?? undefined,
      };
    },
    recordConsent: (phoneNumber, { basis, recordedAt }) =>
      change(
        `INSERT INTO ${table} (phone_number, consent_basis, consent_recorded_at) VALUES ($1, $2, $3)
         ON CONFLICT (phone_number) DO UPDATE SET
           consent_basis = excluded.consent_basis, consent_recorded_at = excluded.consent_recorded_at`,
        [phoneNumber, basis, recordedAt],
      ),
    optOut: (phoneNumber, at) =>
      change(
        `INSERT INTO ${table} AS kept (phone_number, opted_out_at) VALUES ($1, $2)
         ON CONFLICT (phone_number) DO UPDATE SET opted_out_at = coalesce(kept.opted_out_at, excluded.opted_out_at)`,
        [phoneNumber, at],
      ),
    undoOptOut: (phoneNumber) =>
      change(`UPDATE ${table} SET opted_out_at = NULL WHERE phone_number = $1`, [phoneNumber]),
  };
}
