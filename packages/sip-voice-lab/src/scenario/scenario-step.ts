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
/** At least one word. */
export const words = z.string().min(1, "It needs at least one word.");

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

const actions = ["press", "keys", "say", "close-model", "hear"] as const;

/** One thing that the patient does, and what comes of it. */
export const scenarioStep = z
  .strictObject({
    press: z.enum(keys).optional().meta({ description: "A key of the telephone, in quotes." }),
    keys: z
      .string()
      .regex(/^[0-9*#]{2,30}$/, 'It is two keys or more, in quotes, as in "03071984".')
      .optional()
      .meta({ description: "Several keys, one after the other, as for a date." }),
    say: meaning.optional().meta({ type: "string", description: "What the patient says, by its meaning." }),
    words: words.optional().meta({ description: "With say: the patient's own words for it." }),
    "close-model": z
      .int()
      .min(1000)
      .max(4999)
      .optional()
      .meta({ description: "Closes the model's connection with this WebSocket code; 1006 cuts it." }),
    hear: promptName.optional().meta({
      description:
        "The fixed sentence that is heard: after a key, after words, after close-model, or by itself.",
    }),
    answer: pattern.optional().meta({
      description: "With say and keys: the model's answer, as a regular expression; case does not count.",
    }),
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
      return complain("A step does one of these: press, keys, say, close-model, or hear alone.");
    const allowed = {
      press: ["press", "hear", "model"],
      keys: ["keys", "hear", "answer"],
      say: ["say", "words", "answer", "hangs-up", "hear"],
      "close-model": ["close-model", "hear"],
      hear: ["hear"],
    }[act];
    for (const name of Object.keys(given).filter((each) => !allowed.includes(each)))
      complain(`It does not go with ${act}: make it a step of its own, or leave it out.`, [name]);
    if ((act === "press" || act === "close-model") && given.hear === undefined)
      complain(`After ${act} something is heard: name the sentence with hear.`);
    const answers = [given.answer, given["hangs-up"], given.hear].filter((each) => each !== undefined);
    if (act === "keys" && answers.length !== 1)
      complain("After keys the model answers, or a fixed sentence is heard: give one of answer and hear.");
    if (act === "say" && answers.length !== 1)
      complain(
        "After say the model answers, a fixed sentence is heard, or the clinic hangs up: give one of answer, hear and hangs-up.",
      );
  });
