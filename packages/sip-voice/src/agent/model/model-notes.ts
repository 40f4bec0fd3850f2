/** A sentence that the caller heard from another voice than the model's. */
interface SaidSentence {
  readonly text: string;
  isCutShort: boolean;
}

/**
 * What was said in a call since the model last had the floor, and not by the model: the opener, acknowledgements of keys, hold, the
 * apology. The model learns of it with what it is next told to say, so that it neither says it again nor contradicts it.
 */
export class ModelNotes {
  #said: SaidSentence[] = [];

  /** A fixed sentence begins; call what is returned when the caller cut it short. */
  said(text: string): () => void {
    const sentence: SaidSentence = { text, isCutShort: false };
    this.#said.push(sentence);
    return () => {
      sentence.isCutShort = true;
    };
  }

  /** Instructions for the model, after what it has missed; that counts as told then. */
  before(instructions: string): string {
    if (this.#said.length === 0) return instructions;
    const said = this.#said.map(({ text, isCutShort }) =>
      isCutShort ? `${text} (cut short by the patient)` : text,
    );
    this.#said = [];
    return `You have already said the following, do not say it again: ${said.join(" / ")}\n${instructions}`;
  }
}
