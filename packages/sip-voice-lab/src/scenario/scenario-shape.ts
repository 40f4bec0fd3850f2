import * as z from "zod";
import { scenarioAppointment, scenarioClinic } from "./scenario-clinic.ts";
import { scenarioExpectation } from "./scenario-expectation.ts";
import { scenarioStep, words } from "./scenario-step.ts";

const telephone = z.discriminatedUnion("does", [
  z.strictObject({ does: z.literal("answers"), "after-ms": z.int().min(0).max(60_000).optional() }),
  z.strictObject({ does: z.literal("declines"), "after-ms": z.int().min(0).max(60_000).optional() }),
  z.strictObject({ does: z.literal("is-busy") }),
  z.strictObject({ does: z.literal("does-not-answer") }),
  z.strictObject({ does: z.literal("has-answering-machine") }),
  z.strictObject({ does: z.literal("screens-calls") }),
]);

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
    clinic: scenarioClinic.optional().meta({ description: "How the clinic is set up for this call." }),
    operator: z
      .strictObject({ does: z.enum(["answers", "declines", "is-busy", "does-not-answer"]) })
      .optional()
      .meta({ description: "What the operator's telephone does; it answers unless given." }),
    appointments: z.array(scenarioAppointment).min(1).max(10).optional().meta({
      description: "The appointments on the patient's number; what is expected is expected of the first.",
    }),
    "called-before": z
      .strictObject({ telephone: z.enum(["is-busy", "declines", "does-not-answer"]) })
      .optional()
      .meta({
        description: "With inbound: the clinic called about the first appointment and reached nobody.",
      }),
    "opted-out": z
      .literal(true)
      .optional()
      .meta({ description: "The patient asked before for no more calls." }),
    impatient: z
      .literal(true)
      .optional()
      .meta({ description: "The patient does not wait for the end of the introduction." }),
    steps: z.array(scenarioStep).max(50).default([]),
    expect: scenarioExpectation,
  })
  .superRefine((given, context) => {
    const complain = (message: string, path: string): void =>
      context.addIssue({ code: "custom", message, path: [path] });
    if (given.direction === "outbound" && given.caller !== "known")
      complain("A call that the clinic places knows its patient: leave it out.", "caller");
    if (given.direction === "inbound" && given.telephone)
      complain("The patient's telephone does not ring when the patient calls: leave it out.", "telephone");
    if (given.direction === "outbound" && given["called-before"])
      complain("A call that the clinic places is not a call back: leave it out.", "called-before");
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
