import { testDecisionLog } from "../testing/index.ts";
import { memoryDecisionLog } from "./decision-log.ts";

testDecisionLog("memory", () => ({ port: memoryDecisionLog() }));
