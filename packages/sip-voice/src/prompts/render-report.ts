import { SipVoiceError } from "../errors.ts";
import type { PromptRendering, RenderPromptsReport } from "./render-prompts.ts";

/** What a program prints when it has prepared a clinic's sentences, as plain values. */
export interface PlainRenderReport {
  /** Whether every sentence that was asked for has its sound now. */
  readonly complete: boolean;
  /** How many sentences there are of each status. */
  readonly counts: Readonly<Partial<Record<PromptRendering["status"], number>>>;
  /** Every sentence that was asked for. */
  readonly sentences: readonly {
    /** What it is said for. */
    readonly prompt: string;
    /** Its language. */
    readonly language: string;
    /** Where its sound is kept, or would be. */
    readonly name: string;
    /** What became of it. */
    readonly status: PromptRendering["status"];
    /** What went wrong, with `failed`. */
    readonly error?: string;
  }[];
  /** The names of what belongs to none of the clinic's sentences any more. */
  readonly stale: readonly string[];
  /** The names of what was removed. */
  readonly removed: readonly string[];
}

/**
 * A report of `renderPrompts` for machines.
 *
 * @example
 * ```ts
 * import { plainRenderReport, type RenderPromptsReport } from "@clinic/sip-voice";
 *
 * declare const report: RenderPromptsReport;
 * console.log(JSON.stringify(plainRenderReport(report)));
 * ```
 */
export function plainRenderReport({
  sentences,
  stale,
  removed,
  complete,
}: RenderPromptsReport): PlainRenderReport {
  const counts: Partial<Record<PromptRendering["status"], number>> = {};
  for (const { status } of sentences) counts[status] = (counts[status] ?? 0) + 1;
  return {
    complete,
    counts,
    sentences: sentences.map(({ sentence: { prompt, language }, name, status, error }) => ({
      prompt,
      language,
      name,
      status,
      ...(status === "failed" ? { error: messageOf(error) } : {}),
    })),
    stale: stale.map(({ name }) => name),
    removed,
  };
}

const words: Readonly<Record<PromptRendering["status"], string>> = {
  kept: "is there",
  "own-recording": "is there, your own recording",
  rendered: "rendered",
  missing: "MISSING",
  "other-voice": "OUTDATED, spoken by another voice",
  failed: "FAILED",
};

/**
 * One line about one sentence, for people who watch.
 *
 * @example
 * ```ts
 * import { type PromptRendering, renderingLine } from "@clinic/sip-voice";
 *
 * const onProgress = (rendering: PromptRendering): void => console.log(renderingLine(rendering));
 * ```
 */
export function renderingLine({ sentence: { language, prompt }, status, error }: PromptRendering): string {
  const cause = status === "failed" ? `: ${messageOf(error)}` : "";
  return `${language}  ${prompt.padEnd(23)} ${words[status]}${cause}`;
}

/** Messages of this package hold no secrets; those of others may. */
function messageOf(error: unknown): string {
  return SipVoiceError.is(error) ? error.message : `unexpected ${(error as Error)?.name ?? "error"}`;
}
