import type { DemoCall } from "./demo-call.ts";
import { inboundCalls } from "./inbound-calls.ts";
import { outboundCalls } from "./outbound-calls.ts";

/** Every call of the demo, in the order of the report. */
export const demoCalls: readonly DemoCall[] = [...inboundCalls, ...outboundCalls];
