/**
 * The tone tag: a short code of tone pairs that says *which* utterance follows, in a form that lives through Opus,
 * the telephone band and resampling. A stand-in that hears it has proof that the caller's sound really arrived.
 *
 * Six slots: the marker twice (the first may be lost when a track starts), two symbols of the number, two of its
 * checksum. A symbol is one of four low and one of four high tones, hence four bits; the marker has tones of its own.
 */
export const LOW_TONES: readonly number[] = [620, 770, 940, 1130, 480];
/** The high tones; see {@link LOW_TONES}. The last of each row is the marker's. */
export const HIGH_TONES: readonly number[] = [1510, 1730, 1980, 2260, 2570];
/** The tone index, in both rows, of the marker. */
export const MARKER_TONE = 4;
/** Length of one tone pair in milliseconds. */
export const SLOT_MS = 65;
/** Length of a tone tag in milliseconds. */
export const TONE_TAG_MS = 6 * SLOT_MS;
/** The largest number that a tone tag can carry. */
export const MAX_TONE_TAG_ID = 255;

// Each tone of a pair; together they stay well below full scale.
const AMPLITUDE = 0.25 * 32_767;
// Soft edges: an abrupt change would splash over the whole band and upset Opus.
const RAMP_MS = 6;

/** The sound of a tone tag. Throws a `RangeError` unless the id is an integer from 0 to 255. */
export function toneTag(id: number, sampleRate: number): Int16Array {
  if (!Number.isInteger(id) || id < 0 || id > MAX_TONE_TAG_ID) {
    throw new RangeError(`a tone tag carries an integer from 0 to ${MAX_TONE_TAG_ID}`);
  }
  const marker = [MARKER_TONE, MARKER_TONE] as const;
  const slots = [marker, marker, ...pairsOf(id), ...pairsOf(toneTagChecksum(id))];
  const perSlot = Math.round((SLOT_MS * sampleRate) / 1000);
  const ramp = (RAMP_MS * sampleRate) / 1000;
  const samples = new Int16Array(perSlot * slots.length);
  slots.forEach(([low, high], slot) => {
    const lowStep = (2 * Math.PI * (LOW_TONES[low] ?? 0)) / sampleRate;
    const highStep = (2 * Math.PI * (HIGH_TONES[high] ?? 0)) / sampleRate;
    for (let index = 0; index < perSlot; index += 1) {
      const edge = Math.min(1, (index + 1) / ramp, (perSlot - index) / ramp);
      const value = AMPLITUDE * edge * (Math.sin(lowStep * index) + Math.sin(highStep * index));
      samples[slot * perSlot + index] = Math.round(value);
    }
  });
  return samples;
}

/** The checksum that follows a number in its tag: CRC-8 with the polynomial 0x2F, chosen to differ from the number. */
export function toneTagChecksum(id: number): number {
  let crc = id ^ 0xff;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x2f) & 0xff : crc << 1;
  return crc;
}

function pairsOf(byte: number): (readonly [number, number])[] {
  return [
    [(byte >> 6) & 3, (byte >> 4) & 3],
    [(byte >> 2) & 3, byte & 3],
  ];
}
