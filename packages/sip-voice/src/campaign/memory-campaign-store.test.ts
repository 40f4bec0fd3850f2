import { testCampaignStore } from "../testing/campaign-store-suite.ts";
import { memoryCampaignStore } from "./memory-campaign-store.ts";

testCampaignStore("memory", () => ({ port: memoryCampaignStore() }));
