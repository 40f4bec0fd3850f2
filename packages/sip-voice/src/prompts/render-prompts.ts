import type { ClinicMenu } from "../call/clinic-menu.ts";
import type { Language } from "../call/prompt.ts";
import { SipVoiceError } from "../errors.ts";
import { type ClinicPromptTexts, type FixedSentence, fixedSentences } from "./fixed-sentence.ts";
import type { PromptCache, PromptCacheEntry } from "./prompt-cache.ts";
import type { PromptVoice } from "./prompt-voice.ts";
import { sentenceClip } from "./sentence-clip.ts";

/**
 * What became of a sentence:
 *
 * - `kept`: this voice has spoken it before
 * - `own-recording`: somebody put a recording there by hand; it stays
 * - `rendered`: it was spoken and kept
 * - `missing`, `other-voice`: it is to be rendered, which a dry run, or the end of the run, kept from happening
 * - `failed`: the voice or the cache failed, or a recording made by hand can't be played; `error` tells
 */
export type PromptStatus = "kept" | "own-recording" | "rendered" | "missing" | "other-voice" | "failed";

/** What became of one sentence. */
export interface PromptRendering {
  /** The sentence. */
  readonly sentence: FixedSentence;
  /** Where its sound is kept, or would be. */
  readonly name: string;
  /** What became of it. */
  readonly status: PromptStatus;
  /** What went wrong, with `failed`. */
  readonly error?: unknown;
}

/** What {@link renderPrompts} takes. */
export interface RenderPromptsOptions {
  /** The clinic's fixed sentences, in all of its languages. */
  readonly prompts: ClinicPromptTexts;
  /** The clinic's menu, whose sentences are prepared too. */
  readonly menu?: ClinicMenu | undefined;
  /** The languages to render; all unless given. */
  readonly languages?: readonly Language[];
  /** Who speaks. */
  readonly voice: PromptVoice;
  /** Where the sentences are kept. */
  readonly cache: PromptCache;
  /** How many sentences are spoken at one time; 2 unless given. */
  readonly concurrency?: number;
  /** Only looks; nothing is spoken, kept or removed. */
  readonly dryRun?: boolean;
  /** Removes what was rendered for sentences that the clinic no longer has; recordings made by hand stay. */
  readonly removeStale?: boolean;
  /** Ends the run: sentences that are being spoken are given up, what was kept stays. */
  readonly signal?: AbortSignal;
  /** Told of each sentence once, as soon as it is known what became of it. */
  readonly onProgress?: (rendering: PromptRendering) => void;
}

/** What {@link renderPrompts} did. */
export interface RenderPromptsReport {
  /** Every sentence that was asked for, in the clinic's order. */
  readonly sentences: readonly PromptRendering[];
  /** What is kept and belongs to none of the clinic's sentences in any language. */
  readonly stale: readonly PromptCacheEntry[];
  /** The names of what was removed. */
  readonly removed: readonly string[];
  /** Whether every sentence that was asked for has its sound now. */
  readonly complete: boolean;
}

/**
 * Prepares a clinic's fixed sentences as audio: what the cache already has of this voice stays, the rest is spoken, trimmed,
 * brought to one loudness and kept. A sentence that fails does not keep the others from being rendered.
 *
 * @throws whatever the cache throws when it can't be listed
 * @example
 * ```ts
 * import { type PromptVoice, renderPrompts } from "@clinic/sip-voice";
 * import { type ClinicProfile, promptFolder } from "@clinic/sip-voice/agent";
 *
 * declare const clinic: ClinicProfile;
 * declare const voice: PromptVoice;
 *
 * const report = await renderPrompts({
 *   prompts: clinic.prompts,
 *   voice,
 *   cache: promptFolder("prompts"),
 *   onProgress: ({ sentence, status }) => console.log(sentence.language, sentence.prompt, status),
 * });
 * console.log(report.complete ? "every sentence is there" : "run it again");
 * ```
 */
export async function renderPrompts(options: RenderPromptsOptions): Promise<RenderPromptsReport> {
  const { prompts, menu, languages, cache, concurrency = 2, dryRun = false, signal } = options;
  const entries = new Map((await cache.entries()).map((entry) => [entry.name, entry]));
  const wanted = fixedSentences(prompts, languages, menu);
  const sentences: PromptRendering[] = [];
  const settle = (index: number, rendering: PromptRendering): void => {
    sentences[index] = rendering;
    options.onProgress?.(rendering);
  };
  const toRender: (() => Promise<void>)[] = [];
  for (const [index, sentence] of wanted.entries()) {
    const name = cache.nameOf(sentence);
    const entry = entries.get(name);
    const status = statusOf(entry, options.voice);
    // Not rendered over: somebody made it, and nobody else has it.
    if (status === "failed") settle(index, { sentence, name, status, error: unplayable() });
    else if (status === "kept" || status === "own-recording" || dryRun)
      settle(index, { sentence, name, status });
    else {
      toRender.push(async () => {
        if (signal?.aborted) settle(index, { sentence, name, status });
        else settle(index, { sentence, name, ...(await render(sentence, status, options)) });
      });
    }
  }
  const lane = async (): Promise<void> => {
    for (let next = toRender.shift(); next; next = toRender.shift()) await next();
  };
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, lane));

  const named = new Set(fixedSentences(prompts, undefined, menu).map((sentence) => cache.nameOf(sentence)));
  const stale = [...entries.values()].filter(({ name }) => !named.has(name));
  const removed: string[] = [];
  if (options.removeStale && !dryRun && !signal?.aborted) {
    for (const { name, voice } of stale) {
      if (voice === undefined) continue;
      await cache.remove(name);
      removed.push(name);
    }
  }
  return { sentences, stale, removed, complete: sentences.every(({ status }) => hasSound.has(status)) };
}

const hasSound: ReadonlySet<PromptStatus> = new Set(["kept", "own-recording", "rendered"]);

function statusOf(entry: PromptCacheEntry | undefined, voice: PromptVoice): PromptStatus {
  if (!entry) return "missing";
  if (entry.voice === undefined) return entry.usable ? "own-recording" : "failed";
  if (!entry.usable) return "missing";
  return entry.voice === voice.name ? "kept" : "other-voice";
}

function unplayable(): SipVoiceError {
  return new SipVoiceError("unusable-audio", "A recording that was put there by hand can't be played.", {
    remedy: "Convert it to WAV with a 44-byte header, one channel, 16 bits, 24 kHz; or delete it.",
  });
}

async function render(
  sentence: FixedSentence,
  before: PromptStatus,
  { voice, cache, signal }: RenderPromptsOptions,
): Promise<Pick<PromptRendering, "status" | "error">> {
  try {
    const sound = await voice.speak(sentence.text, sentence.language, signal);
    if (signal?.aborted) return { status: before };
    await cache.keep(sentence, sentenceClip(sentence.text, sound), voice.name);
    return { status: "rendered" };
  } catch (error) {
    return signal?.aborted ? { status: before } : { status: "failed", error };
  }
}
