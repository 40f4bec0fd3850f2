import { SipVoiceError } from "../errors.ts";

/** Reads the name of the schema; gives it as it is and as it stands in SQL. */
export function schemaName(schema = "sip_voice"): { readonly name: string; readonly quoted: string } {
  // PostgreSQL cuts names at 63 bytes and keeps "pg_" for itself; without quotes it turns capitals into small letters.
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema) || schema.startsWith("pg_")) {
    throw new SipVoiceError("invalid-option", "The schema is not a name that is taken here.", {
      field: "schema",
      remedy: "Use small letters, digits and _, beginning with a letter; not pg_.",
    });
  }
  return { name: schema, quoted: `"${schema}"` };
}
