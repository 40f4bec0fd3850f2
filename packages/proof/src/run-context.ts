import { type Lab, type LabOptions, startLab } from "@clinic/sip-voice-lab";

/** How a proof that takes long is made in several runs. */
export interface RunParts {
  /** Only what has these words in its name. */
  readonly only?: string;
  /** A file that keeps what was tried: another run with it goes on from there. */
  readonly journal?: string;
  /** Nothing new is begun after so many minutes. */
  readonly minutes?: number;
}

/** What a bench or proof gets to work with. */
export interface RunContext extends RunParts {
  /** Take the short way: fewer tries. */
  readonly quick: boolean;
  /** Aborted when the person at the keyboard has had enough. */
  readonly signal: AbortSignal;
  /** Tells what is being done, to people who wait. */
  progress(text: string): void;
  /** Has something undone at the end, whatever the end is; the last one first. */
  onEnd(step: () => unknown): void;
}

/** Starts a lab that ends with the run. */
export async function startRunLab(context: RunContext, options: LabOptions = {}): Promise<Lab> {
  const { signal, progress, onEnd } = context;
  const starting = startLab({ onProgress: progress, signal, ...options });
  // Also when the run is given up while the lab is starting.
  onEnd(async () => await (await starting.catch(() => undefined))?.stop());
  return await starting;
}
