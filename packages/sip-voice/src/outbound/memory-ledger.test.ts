import { testLedger } from "../testing/index.ts";
import { memoryLedger } from "./memory-ledger.ts";

testLedger("memory", () => ({ port: memoryLedger() }));
