import type { AppointmentStore } from "../appointments/store.ts";
import type { CallPorts } from "../outbound/planned-call.ts";
import type { CampaignStore } from "./campaign-store.ts";
import type { Queue } from "./queue.ts";

/** The outside world of a campaign. */
export interface CampaignPorts extends CallPorts {
  /** The campaigns and their contacts. */
  readonly campaigns: CampaignStore;
  /** The attempts that are still to be made. The campaign's own queue, named after its id: attempts of others in it are put off. */
  readonly queue: Queue;
  /** The clinic's appointments. */
  readonly appointments: Pick<AppointmentStore, "get">;
}
