/** What a campaign's runner takes of memory with 100,000 contacts in its list, and whether it takes more as it works. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CampaignContact, defaultRetryPlan } from "@clinic/sip-voice";
import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
import { type BenchRow, benchRow } from "../src/bench-row.ts";
import type { RunContext } from "../src/run-context.ts";
import { runBareRunner } from "./campaign-memory/bare-runner.ts";
import { appointmentIdOf, campaignId, clinicId, numberOf } from "./campaign-memory/campaign.ts";

const consent = { basis: "given-at-booking", recordedAt: "2026-01-05T09:00:00Z" } as const;

/** Contacts with invented numbers, one after the other: a list of this length is nowhere in memory. */
function* contacts(count: number): Generator<CampaignContact> {
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const appointments = [{ id: appointmentIdOf(ordinal) }];
    yield { id: `contact-${ordinal}`, phoneNumber: numberOf(ordinal), appointments, consent };
  }
}

/** Measures; see the issue "Outbound": flat over 100,000 queued contacts, under 150 MB for the runner. */
export async function bench(context: RunContext): Promise<readonly BenchRow[]> {
  const { quick, signal, progress, onEnd } = context;
  const queued = quick ? 5_000 : 100_000;
  const calls = quick ? 200 : 3_000;
  const folder = await mkdtemp(join(tmpdir(), "bench-campaign-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "clinic.db");
  progress(`writing a list of ${queued} contacts`);
  const database = openClinicDatabase(file);
  onEnd(() => database.close());
  await database.campaigns.create({
    id: campaignId,
    clinicId,
    pace: { concurrency: 10, pauseMs: 0, callsPerSecond: 100 },
    retries: defaultRetryPlan,
    createdAt: Date.now(),
  });
  await database.campaigns.addContacts(campaignId, contacts(queued));
  await database.campaigns.setState(campaignId, "running");
  signal.throwIfAborted();
  progress(`a runner makes ${calls} calls`);
  const { afterStart, atEnd, peak, made } = await runBareRunner(context, file, calls);
  if (made < calls) throw new Error(`The runner made only ${made} calls.`);
  return [
    benchRow({
      metric: `Memory of a runner with ${queued} contacts queued, at the most`,
      unit: "MB",
      ours: peak,
      theirs: null,
      goal: "<= 150 MB",
    }),
    benchRow({
      metric: `Memory after ${calls} calls, beside that after the first tenth of them`,
      unit: "MB",
      ours: atEnd,
      theirs: afterStart,
      goal: "<= 1.15x",
    }),
  ];
}
