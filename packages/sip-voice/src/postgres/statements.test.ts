import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { SipVoiceError } from "../errors.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { sampleAppointment, sampleSlot } from "../testing/index.ts";
import { openClinicDatabase } from "./clinic-database.ts";
import type { PostgresPool } from "./pool.ts";
import { type ThrowAwaySchema, throwAwaySchema } from "./throw-away-schema.ts";

const number = parsePhoneNumber("+15105550111");
const from = "2026-11-23T18:00:00Z";

let place: ThrowAwaySchema;

beforeEach(() => {
  place = throwAwaySchema(inject("postgresUrl"));
});

afterEach(() => place.dispose());

/** The pool, and what is asked through it. */
function overheard(pool: PostgresPool) {
  const asked: { text: string; values: unknown[] | undefined }[] = [];
  const overhearing: PostgresPool = {
    async connect() {
      const client = await pool.connect();
      return {
        query(text, values) {
          asked.push({ text, values });
          return client.query(text, values);
        },
        release: (error) => client.release(error),
      };
    },
  };
  return { pool: overhearing, asked };
}

async function refusal(step: () => Promise<unknown>): Promise<SipVoiceError> {
  const error = await step().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (SipVoiceError.is(error)) return error;
  throw new Error("It was not refused.", { cause: error });
}

describe("what a call asks", () => {
  it("is answered by an index, however much there is", async () => {
    const { pool, asked } = overheard(place.pool());
    const { appointments, addSlots, addAppointments } = await openClinicDatabase(pool, {
      schema: place.schema,
      deadlineMs: 60_000,
    });
    const monday = Date.parse("2026-11-30T08:00:00Z");
    const many = Array.from({ length: 6_000 }, (_, index) => ({
      id: `${index}`,
      start: new Date(monday + index * 900_000).toISOString(),
    }));
    await addSlots(many.map(sampleSlot));
    await addAppointments(
      many.map(({ id, start }) =>
        sampleAppointment({
          id,
          start,
          // Every third slot is free.
          slotId: Number(id) % 3 === 0 ? undefined : id,
          confirmationCode: id,
          patient: {
            id,
            name: "Nadia Haddad",
            phoneNumber: `+1510555${id}` as never,
            dateOfBirth: "1990-12-24",
          },
        }),
      ),
    );
    await place.query(`ANALYZE ${place.schema}.appointments, ${place.schema}.slots`);
    asked.length = 0;
    const query = { clinicId: "main", from };
    await appointments.findUpcoming(number, query);
    await appointments.findByIdentity({ ...query, confirmationCode: "1", dateOfBirth: "1990-12-24" });
    await appointments.get("1");
    await appointments.openSlots({ ...query, to: "2026-12-04T08:00:00Z", at: from });
    await appointments.callBacks({ clinicId: "main" });
    const plans = await Promise.all(
      asked.map(async ({ text, values }) => {
        const { rows } = await place.query(`EXPLAIN ${text}`, values);
        return rows.map((row) => row["QUERY PLAN"]).join("\n");
      }),
    );
    for (const [index, name] of [
      "appointments_of_number",
      "appointments_of_code",
      "appointments_pkey",
      "slots_of_clinic",
    ].entries()) {
      expect(plans[index]).toContain(name);
      expect(plans[index]).not.toMatch(/Seq Scan on (appointments|slots) /);
    }
    expect(plans[3]).toContain("appointment_of_slot");
    expect(plans).toHaveLength(5);
  });

  it("is ended on the server by the pool's own statement_timeout, and the connection stays", async () => {
    const pool = place.pool({ max: 1, statement_timeout: 150 });
    const { appointments } = await openClinicDatabase(pool, { schema: place.schema, deadlineMs: 30_000 });
    const holder = await place.pool().connect();
    await holder.query(`BEGIN; LOCK TABLE ${place.schema}.appointments IN ACCESS EXCLUSIVE MODE`);
    const error = await refusal(() => appointments.findUpcoming(number, { clinicId: "main", from }));
    expect([error.code, error.remedy]).toEqual([
      "store-unavailable",
      expect.stringContaining("long transactions"),
    ]);
    const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%${place.schema}%'`;
    expect((await place.query(waiting)).rowCount).toBe(0);
    expect(pool.totalCount).toBe(1);
    await holder.query("ROLLBACK");
    holder.release();
    expect(await appointments.findUpcoming(number, { clinicId: "main", from })).toEqual([]);
    expect(pool.totalCount).toBe(1);
  });
});

describe("the pool", () => {
  it("is told of in numbers: how many are open, idle and waiting, and how long they waited", async () => {
    const pool = place.pool({ max: 1 });
    const { appointments, poolUsage } = await openClinicDatabase(pool, {
      schema: place.schema,
      deadlineMs: 30_000,
    });
    const before = poolUsage();
    expect(before).toMatchObject({ total: 1, idle: 1, waiting: 0, missed: 0 });
    const holder = await pool.connect();
    const lookups = [1, 2, 3].map(() => appointments.get("a-1"));
    expect(poolUsage()).toMatchObject({ total: 1, idle: 0, waiting: 3, asked: before.asked + 3 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    holder.release();
    await Promise.all(lookups);
    const after = poolUsage();
    expect(after).toMatchObject({ total: 1, idle: 1, waiting: 0, asked: before.asked + 3, missed: 0 });
    expect(after.waitedMs - before.waitedMs).toBeGreaterThan(150);
    expect(after.longestWaitMs).toBeGreaterThan(50);
  });

  it("has missed whoever got no connection in time", async () => {
    const pool = place.pool({ max: 1 });
    const { appointments, poolUsage } = await openClinicDatabase(pool, {
      schema: place.schema,
      deadlineMs: 100,
    });
    const holder = await pool.connect();
    expect((await refusal(() => appointments.get("a-1"))).code).toBe("store-unavailable");
    holder.release();
    expect(poolUsage()).toMatchObject({ waiting: 0, missed: 1 });
  });
});
