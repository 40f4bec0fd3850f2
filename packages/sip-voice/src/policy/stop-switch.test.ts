import { testStopSwitch } from "../testing/index.ts";
import { memoryStopSwitch } from "./stop-switch.ts";

testStopSwitch("memory", () => ({ port: memoryStopSwitch() }));
