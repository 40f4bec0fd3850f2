import * as z from "zod";
import { scenarioReminder } from "./scenario-clinic.ts";
import { words } from "./scenario-step.ts";

const outcomes = [
  "answered",
  "busy",
  "no-answer",
  "declined",
  "refused-by-policy",
  "agent-unavailable",
] as const;
const dispositions = [
  "confirmed",
  "cancelled",
  "rescheduled",
  "reschedule-requested",
  "wrong-number",
  "none",
] as const;
const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const statuses = ["booked", "confirmed", "reschedule-requested", "cancelled"] as const;

/** What should be once the call is over. */
export const scenarioExpectation = z.strictObject({
  outcome: z.enum(outcomes).default("answered"),
  disposition: z.enum(dispositions).optional().meta({ description: "What the patient decided." }),
  "ended-by": z.enum(["patient", "agent", "transfer", "time-limit"]).optional(),
  appointment: z.enum(statuses).default("booked").meta({ description: "Where the appointment stands." }),
  "moved-to": z.enum(days).optional().meta({ description: "The day to which the appointment has moved." }),
  rings: z.int().min(0).max(5).default(0).meta({
    description: "Telephones that the clinic rang: the patient's, or the operator's at a transfer.",
  }),
  "opted-out": z.boolean().optional(),
  transfer: z
    .enum(["none", "completed", "failed"])
    .optional()
    .meta({ description: "What became of a transfer." }),
  "call-back": z.boolean().optional().meta({ description: "Whether the clinic is to call back." }),
  "walk-in": z.boolean().optional().meta({ description: "What the store has of coming at short notice." }),
  reminder: scenarioReminder.optional().meta({ description: "What the store has of reminders." }),
  identity: z.enum(["unproven", "asked", "proven", "refused"]).optional(),
  party: z
    .enum(["person", "machine", "screener"])
    .optional()
    .meta({ description: "Who was on the other end." }),
  emergency: z.boolean().optional(),
  "not-said": z
    .array(words)
    .optional()
    .meta({ description: "Words that the model did not say in the whole call." }),
  tools: z.array(z.string()).optional().meta({ description: "The tools that the model used, in order." }),
  "refused-by": z.array(z.string()).optional().meta({ description: "The rules that refused the call." }),
});
