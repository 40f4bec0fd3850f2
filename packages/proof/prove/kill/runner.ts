/** A campaign runner's process: `node runner.ts <order as JSON>`; what it notes goes to its file descriptor 3. */
import { flushCompileCache } from "node:module";
import { defaultBreakerRule, runCampaign, silentLogger, systemClock } from "@clinic/sip-voice";
import { liveKitDialer, liveKitRoomGateway } from "@clinic/sip-voice/livekit";
import { Mortality } from "./death.ts";
import type { RunnerOrder } from "./runner-order.ts";
import { openRunnerStore } from "./runner-store.ts";

const notes = 3;

if (import.meta.main) {
  // Who is killed keeps nothing at its end: what was compiled is kept now, for those that come after it.
  flushCompileCache();
  const order = JSON.parse(process.argv[2] ?? "") as RunnerOrder;
  const { ledger, preferences, callLog, campaigns, queue, appointments } = await openRunnerStore(order);
  const rooms = await liveKitRoomGateway(order.liveKit);
  const dialer = await liveKitDialer(order.liveKit);
  const mortality = new Mortality(order.death, notes);
  await runCampaign(
    {
      ledger: mortality.around("ledger", ledger),
      preferences: mortality.around("preferences", preferences),
      callLog: mortality.around("callLog", callLog),
      campaigns: mortality.around("campaigns", campaigns),
      queue: mortality.around("queue", queue),
      appointments: mortality.around("appointments", appointments),
      rooms: mortality.around("rooms", rooms),
      dialer: mortality.around("dialer", dialer),
      clock: systemClock,
      logger: silentLogger,
    },
    {
      campaignId: order.campaignId,
      policy: order.policy,
      agentName: order.agentName,
      agentPatienceMs: order.agentPatienceMs,
      ringingTimeoutSeconds: 15,
      callLimitSeconds: 10,
      // What is proven must not be helped by a pause.
      breaker: { ...defaultBreakerRule, failures: 1_000 },
    },
  );
  process.exit(0);
}
