import { parseLimit } from "../appointments/limit.ts";
import type { DecisionLog, LoggedDecision } from "../policy/decision-log.ts";
import type { PostgresDatabase } from "./database.ts";

type DecisionRow = {
  readonly attempt_id: string;
  readonly clinic_id: string;
  readonly about: LoggedDecision["about"];
  readonly record: string;
};

function decisionOf({ attempt_id, clinic_id, about, record }: DecisionRow): LoggedDecision {
  return { attemptId: attempt_id, clinicId: clinic_id, about, record: JSON.parse(record) };
}

/** The policy's decisions in PostgreSQL. */
export function postgresDecisionLog({ schema, read, write }: PostgresDatabase): DecisionLog {
  const columns = "attempt_id, clinic_id, about, record::text AS record";

  async function select(text: string, values: readonly unknown[]): Promise<readonly LoggedDecision[]> {
    const { rows } = await read(`SELECT ${columns} FROM ${schema}.decisions ${text}`, values);
    return (rows as unknown as DecisionRow[]).map(decisionOf);
  }

  return {
    append: ({ attemptId, clinicId, about, record }) =>
      write(async (query) => {
        await query(
          `INSERT INTO ${schema}.decisions (attempt_id, clinic_id, about, allowed, record)
           VALUES ($1, $2, $3, $4, $5)`,
          [attemptId, clinicId, about, record.allowed, JSON.stringify(record)],
        );
      }),
    ofAttempt: (attemptId) => select("WHERE attempt_id = $1 ORDER BY ordinal", [attemptId]),
    recent: ({ clinicId, allowed, limit }) =>
      select("WHERE clinic_id = $1 AND allowed IN ($2, $3) ORDER BY ordinal DESC LIMIT $4", [
        clinicId,
        allowed ?? false,
        allowed ?? true,
        parseLimit(limit),
      ]),
  };
}
