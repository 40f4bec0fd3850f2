import { type Consent, type ContactPreferences, laterInstant } from "../policy/contact-preferences.ts";
import type { SqliteDatabase } from "./database.ts";

type PreferenceRow = {
  readonly consent_basis: Consent["basis"] | null;
  readonly consent_recorded_at: string | null;
  readonly opted_out_at: string | null;
  readonly consent_revoked_at: string | null;
};

/**
 * Consent and opt-outs in the clinic's SQLite file. Their instants are kept as they were given and not checked here:
 * an opt-out must not fail for its spelling, and the policy refuses a consent that it can't date.
 */
export function sqliteContactPreferences(database: SqliteDatabase): ContactPreferences {
  const { connection, read, write } = database;
  const select = connection.prepare("SELECT * FROM contact_preferences WHERE phone_number = ?");
  const consent = connection.prepare(
    `INSERT INTO contact_preferences (phone_number, consent_basis, consent_recorded_at) VALUES (?, ?, ?)
     ON CONFLICT (phone_number) DO UPDATE SET
       consent_basis = excluded.consent_basis, consent_recorded_at = excluded.consent_recorded_at`,
  );
  const optOut = connection.prepare(
    `INSERT INTO contact_preferences (phone_number, opted_out_at) VALUES (?, ?)
     ON CONFLICT (phone_number) DO UPDATE SET opted_out_at = coalesce(opted_out_at, excluded.opted_out_at)`,
  );
  const revoke = connection.prepare(
    `INSERT INTO contact_preferences (phone_number, consent_revoked_at) VALUES (?, ?)
     ON CONFLICT (phone_number) DO UPDATE SET consent_revoked_at = excluded.consent_revoked_at`,
  );
  const undo = connection.prepare(
    "UPDATE contact_preferences SET opted_out_at = NULL WHERE phone_number = ?",
  );

  return {
    async get(phoneNumber) {
      const row = (await read(() => select.get(phoneNumber))) as PreferenceRow | undefined;
      const basis = row?.consent_basis ?? undefined;
      return {
        consent: basis && { basis, recordedAt: row?.consent_recorded_at ?? "" },
        optedOutAt: row?.opted_out_at ?? undefined,
        ...(row?.consent_revoked_at ? { consentRevokedAt: row.consent_revoked_at } : {}),
      };
    },
    recordConsent: (phoneNumber, { basis, recordedAt }) =>
      write(() => void consent.run(phoneNumber, basis, recordedAt)),
    revokeConsent: (phoneNumber, at) =>
      write(() => {
        const row = select.get(phoneNumber) as PreferenceRow | undefined;
        revoke.run(phoneNumber, laterInstant(row?.consent_revoked_at ?? undefined, at));
      }),
    optOut: (phoneNumber, at) => write(() => void optOut.run(phoneNumber, at)),
    undoOptOut: (phoneNumber) => write(() => void undo.run(phoneNumber)),
  };
}
