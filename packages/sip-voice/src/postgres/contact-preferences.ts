import { type Consent, type ContactPreferences, laterInstant } from "../policy/contact-preferences.ts";
import type { PostgresDatabase } from "./database.ts";

type PreferenceRow = {
  readonly consent_basis: Consent["basis"] | null;
  readonly consent_recorded_at: string | null;
  readonly opted_out_at: string | null;
  readonly consent_revoked_at: string | null;
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
        ...(row?.consent_revoked_at ? { consentRevokedAt: row.consent_revoked_at } : {}),
      };
    },
    recordConsent: (phoneNumber, { basis, recordedAt }) =>
      change(
        `INSERT INTO ${table} (phone_number, consent_basis, consent_recorded_at) VALUES ($1, $2, $3)
         ON CONFLICT (phone_number) DO UPDATE SET
           consent_basis = excluded.consent_basis, consent_recorded_at = excluded.consent_recorded_at`,
        [phoneNumber, basis, recordedAt],
      ),
    revokeConsent: (phoneNumber, at) =>
      write(async (query) => {
        // First the row, so that it can be locked: two revocations at once keep the later one.
        await query(`INSERT INTO ${table} (phone_number) VALUES ($1) ON CONFLICT DO NOTHING`, [phoneNumber]);
        const { rows } = await query(
          `SELECT consent_revoked_at FROM ${table} WHERE phone_number = $1 FOR UPDATE`,
          [phoneNumber],
        );
        const before = (rows[0] as Pick<PreferenceRow, "consent_revoked_at"> | undefined)?.consent_revoked_at;
        await query(`UPDATE ${table} SET consent_revoked_at = $2 WHERE phone_number = $1`, [
          phoneNumber,
          laterInstant(before ?? undefined, at),
        ]);
      }),
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
