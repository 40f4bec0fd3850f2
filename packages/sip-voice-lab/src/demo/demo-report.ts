import type { CallReport } from "./call-report.ts";

/** What the demo found: the document of `demo --json`. */
export interface DemoReport {
  /** Whether everything is as it should be. */
  readonly ok: boolean;
  /** Which Gemini answered: the lab's stand-in, or the real one. */
  readonly gemini: "stand-in" | "real";
  readonly calls: readonly CallReport[];
  /** What the demo would have left behind after the last call: all zero when it is as it should be. */
  readonly leftBehind: { readonly rooms: number; readonly lines: number; readonly processes: number };
  readonly seconds: { readonly setUp: number; readonly calls: number; readonly total: number };
}

/** The document when the demo could not be carried out. */
export interface DemoFailure {
  readonly ok: false;
  readonly error: { readonly code: string; readonly message: string };
}
