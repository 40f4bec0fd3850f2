/** Mono sound: signed 16-bit samples and their rate in hertz. */
export interface Pcm {
  /** The samples, mono. */
  samples: Int16Array;
  /** Samples per second. */
  sampleRate: number;
}

/** Silence of the given length, as samples. */
export function silence(milliseconds: number, sampleRate: number): Int16Array {
  return new Int16Array(Math.round((milliseconds * sampleRate) / 1000));
}

/** Several pieces of sound of one rate, one after the other. */
export function joinSamples(...pieces: readonly Int16Array[]): Int16Array {
  const joined = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** The same sound at another loudness; 1 leaves it as it is. Samples beyond full scale are clipped. */
export function scaleSamples(samples: Int16Array, level: number): Int16Array {
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * level))));
}
