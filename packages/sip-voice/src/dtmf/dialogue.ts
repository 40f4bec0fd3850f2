import type { Timer } from "../clock.ts";
import type { DtmfDialogueOptions, DtmfFailedTry, DtmfFailure } from "./dialogue-options.ts";
import type { DtmfField } from "./field.ts";

/** How a dialogue goes on: with another field, with the same one again, or with its end. */
export type DialogueStep<Match, Path, Result> =
  | { readonly ask: DtmfField<Match, Path> }
  | { readonly ask: "again" }
  | { readonly end: Result };

/** What a dialogue consists of. */
export interface DialogueScript<Match, Path, Result> {
  /** What is asked first. */
  readonly first: DtmfField<Match, Path>;
  /** What follows from an accepted reading. */
  next(match: Match): DialogueStep<Match, Path, Result>;
  /** What follows from the last failed try. */
  exhausted(failed: DtmfFailedTry<Path>): Result;
  /** What an abort gives. */
  readonly cancelled: Result;
}

/** Asks one field after another until the script ends. */
export function holdDialogue<Match, Path, Result>(
  script: DialogueScript<Match, Path, Result>,
  options: DtmfDialogueOptions<Path>,
): Promise<Result> {
  return new Promise((resolve, reject) => new Dialogue(script, options, resolve, reject).start());
}

class Dialogue<Match, Path, Result> {
  readonly #script: DialogueScript<Match, Path, Result>;
  readonly #options: DtmfDialogueOptions<Path>;
  readonly #resolve: (result: Result) => void;
  readonly #reject: (error: unknown) => void;
  #field: DtmfField<Match, Path>;
  #tryNumber = 1;
  #after: DtmfFailure | undefined;
  /** Of the present try: whether it was asked, and whether it has its first digit. */
  #asked = false;
  #begun = false;
  #speech = new AbortController();
  #timer: Timer | undefined;
  #state: "reading" | "validating" | "ended" = "reading";
  #busy = false;
  #stopListening = (): void => {};
  readonly #cancel = (): void => this.#cancelled();

  constructor(
    script: DialogueScript<Match, Path, Result>,
    options: DtmfDialogueOptions<Path>,
    resolve: (result: Result) => void,
    reject: (error: unknown) => void,
  ) {
    this.#script = script;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#field = script.first;
  }

  start(): void {
    const { keypad, signal } = this.#options;
    if (signal?.aborted) {
      this.#resolve(this.#script.cancelled);
      return;
    }
    this.#stopListening = keypad.listen(() => this.#read());
    signal?.addEventListener("abort", this.#cancel, { once: true });
    this.#read();
  }

  get #over(): boolean {
    return this.#state === "ended";
  }

  /** Uses up what waits in the keypad; `first` is done before that. Whatever a listener throws ends the dialogue. */
  #read(first?: () => void, final = false): void {
    // A listener pressed a digit: the loop below goes on with it.
    if (this.#busy) return;
    this.#busy = true;
    try {
      first?.();
      let last = final;
      while (this.#state === "reading" && this.#step(last)) last = false;
    } catch (error) {
      this.#end(() => this.#reject(error));
    } finally {
      this.#busy = false;
    }
  }

  /** One step; `false` when there is nothing to do but to wait. */
  #step(final: boolean): boolean {
    const { keypad, clock } = this.#options;
    if (keypad.peek() === "") return this.#ask();
    if (!this.#begun) this.#bargeIn();
    // A listener emptied the keypad, or ended it all.
    if (this.#over || keypad.peek() === "") return true;
    this.#timer?.cancel();
    const { terminator, interDigitTimeoutMs } = this.#field;
    const reading = this.#field.read(keypad.peek(), final);
    if (reading.kind === "more") {
      this.#timer = clock.setTimer(() => this.#read(undefined, true), interDigitTimeoutMs);
      return false;
    }
    const taken = keypad.take(reading.taken);
    this.#begun = false;
    if (terminator !== "none" && !taken.endsWith(terminator)) keypad.absorb(terminator, interDigitTimeoutMs);
    if (reading.kind === "match") this.#validate(reading.match);
    else this.#fail("no-match");
    return true;
  }

  /** Asks, unless that was done; `false` when there is nothing to do but to wait. */
  #ask(): boolean {
    if (this.#asked) {
      // Someone took the digits out of the keypad: the caller begins anew.
      if (this.#begun) this.#waitForFirstDigit();
      this.#begun = false;
      return false;
    }
    this.#asked = true;
    this.#begun = false;
    const { signal } = this.#newSpeech();
    const [path, tryNumber, after] = [this.#field.path, this.#tryNumber, this.#after];
    const heard = this.#options.prompt?.({ path, tryNumber, after, signal });
    const listen = (): void => {
      if (!signal.aborted) this.#waitForFirstDigit();
    };
    if (isThenable(heard))
      void Promise.resolve(heard).then(listen, (error: unknown) => {
        if (!signal.aborted) this.#end(() => this.#reject(error));
      });
    else listen();
    return true;
  }

  #newSpeech(): AbortController {
    this.#speech = new AbortController();
    return this.#speech;
  }

  #waitForFirstDigit(): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimer(
      () => this.#read(() => this.#fail("no-input")),
      this.#field.firstDigitTimeoutMs,
    );
  }

  #bargeIn(): void {
    this.#begun = true;
    this.#timer?.cancel();
    this.#speech.abort();
    this.#options.onFirstDigit?.({ path: this.#field.path });
  }

  #validate(match: Match): void {
    const accepted = this.#field.accept?.(match) ?? true;
    if (typeof accepted === "boolean") {
      this.#judge(match, accepted);
      return;
    }
    if (this.#over) return;
    this.#state = "validating";
    accepted.then(
      (right) => {
        if (this.#over) return;
        this.#state = "reading";
        this.#read(() => this.#judge(match, right));
      },
      (error: unknown) => this.#end(() => this.#reject(error)),
    );
  }

  #judge(match: Match, right: boolean): void {
    if (this.#over) return;
    if (!right) {
      this.#fail("no-match");
      return;
    }
    const step = this.#script.next(match);
    if ("end" in step) this.#end(() => this.#resolve(step.end));
    else {
      if (step.ask !== "again") {
        this.#field = step.ask;
        this.#tryNumber = 1;
      }
      this.#try(undefined);
    }
  }

  #fail(reason: DtmfFailure): void {
    const { path, retries } = this.#field;
    const retriesLeft = retries + 1 - this.#tryNumber;
    const failed = { path, reason, tryNumber: this.#tryNumber, retriesLeft };
    this.#options.onFailedTry?.(failed);
    if (retriesLeft === 0) this.#end(() => this.#resolve(this.#script.exhausted(failed)));
    this.#tryNumber++;
    this.#try(reason);
  }

  #try(after: DtmfFailure | undefined): void {
    this.#after = after;
    this.#asked = false;
    this.#begun = false;
  }

  #cancelled(): void {
    const { keypad } = this.#options;
    // Half a date of birth must not choose from the menu that listens next.
    if (this.#begun && keypad.peek() !== "") {
      const reading = this.#field.read(keypad.peek(), true);
      if (reading.kind !== "more") keypad.take(reading.taken);
    }
    this.#end(() => this.#resolve(this.#script.cancelled));
  }

  /** Ends the dialogue once; what comes later changes nothing. */
  #end(settle: () => void): void {
    if (this.#over) return;
    this.#state = "ended";
    this.#timer?.cancel();
    this.#stopListening();
    this.#options.signal?.removeEventListener("abort", this.#cancel);
    this.#speech.abort();
    settle();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
