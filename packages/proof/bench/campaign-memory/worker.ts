/** A campaign's runner whose telephones are all busy, in a process of its own: `node worker.ts <database> <calls>`. */
import {
  type Appointment,
  agentAttribute,
  type Clock,
  type Dialer,
  defaultCallingPolicy,
  dialFailure,
  participantKind,
  type RoomGateway,
  runCampaign,
  silentLogger,
  systemClock,
} from "@clinic/sip-voice";
import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
import type { RunnerMemory } from "./bare-runner.ts";
import { campaignId, clinicId, numberOf, ordinalOf } from "./campaign.ts";

/** Faster than the clock on the wall, so that the pace of a campaign is not what is measured. */
const speed = 20;
const beganAt = Date.now();
const clock: Clock = {
  now: () => beganAt + (Date.now() - beganAt) * speed,
  setTimer: (onFire, delayMs) => systemClock.setTimer(onFire, delayMs / speed),
};

const megabytes = (): number => process.memoryUsage.rss() / 1_000_000;

const day = { from: "00:00", to: "24:00" } as const;
const policy = {
  ...defaultCallingPolicy,
  windowExceptions: [{ numbers: ".", window: { 1: day, 2: day, 3: day, 4: day, 5: day, 6: day, 7: day } }],
  caps: { perNumberPerDay: 9, perNumberPerWeek: 9, perClinicPerDay: 1_000_000, concurrency: 1_000 },
};

/** Rooms in which an agent is ready as soon as it is asked for. */
function readyRooms(): RoomGateway {
  const ready = new Map<string, string>();
  return {
    createRoom: async () => {},
    removeRoom: async (name) => void ready.delete(name),
    participants: async (name) => {
      const attemptId = ready.get(name);
      const attributes = { [agentAttribute.ready]: attemptId ?? "" };
      return attemptId === undefined ? [] : [{ identity: "agent", kind: participantKind.agent, attributes }];
    },
    async dispatchAgent(name, _agentName, metadata) {
      ready.set(name, (JSON.parse(metadata) as { attemptId: string }).attemptId);
      return "AD_1";
    },
    withdrawAgent: async () => {},
    removeParticipant: async () => {},
    updateSubscriptions: async () => {},
    transfer: async () => ({ transferred: false, reason: "refused" }),
  };
}

const dialer: Dialer = { dial: async () => dialFailure("busy", 486) };

/** Every appointment that is asked for, since what is measured is the runner and no clinic's book. */
function appointmentOf(id: string): Appointment {
  return {
    id,
    version: "1",
    clinicId,
    patient: {
      id: `patient-of-${id}`,
      name: "Robin",
      phoneNumber: numberOf(ordinalOf(id)),
      timeZone: "America/Los_Angeles",
    },
    provider: "Dr. Lane",
    start: new Date(beganAt + 365 * 86_400_000).toISOString(),
    timeZone: "America/Los_Angeles",
    durationMinutes: 20,
    status: "booked",
    slotId: undefined,
  };
}

if (import.meta.main) {
  // Whoever started it is gone: nobody is left to tell.
  process.once("disconnect", () => process.exit());
  const [file = "", count = ""] = process.argv.slice(2);
  const calls = Number(count);
  const { ledger, preferences, callLog, campaigns, queueOf } = openClinicDatabase(file);
  let peak = megabytes();
  const look = (): number => {
    const now = megabytes();
    peak = Math.max(peak, now);
    return now;
  };
  const timer = setInterval(look, 20);
  let [made, afterStart] = [0, 0];
  const stop = new AbortController();
  await runCampaign(
    {
      ledger,
      preferences,
      callLog,
      campaigns,
      queue: queueOf(campaignId),
      appointments: { get: async (id) => appointmentOf(id) },
      rooms: readyRooms(),
      dialer,
      clock,
      logger: silentLogger,
    },
    {
      campaignId,
      policy,
      stop: stop.signal,
      onEvent({ type }) {
        if (type !== "try-ended") return;
        made += 1;
        // Between calls that nothing holds up no timer gets its turn.
        const now = look();
        if (made === Math.ceil(calls / 10)) afterStart = now;
        if (made === calls) stop.abort();
      },
    },
  );
  clearInterval(timer);
  const atEnd = look();
  const told: RunnerMemory = { afterStart, atEnd, peak, made };
  process.send?.(told, () => process.exit());
}
