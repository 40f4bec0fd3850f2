import { testMessageLog } from "../testing/index.ts";
import { memoryMessageLog } from "./message-log.ts";

testMessageLog("memory", () => ({ port: memoryMessageLog() }));
