/** Everything outside of the command that it may touch. */
export interface Surroundings {
  /** The process's own environment; it wins over the files. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder that paths are relative to. */
  readonly folder: string;
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
  /** Asks whoever is there; `undefined` when nobody is, or no more answers come. */
  ask(question: string, options?: { readonly secret?: boolean }): Promise<string | undefined>;
}
