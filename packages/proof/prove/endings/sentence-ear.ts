/** Sound to compare: mono samples and how many a second. */
interface Sound {
  readonly samples: Int16Array;
  readonly sampleRate: number;
}

/** Where a sentence was heard best. */
export interface HeardSentence {
  /** Whether it is this sentence. */
  readonly heard: boolean;
  /** How alike the loudness of the two is over time: 1 is the same, 0 is unrelated. */
  readonly likeness: number;
  /** When it begins, in milliseconds from the start of what was heard. */
  readonly atMs: number;
}

const frameMs = 20;
/** So much of the sentence is compared: two of a clinic's sentences may begin alike ("I am sorry, I could not ..."). */
const comparedMs = 3_500;
/** Opus, jitter buffer and resampling leave more than this of a sentence's shape; other sentences reach about 0.5. */
const alike = 0.8;

/**
 * Looks for a prepared sentence in what a telephone heard, by how loud it is over time. So it is known that this very
 * sentence was heard, and when, and not merely that there was some sound.
 */
export function findSentence(heard: Sound, sentence: Sound): HeardSentence {
  const pattern = loudness(sentence).slice(0, comparedMs / frameMs);
  const frames = loudness(heard);
  let best = { likeness: 0, atMs: 0 };
  for (let start = 0; start + pattern.length <= frames.length; start++) {
    const likeness = correlation(frames.subarray(start, start + pattern.length), pattern);
    if (likeness > best.likeness) best = { likeness, atMs: start * frameMs };
  }
  return { heard: best.likeness >= alike, ...best };
}

function loudness({ samples, sampleRate }: Sound): Float64Array {
  const perFrame = (sampleRate * frameMs) / 1000;
  return Float64Array.from({ length: Math.floor(samples.length / perFrame) }, (_, frame) => {
    let sum = 0;
    for (let at = frame * perFrame; at < (frame + 1) * perFrame; at++) sum += (samples[at] ?? 0) ** 2;
    return Math.sqrt(sum / perFrame);
  });
}

/** Pearson's correlation coefficient. */
function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (of: Float64Array): number => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squareA, squareB] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const [da, db] = [(a[at] ?? 0) - meanA, (b[at] ?? 0) - meanB];
    product += da * db;
    squareA += da * da;
    squareB += db * db;
  }
  return squareA === 0 || squareB === 0 ? 0 : product / Math.sqrt(squareA * squareB);
}
