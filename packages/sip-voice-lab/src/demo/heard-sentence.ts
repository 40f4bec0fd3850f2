import { setTimeout as sleep } from "node:timers/promises";
import { LineEnded, type TelephoneLine, TelephoneTimeout } from "../telephone/index.ts";
import { type Pcm, resample } from "../voice/index.ts";

// Enough for the voice's fundamental and first formant, and little enough to compare while calls go on.
const RATE = 2_000;
const PIECE = RATE * 0.45;
const STEP = PIECE / 2;
/** How much of the beginning is listened for: a sentence that is interrupted has no more. */
const BEGINNING = RATE * 4.5;
/** A piece quieter than this is a pause, which is like every other pause. */
const LEAST_RMS = 200;
/** Above this two pieces of sound may be the same. Other words of the same voice come near it, but not piece after piece. */
const LIKE = 0.55;
/** A jitter buffer shortens speech by this much between two pieces ... */
const EARLIER_MS = 60;
/** ... and a busy machine tears gaps into it, but in all no longer than this. */
const LATER_MS = 800;
const LATER_IN_ALL_MS = 2_000;
/** So many pieces in their order are the sentence: more than the words that two of our sentences share. */
const ENOUGH = 6;
/** The share of the pieces of a short sentence. */
const SHARE = 0.55;
const LOOK_EVERY_MS = 150;

/** What to listen for. */
export interface ListenOptions {
  /** The sound of the sentence as it was sent. */
  readonly sentence: Pcm;
  /** Sound before this moment does not count; `performance.now()` axis. */
  readonly since: number;
  /** How long to listen from now on. */
  readonly timeoutMs: number;
}

/**
 * Listens until the beginning of a sentence is heard: its very sound, found again by correlation in what came out of the
 * telephone. So neither other words nor noise pass for it, and neither does a sentence that was sent but not heard.
 *
 * @returns when its first sound was heard, on the `performance.now()` axis
 * @throws TelephoneTimeout or LineEnded when it was not heard.
 */
export async function waitToHear(
  line: TelephoneLine,
  { sentence, since, timeoutMs }: ListenOptions,
): Promise<number> {
  const pieces = piecesOf(sentence);
  const needed = Math.min(ENOUGH, Math.ceil(pieces.length * SHARE));
  const deadline = performance.now() + timeoutMs;
  let from = Math.max(since, line.joinedAt);
  for (;;) {
    const wasOver = line.isOver;
    const heard = resample({ samples: line.heardBetween(from), sampleRate: line.sampleRate }, RATE).samples;
    const places = heard.length - PIECE;
    if (places > 0) {
      for (const piece of pieces) findPiece(piece, heard, places, from, since);
      const startedAt = agreement(pieces, needed);
      if (startedAt !== undefined) return startedAt;
      // What was searched is not searched again.
      from += (places * 1000) / RATE;
    }
    if (wasOver) throw new LineEnded((await line.ended).by);
    if (performance.now() >= deadline) throw new TelephoneTimeout("did not hear the sentence", timeoutMs);
    await sleep(LOOK_EVERY_MS);
  }
}

interface Piece {
  readonly samples: Int16Array;
  readonly energy: number;
  /** Where in the sentence it is. */
  readonly atMs: number;
  /** When the sentence would have begun, by each place at which something like this piece was heard. */
  readonly beginnings: number[];
}

function piecesOf(sentence: Pcm): Piece[] {
  const { samples } = resample(sentence, RATE);
  const pieces: Piece[] = [];
  for (let at = 0; at + PIECE <= Math.min(samples.length, BEGINNING); at += STEP) {
    const piece = samples.slice(at, at + PIECE);
    const energy = energyOf(piece, 0);
    if (energy / PIECE >= LEAST_RMS ** 2)
      pieces.push({ samples: piece, energy, atMs: (at * 1000) / RATE, beginnings: [] });
  }
  if (pieces.length === 0) throw new RangeError("The sentence is too short or too quiet to be listened for.");
  return pieces;
}

/** Notes the places at which a piece may have been heard, by normalised cross-correlation. */
function findPiece(
  { samples, energy, atMs, beginnings }: Piece,
  heard: Int16Array,
  places: number,
  from: number,
  since: number,
) {
  let there = energyOf(heard, 0);
  for (let place = 0; place < places; place += 1) {
    // Near silence is not worth the multiplication.
    if (there > energy * 0.01) {
      let product = 0;
      for (let i = 0; i < PIECE; i += 1) product += (samples[i] as number) * (heard[place + i] as number);
      const beginning = from + (place * 1000) / RATE - atMs;
      // What began before was not said in answer.
      if (beginning > since - EARLIER_MS && product >= LIKE * Math.sqrt(energy * there))
        beginnings.push(beginning);
    }
    there += (heard[place + PIECE] ?? 0) ** 2 - (heard[place] as number) ** 2;
  }
}

/** The beginning from which on enough pieces follow each other. */
function agreement(pieces: readonly Piece[], needed: number): number | undefined {
  for (const [first, { beginnings }] of pieces.entries()) {
    for (const beginning of beginnings) {
      let [last, count] = [beginning, 1];
      for (const piece of pieces.slice(first + 1)) {
        const next = nearest(piece.beginnings, last, beginning + LATER_IN_ALL_MS);
        if (next === undefined) continue;
        last = next;
        count += 1;
      }
      if (count >= needed) return beginning;
    }
  }
  return undefined;
}

function nearest(beginnings: readonly number[], to: number, latest: number): number | undefined {
  let best: number | undefined;
  for (const each of beginnings) {
    if (each < to - EARLIER_MS || each > Math.min(to + LATER_MS, latest)) continue;
    if (best === undefined || Math.abs(each - to) < Math.abs(best - to)) best = each;
  }
  return best;
}

function energyOf(samples: Int16Array, from: number): number {
  let sum = 0;
  for (let i = from; i < from + PIECE; i += 1) sum += (samples[i] ?? 0) ** 2;
  return sum;
}
