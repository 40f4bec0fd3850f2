import * as z from "zod";
import { storeTroubles, storeTroubleVariable } from "../lab/store-trouble.ts";

/** How a patient wants to be reminded. */
export const scenarioReminder = z.strictObject({
  channel: z.enum(["call", "sms", "none"]),
  "hours-before": z.int().min(1).max(168).optional(),
});

/** A reminder as a scenario file has it. */
export type ScenarioReminder = z.infer<typeof scenarioReminder>;

const statuses = ["booked", "confirmed", "reschedule-requested", "cancelled"] as const;

/** An appointment that is in the clinic's database before the call. */
export const scenarioAppointment = z.strictObject({
  patient: z
    .string()
    .regex(/^\p{Lu}\p{L}*$/u, "It is an invented first name, as in Maria.")
    .optional()
    .meta({ description: "Whose it is; the scenario's patient unless given." }),
  born: z.iso.date().optional().meta({ description: "When that patient was born, as in 1984-03-07." }),
  code: z
    .string()
    .regex(/^\d{4,20}$/, "It is four digits or more, in quotes.")
    .optional()
    .meta({ description: "The confirmation code." }),
  "days-later": z
    .int()
    .min(0)
    .max(10)
    .default(0)
    .meta({ description: "How many days after the coming Tuesday." }),
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'It is a time of the day in quotes, as in "10:00".')
    .default("10:00"),
  status: z.enum(statuses).default("booked"),
  "walk-in": z.boolean().optional(),
  reminder: scenarioReminder.optional(),
});

/** How the clinic is set up for a call. What is left out is as the example has it. */
export const scenarioClinic = z.strictObject({
  operator: z
    .enum(["refer", "bridge"])
    .optional()
    .meta({ description: "How callers are handed over: by SIP REFER, or dialled into the call." }),
  "operator-hours": z
    .enum(["always", "never"])
    .optional()
    .meta({ description: "When there is an operator." }),
  identity: z
    .enum(["caller-id", "date-of-birth"])
    .optional()
    .meta({ description: "How callers show that they are the patient." }),
  "confirmation-codes": z
    .literal(true)
    .optional()
    .meta({ description: "Callers with a hidden number may give a confirmation code and a date of birth." }),
  voicemail: z.enum(["hang-up", "leave-message"]).optional(),
  opener: z.enum(["on-answer", "after-greeting"]).optional(),
  store: z
    .enum(storeTroubles)
    .optional()
    .meta({ description: "The store takes 5 s or is down, when it is written to or whatever it is asked." }),
});

/** What the worker of the example's agent reads from its environment for such a clinic. */
export function clinicEnvironment(clinic: z.infer<typeof scenarioClinic> = {}): Record<string, string> {
  const { operator, identity, voicemail, opener, store } = clinic;
  const hours = clinic["operator-hours"];
  return {
    ...(operator ? { OPERATOR_METHOD: operator, OPERATOR_RINGING_SECONDS: "8" } : {}),
    ...(hours ? { OPERATOR_HOURS: hours } : {}),
    ...(identity ? { SIP_VOICE_IDENTITY: identity } : {}),
    ...(clinic["confirmation-codes"] ? { SIP_VOICE_CONFIRMATION_CODES: "on" } : {}),
    ...(voicemail ? { SIP_VOICE_VOICEMAIL: voicemail } : {}),
    ...(opener ? { SIP_VOICE_OPENER: opener } : {}),
    ...(store ? { [storeTroubleVariable]: store } : {}),
  };
}
