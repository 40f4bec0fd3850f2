import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { SipVoiceError } from "../errors.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { sampleAppointment, sampleAttempt, sampleSlot, testLedger } from "../testing/index.ts";
import { openClinicDatabase } from "./clinic-database.ts";
import { migrateClinicDatabase } from "./migrate.ts";
import type { PostgresClient, PostgresPool } from "./pool.ts";
import { migrations } from "./schema.ts";
import { type ThrowAwaySchema, throwAwaySchema } from "./throw-away-schema.ts";

const number = parsePhoneNumber("+15105550111");
const cap = { name: "one", scope: "number", since: 0, atMost: 1 } as const;
const from = "2026-11-23T10:00:00-08:00";

let place: ThrowAwaySchema;

beforeEach(() => {
  place = throwAwaySchema(inject("postgresUrl"));
});

afterEach(() => place.dispose());

async function errorOf(step: () => unknown): Promise<SipVoiceError> {
  try {
    await step();
  } catch (error) {
    if (SipVoiceError.is(error)) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
}

async function unavailable(step: () => unknown, remedy: RegExp): Promise<void> {
  const error = await errorOf(step);
  expect(error.code).toBe("store-unavailable");
  expect(error.remedy).toMatch(remedy);
  expect(error.message).not.toContain("5550111");
}

/** The pool, with something done at a statement: before it is sent, or after it was answered. */
function meddled(
  pool: PostgresPool,
  statement: string,
  meddle: { before?: (pid: number) => Promise<unknown>; after?: (pid: number) => Promise<unknown> },
): PostgresPool {
  return {
    async connect() {
      const client = await pool.connect();
      const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
      const pid = Number(rows[0]?.pid);
      const query: PostgresClient["query"] = async (text, values) => {
        if (text !== statement) return await client.query(text, values);
        await meddle.before?.(pid);
        const result = await client.query(text, values);
        await meddle.after?.(pid);
        return result;
      };
      return {
        query,
        release: (error) => client.release(error),
        on: (event, listener) => client.on?.(event, listener),
        off: (event, listener) => client.off?.(event, listener),
      };
    },
  };
}

/** Another pool's settings must not weaken ours, nor its parsers change what we read. */
testLedger("postgres, on a pool with settings and parsers of its own", async () => {
  const { open, dispose } = throwAwaySchema(inject("postgresUrl"));
  const options =
    "-c default_transaction_isolation=serializable -c synchronous_commit=off -c TimeZone=Asia/Tokyo";
  const getTypeParser = (oid: number) =>
    oid === 20 ? BigInt : (text: string) => (oid === 23 ? Number(text) : text);
  const pool = { options, types: { getTypeParser: getTypeParser as never } };
  const { ledger } = await open({ pool });
  return { port: ledger, another: async () => (await open({ pool })).ledger, dispose };
});

describe("a connection that is lost", () => {
  const terminate = (pid: number) => place.query("SELECT pg_terminate_backend($1)", [pid]);

  it("before the commit: nothing was kept, and the attempt can be reserved by whoever asks", async () => {
    const { ledger } = await place.open();
    const broken = await openClinicDatabase(meddled(place.pool(), "COMMIT", { before: terminate }), {
      schema: place.schema,
      migrate: false,
    });
    await unavailable(() => broken.ledger.reserve(sampleAttempt(), [cap]), /read the state again/);
    expect(await ledger.get("attempt-1")).toBeUndefined();
    const reservation = await ledger.reserve(sampleAttempt(), [cap]);
    expect(reservation).toMatchObject({ kind: "reserved", attempt: { lease: 1 } });
  });

  it("after the commit, before its answer: the state tells, and nobody reserves twice", async () => {
    const { ledger } = await place.open();
    const lost = async () => {
      throw new Error("Connection terminated unexpectedly");
    };
    const broken = await openClinicDatabase(meddled(place.pool(), "COMMIT", { after: lost }), {
      schema: place.schema,
      migrate: false,
    });
    await unavailable(() => broken.ledger.reserve(sampleAttempt(), [cap]), /may have been kept/);
    expect(await ledger.get("attempt-1")).toMatchObject({ state: "reserved", lease: 1 });
    expect((await ledger.reserve(sampleAttempt(), [cap])).kind).toBe("known");
    await unavailable(() => broken.ledger.startDialing("attempt-1", 1, 1), /may have been kept/);
    expect((await ledger.startDialing("attempt-1", 1, 2)).kind).toBe("lost");
    expect(await ledger.get("attempt-1")).toMatchObject({ state: "dialing", dialingAt: 1 });
  });

  it("in its first moment: somebody listens before anybody gets it", async () => {
    const pool = place.pool({ max: 1 });
    const { ledger } = await openClinicDatabase(pool, { schema: place.schema });
    await openClinicDatabase(pool, { schema: place.schema });
    const listeners: number[] = [];
    pool.on("acquire", (client) => listeners.push(client.listenerCount("error")));
    await ledger.get("attempt-1");
    // The pool's own, which it takes away now, and ours, once.
    expect(listeners).toEqual([2]);
  });

  it("at any moment: each attempt is reserved once, and what was acknowledged is there", async () => {
    const { ledger } = await place.open({ pool: { application_name: place.schema, max: 2 } });
    const reserved: string[] = [];
    const uncertain: string[] = [];
    let isOver = false;
    const terminator = (async () => {
      while (!isOver) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
        await place.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND random() < 0.5`,
          [place.schema],
        );
      }
    })();
    for (let index = 0; index < 150; index++) {
      const attemptId = `attempt-${index}`;
      try {
        const reservation = await ledger.reserve(sampleAttempt({ attemptId }), []);
        expect(reservation).toMatchObject({ kind: "reserved", attempt: { lease: 1 } });
        reserved.push(attemptId);
      } catch (error) {
        expect(SipVoiceError.is(error) && error.code).toBe("store-unavailable");
        uncertain.push(attemptId);
      }
    }
    isOver = true;
    await terminator;
    expect(reserved.length).toBeGreaterThan(0);
    expect(uncertain.length).toBeGreaterThan(0);
    const kept = (await (await place.open()).ledger.underWay()).map(({ attemptId }) => attemptId);
    expect(kept).toEqual(expect.arrayContaining(reserved));
    expect(new Set(kept).size).toBe(kept.length);
    const again = await Promise.all(
      uncertain.map(async (attemptId) => {
        const { ledger: later } = await place.open({ pool: { max: 1 } });
        return (await later.reserve(sampleAttempt({ attemptId }), [])).kind;
      }),
    );
    expect(again).toEqual(uncertain.map((attemptId) => (kept.includes(attemptId) ? "known" : "reserved")));
  });
});

describe("a database that is slow", () => {
  it("is given up at the deadline; the connection stays, and the server ends what it was doing", async () => {
    const { appointments, addAppointments } = await place.open({ deadlineMs: 400, pool: { max: 1 } });
    await addAppointments([sampleAppointment()]);
    const holder = await place.pool().connect();
    await holder.query("BEGIN");
    await holder.query(`SELECT FROM ${place.schema}.appointments FOR UPDATE`);
    const write = { version: "1", callId: "call-1" };
    await unavailable(() => appointments.confirm("appointment-1", write), /long transactions/);
    const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%${place.schema}%FOR UPDATE'`;
    expect((await place.query(waiting)).rowCount).toBe(0);
    expect((await appointments.get("appointment-1"))?.status).toBe("booked");
    await holder.query("ROLLBACK");
    holder.release();
    expect((await appointments.confirm("appointment-1", write)).ok).toBe(true);
  });

  it("does not answer at all: the connection is closed", async () => {
    const pool = place.pool({ max: 1 });
    const database = await openClinicDatabase(pool, { schema: place.schema, deadlineMs: 300 });
    const never = () => new Promise<never>(() => {});
    const silent = await openClinicDatabase(meddled(pool, "COMMIT", { before: never }), {
      schema: place.schema,
      deadlineMs: 300,
      migrate: false,
    });
    await unavailable(() => silent.ledger.reserve(sampleAttempt(), []), /longer deadlineMs/);
    expect(await database.ledger.get("attempt-1")).toBeUndefined();
    expect(pool.totalCount).toBe(1);
  });

  it("has no connection free: nothing is lost when one comes too late", async () => {
    const pool = place.pool({ max: 1 });
    const { ledger } = await openClinicDatabase(pool, { schema: place.schema, deadlineMs: 200 });
    const holder = await pool.connect();
    await unavailable(() => ledger.get("attempt-1"), /deadlineMs/);
    holder.release();
    expect(await ledger.get("attempt-1")).toBeUndefined();
    expect(pool.waitingCount).toBe(0);
  });
});

describe("transactions that stand in each other's way", () => {
  it("are done again when the server has undone one of them", async () => {
    const { addAppointments } = await place.open();
    await addAppointments([sampleAppointment()]);
    let failures = 2;
    const unlucky = await openClinicDatabase(
      meddled(place.pool(), "COMMIT", {
        async before() {
          if (failures-- > 0) throw Object.assign(new Error("deadlock detected"), { code: "40P01" });
        },
      }),
      { schema: place.schema, migrate: false },
    );
    const write = { version: "1", callId: "call-1" };
    expect((await unlucky.appointments.confirm("appointment-1", write)).ok).toBe(true);
    failures = 100;
    await unavailable(
      () => unlucky.appointments.cancel("appointment-1", { ...write, version: "2" }),
      /Try again/,
    );
    expect((await unlucky.appointments.get("appointment-1"))?.status).toBe("confirmed");
  });
});

describe("the tables", () => {
  it("are made once, however often they are asked for", async () => {
    const pools = [place.pool(), place.pool(), place.pool()];
    const { schema } = place;
    await Promise.all(
      pools.flatMap((pool) => [
        migrateClinicDatabase(pool, { schema }),
        openClinicDatabase(pool, { schema }),
      ]),
    );
    await migrateClinicDatabase(place.pool(), { schema });
    const { rows } = await place.query(`SELECT count(*)::int AS steps FROM ${schema}.schema_version`);
    expect(rows).toEqual([{ steps: migrations(schema).length }]);
  });

  it("are refused when they are newer, older or not there", async () => {
    const { schema } = place;
    const open = () => openClinicDatabase(place.pool(), { schema, migrate: false });
    await unavailable(open, /Run migrateClinicDatabase/);
    await migrateClinicDatabase(place.pool(), { schema });
    await open();
    await place.query(`INSERT INTO ${schema}.schema_version (version) VALUES (1000)`);
    await unavailable(open, /Upgrade @clinic\/sip-voice/);
    await unavailable(() => place.open(), /Upgrade @clinic\/sip-voice/);
  });

  it("may belong to another user, who then need not be asked for anything", async () => {
    const { schema } = place;
    await migrateClinicDatabase(place.pool(), { schema });
    await place.query(`CREATE ROLE ${schema}_app LOGIN PASSWORD 'app'`);
    try {
      const url = new URL(inject("postgresUrl"));
      url.username = `${schema}_app`;
      url.password = "app";
      const app = place.pool({ connectionString: url.href });
      await unavailable(() => openClinicDatabase(app, { schema }), /Grant the user/);
      await place.query(`GRANT USAGE ON SCHEMA ${schema} TO ${schema}_app`);
      await place.query(
        `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${schema}_app`,
      );
      const { ledger } = await openClinicDatabase(app, { schema });
      expect((await ledger.reserve(sampleAttempt(), [cap])).kind).toBe("reserved");
    } finally {
      await place.query(`DROP OWNED BY ${schema}_app; DROP ROLE ${schema}_app`);
    }
  });
});

describe("what is given", () => {
  it("is refused where it is wrong, and named", async () => {
    const { schema } = place;
    for (const [field, step] of [
      ["pool", () => openClinicDatabase(undefined as never)],
      ["deadlineMs", () => openClinicDatabase(place.pool(), { schema, deadlineMs: 0 })],
      ["schema", () => openClinicDatabase(place.pool(), { schema: 'a"; DROP TABLE b' })],
      ["schema", () => openClinicDatabase(place.pool(), { schema: "pg_temp" })],
    ] as const) {
      const error = await errorOf(step);
      expect([error.code, error.field]).toEqual(["invalid-option", field]);
    }
    const { appointments, callLog, addSlots, addAppointments } = await place.open();
    await addSlots([sampleSlot()]);
    await addAppointments([sampleAppointment({ slotId: "slot-1" })]);
    for (const [field, step] of [
      ["from", () => appointments.findUpcoming(number, { clinicId: "main", from: "today" })],
      ["limit", () => appointments.openSlots({ clinicId: "main", from, to: from, limit: -1 })],
      ["limit", () => callLog.recent(1.5)],
    ] as const) {
      const error = await errorOf(step);
      expect([error.code, error.field]).toEqual(["invalid-option", field]);
    }
    for (const [field, overrides] of [
      ["slotId", { slotId: "slot-1" }],
      ["slotId", { slotId: "slot-unknown" }],
      ["status", { status: "lost" as "booked" }],
      ["start", { start: "2026-11-24T10:00:00" }],
      [undefined, { provider: undefined as unknown as string }],
      [undefined, { durationMinutes: Number.NaN }],
      [undefined, { provider: "Dr. \0" }],
    ] as const) {
      const error = await errorOf(() =>
        addAppointments([sampleAppointment({ id: "appointment-2", ...overrides })]),
      );
      expect([error.code, error.field]).toEqual(["invalid-appointment", field]);
    }
  });

  it("can't change a statement, and comes back as it was", async () => {
    const { appointments, addAppointments, callLog } = await place.open();
    const name = `Robert'); DROP TABLE ${place.schema}.appointments; -- مرحبا "\\ $1 %`;
    const patient = { id: "'", name, phoneNumber: number };
    const id = `x' OR '1'='1`;
    await addAppointments([sampleAppointment({ id, patient }), sampleAppointment({ id: "other" })]);
    expect((await appointments.get(id))?.patient).toEqual(patient);
    expect(await appointments.get(`${id} `)).toBeUndefined();
    const entry = { at: 1.5, event: { type: "model-lost", cause: "\0 \ud800 {,}\"'" } } as const;
    await callLog.append("call", [entry]);
    expect((await callLog.read("call"))?.entries).toEqual([entry]);
  });

  it("is added beyond what fits into one transaction, and left alone where it is there", async () => {
    const { appointments, addAppointments } = await place.open();
    const many = Array.from({ length: 1_201 }, (_, index) =>
      sampleAppointment({ id: `appointment-${index}` }),
    );
    expect(await addAppointments(many)).toBe(1_201);
    await appointments.confirm("appointment-7", { version: "1", callId: "call-1" });
    expect(await addAppointments(many)).toBe(0);
    expect((await appointments.get("appointment-7"))?.status).toBe("confirmed");
    expect(await appointments.findUpcoming(number, { clinicId: "main", from, limit: 2_000 })).toHaveLength(
      1_201,
    );
  });
});
