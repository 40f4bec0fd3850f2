import { parseLimit } from "../appointments/limit.ts";
import type { DecisionLog, LoggedDecision } from "../policy/decision-log.ts";
import type { SqliteDatabase } from "./database.ts";

type DecisionRow = {
  readonly attempt_id: string;
  readonly clinic_id: string;
  readonly about: LoggedDecision["about"];
  readonly record: string;
};

function decisionOf({ attempt_id, clinic_id, about, record }: DecisionRow): LoggedDecision {
  return { attemptId: attempt_id, clinicId: clinic_id, about, record: JSON.parse(record) };
}

/** The policy's decisions in the clinic's SQLite file. */
export function sqliteDecisionLog({ connection, read, write }: SqliteDatabase): DecisionLog {
  const insert = connection.prepare(
    "INSERT INTO decisions (attempt_id, clinic_id, about, allowed, record) VALUES (?, ?, ?, ?, ?)",
  );
  const ofAttempt = connection.prepare("SELECT * FROM decisions WHERE attempt_id = ? ORDER BY ordinal");
  const recent = connection.prepare(
    "SELECT * FROM decisions WHERE clinic_id = ? AND allowed IN (?, ?) ORDER BY ordinal DESC LIMIT ?",
  );

  return {
    append: ({ attemptId, clinicId, about, record }) =>
      write(
        () => void insert.run(attemptId, clinicId, about, Number(record.allowed), JSON.stringify(record)),
      ),
    async ofAttempt(attemptId) {
      return ((await read(() => ofAttempt.all(attemptId))) as DecisionRow[]).map(decisionOf);
    },
    async recent({ clinicId, allowed, limit }) {
      const [one, other] = [Number(allowed ?? false), Number(allowed ?? true)];
      const rows = await read(() => recent.all(clinicId, one, other, parseLimit(limit)));
      return (rows as DecisionRow[]).map(decisionOf);
    },
  };
}
