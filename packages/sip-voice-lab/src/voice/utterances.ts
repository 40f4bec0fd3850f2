import { joinSamples, type Pcm, silence } from "./pcm.ts";
import { type SpeakOptions, speak } from "./speech.ts";
import { toneTag } from "./tone-tag.ts";

/** A sentence that the lab's callers can say, and the number of its tone tag. */
export interface Utterance {
  /** The tone tag's number, 0 to 255. Never given to another sentence. */
  id: number;
  /** What the sentence is for; scripts name it. */
  key: string;
  /** The words. */
  text: string;
}

// One sentence each: the pause between two would be taken for the end of the utterance.
const CALLER_UTTERANCES = [
  { id: 1, key: "hello", text: "Hello, is anybody there?" },
  { id: 2, key: "want-friday", text: "I'd like to come on Friday instead, please." },
  { id: 3, key: "confirm", text: "Yes, that's right, I will be there." },
  { id: 4, key: "cancel", text: "I need to cancel my appointment." },
  { id: 5, key: "operator", text: "Can I talk to a person, please?" },
  { id: 6, key: "goodbye", text: "No, that's all, goodbye!" },
  { id: 7, key: "yes", text: "Yes, please." },
  { id: 8, key: "no", text: "No, thank you." },
  { id: 9, key: "when", text: "When is my appointment?" },
  { id: 10, key: "repeat", text: "Could you say that again?" },
  { id: 11, key: "wrong-number", text: "I think you have the wrong number." },
  { id: 12, key: "opt-out", text: "Please stop calling me." },
  { id: 13, key: "open-slots", text: "What other times do you have?" },
  { id: 14, key: "reminder", text: "Please remind me the day before." },
  { id: 15, key: "walk-in", text: "Can I just walk in?" },
  { id: 16, key: "want-friday-ar", text: "أود أن آتي يوم الجمعة بدلا من ذلك من فضلك" },
  { id: 17, key: "confirm-ar", text: "نعم، هذا صحيح، سأكون هناك" },
  { id: 18, key: "call-back", text: "Could somebody call me back, please?" },
  { id: 19, key: "not-here", text: "She is not here right now." },
  { id: 20, key: "born-1984", text: "I was born on the seventh of March, nineteen eighty-four." },
  { id: 21, key: "born-1990", text: "I was born on the first of May, nineteen ninety." },
  { id: 22, key: "first-of-us", text: "It is for the first of us." },
  { id: 23, key: "second-of-us", text: "It is for the second of us." },
  { id: 24, key: "confirmation-code", text: "My code is four seven one one, and you have my date of birth." },
  { id: 25, key: "later-appointment", text: "I mean my other appointment, the later one." },
  { id: 26, key: "speak-arabic", text: "Can we speak Arabic, please?" },
  { id: 41, key: "emergency", text: "Please help me, I have chest pain." },
  { id: 42, key: "emergency-ar", text: "عندي ألم شديد في صدري" },
  // Not a caller's: what a telephone's own assistant asks.
  {
    id: 60,
    key: "screening",
    text: "Please say your name and why you are calling, and I will see if this person is available.",
  },
] as const satisfies readonly Utterance[];

/** The key of a sentence in {@link utterances}. */
export type UtteranceKey = (typeof CALLER_UTTERANCES)[number]["key"];

/** Everything that the lab's callers can say. */
export const utterances: readonly (Utterance & { key: UtteranceKey })[] = CALLER_UTTERANCES;

// A pause that keeps tag and speech apart, short enough to stay one utterance.
const PAUSE_MS = 80;
// Lets a track that has just started settle before the tag.
const LEAD_MS = 100;

/** The sound of a tagged utterance: the tone tag of `id`, then the spoken text. 24 kHz unless told. */
export async function utterance(id: number, text: string, options: SpeakOptions = {}): Promise<Pcm> {
  const { samples, sampleRate } = await speak(text, options);
  const lead = silence(LEAD_MS, sampleRate);
  const pause = silence(PAUSE_MS, sampleRate);
  return { samples: joinSamples(lead, toneTag(id, sampleRate), pause, samples), sampleRate };
}

/** The sound of one of the lab's own {@link utterances}, by its key. */
export function callerUtterance(key: UtteranceKey, options: SpeakOptions = {}): Promise<Pcm> {
  const found = CALLER_UTTERANCES.find((entry) => entry.key === key);
  if (found === undefined) throw new RangeError(`the lab's callers have no utterance "${key}"`);
  return utterance(found.id, found.text, options);
}

/** The lab's utterance with a tone tag's number. */
export function utteranceById(id: number): Utterance | undefined {
  return CALLER_UTTERANCES.find((entry) => entry.id === id);
}

/** The lab's utterance with these words, whatever their case and punctuation. */
export function utteranceByText(text: string): Utterance | undefined {
  return CALLER_UTTERANCES.find((entry) => bareWords(entry.text) === bareWords(text));
}

function bareWords(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
