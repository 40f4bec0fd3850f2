/** A promise that is settled from outside. */
export class Deferred<T> {
  /** The promise. */
  readonly promise: Promise<T>;
  /** Resolves it; later calls do nothing. */
  resolve!: (value: T) => void;
  /** Rejects it; later calls do nothing. */
  reject!: (error: Error) => void;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}
