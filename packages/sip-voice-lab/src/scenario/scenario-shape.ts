import * as z from "zod";
import { type UtteranceKey, utterances } from "../voice/index.ts";

/** Everything that the lab's callers can mean, as the stand-in for the model understands it. */
const meanings: readonly string[] = utterances.map(({ key }) => key);
const meaning = z.custom<UtteranceKey>(
  (value) => typeof value === "string" && meanings.includes(value),
  `It is one of ${meanings.join(", ")}.`,
);
const keys = [..."0123456789*#"] as [string, ...string[]];
const promptName = z
  .string()
  .regex(/^[a-z]+(-[a-z]+)*$/, "It is the name of a fixed sentence, as in confirmed or not-stored.");
const words = z.string().min(1, "It needs at least one word.");

/** A regular expression that can be compiled. */
const pattern = words.refine(
  (text) => {
    try {
      new RegExp(text, "i");
      return true;
    } catch {
      return false;
    }
  },
  { message: "It is no regular expression: put a backslash before brackets and question marks." },
);

const actions = ["press", "say", "close-model", "hear"] as const;

const step = z
  .strictObject({
    press: z.enum(keys).optional().meta({ description: "A key of the telephone, in quotes." }),
    say: meaning.optional().meta({ type: "string", description: "What the patient says, by its meaning." }),
    words: words.optional().meta({ description: "With say: the patient's own words for it." }),
    "close-model": z
      .int()
      .min(1000)
      .max(4999)
      .optional()
      .meta({ description: "Closes the model's connection with this WebSocket code; 1006 cuts it." }),
    hear: promptName.optional().meta({
      description: "The fixed sentence that is heard: after a key, after close-model, or by itself.",
    }),
    answer: pattern
      .optional()
      .meta({ description: "With say: the model's answer, as a regular expression; case does not count." }),
    "hangs-up": z.literal(true).optional().meta({ description: "With say: the clinic ends the call." }),
    model: pattern
      .optional()
      .meta({ description: "With press: what the model says after the fixed sentence." }),
  })
  .superRefine((given, context) => {
    const act = actions.find((name) => given[name] !== undefined);
    const complain = (message: string, path: string[] = []): void =>
      context.addIssue({ code: "custom", message, path });
    if (act === undefined)
      return complain("A step does one of these: press, say, close-model, or hear alone.");
    const allowed = {
      press: ["press", "hear", "model"],
      say: ["say", "words", "answer", "hangs-up"],
      "close-model": ["close-model", "hear"],
      hear: ["hear"],
    }[act];
    for (const name of Object.keys(given).filter((each) => !allowed.includes(each)))
      complain(`It does not go with ${act}: make it a step of its own, or leave it out.`, [name]);
    if ((act === "press" || act === "close-model") && given.hear === undefined)
      complain(`After ${act} something is heard: name the sentence with hear.`);
    if (act === "say" && (given.answer === undefined) === (given["hangs-up"] === undefined))
      complain("After say the model answers, or the clinic hangs up: give one of answer and hangs-up.");
  });

const telephone = z.discriminatedUnion("does", [
  z.strictObject({ does: z.literal("answers"), "after-ms": z.int().min(0).max(60_000).optional() }),
  z.strictObject({ does: z.literal("declines"), "after-ms": z.int().min(0).max(60_000).optional() }),
  z.strictObject({ does: z.literal("is-busy") }),
  z.strictObject({ does: z.literal("does-not-answer") }),
]);

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

const expectation = z.strictObject({
  outcome: z.enum(outcomes).default("answered"),
  disposition: z.enum(dispositions).optional().meta({ description: "What the patient decided." }),
  "ended-by": z.enum(["patient", "agent", "transfer", "time-limit"]).optional(),
  appointment: z.enum(statuses).default("booked").meta({ description: "Where the appointment stands." }),
  "moved-to": z.enum(days).optional().meta({ description: "The day to which the appointment has moved." }),
  rings: z.int().min(0).max(5).default(0).meta({
    description: "Telephones that the clinic rang: the patient's, or the operator's at a transfer.",
  }),
  "opted-out": z.boolean().optional(),
  tools: z.array(z.string()).optional().meta({ description: "The tools that the model used, in order." }),
  "refused-by": z.array(z.string()).optional().meta({ description: "The rules that refused the call." }),
});

/** The shape of a scenario file. */
export const scenarioShape = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "It is small letters, digits and hyphens, as in confirm-by-key.")
      .meta({ description: "Short name; also that of the audio file." }),
    title: words.meta({ description: "What it shows, in one line." }),
    direction: z
      .enum(["inbound", "outbound"])
      .meta({ description: "Who calls: the patient, or the clinic." }),
    patient: z
      .string()
      .regex(/^\p{Lu}\p{L}*$/u, "It is an invented first name, as in Maria.")
      .meta({ description: "An invented first name." }),
    caller: z
      .enum(["known", "unknown", "hidden", "anonymous"])
      .default("known")
      .meta({ description: "With inbound: whether the number leads to the patient's appointment." }),
    telephone: telephone
      .optional()
      .meta({ description: "With outbound: what the patient's telephone does when it rings." }),
    "opted-out": z
      .literal(true)
      .optional()
      .meta({ description: "The patient asked before for no more calls." }),
    impatient: z
      .literal(true)
      .optional()
      .meta({ description: "The patient does not wait for the end of the introduction." }),
    steps: z.array(step).max(50).default([]),
    expect: expectation,
  })
  .superRefine((given, context) => {
    const complain = (message: string, path: string): void =>
      context.addIssue({ code: "custom", message, path: [path] });
    if (given.direction === "outbound" && given.caller !== "known")
      complain("A call that the clinic places knows its patient: leave it out.", "caller");
    if (given.direction === "inbound" && given.telephone)
      complain("The patient's telephone does not ring when the patient calls: leave it out.", "telephone");
    const moved = given.expect["moved-to"] !== undefined;
    if (moved !== (given.expect.disposition === "rescheduled"))
      complain("The disposition rescheduled and the field moved-to belong together.", "expect");
  });

/** A scenario as its file has it. */
export type Scenario = z.infer<typeof scenarioShape>;

/** The JSON Schema of a scenario file (draft 2020-12), for editors. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(scenarioShape, { io: "input", unrepresentable: "any" }),
    title: "Scenario",
    description: "A call in the lab: who calls, what they do, and what should come of it.",
  };
}
