import { testCallLog } from "../testing/index.ts";
import { memoryCallLog } from "./call-log.ts";

testCallLog("memory", () => ({ port: memoryCallLog() }));
