import type { SpeechLanguage } from "../voice/speech.ts";
import type { Utterance, UtteranceKey } from "../voice/utterances.ts";

/** One entry of the conversation as the stand-in knows it. */
export interface TranscriptEntry {
  /** Who said it. */
  role: "caller" | "model";
  /** The words. */
  text: string;
}

/** What a script may look at when it decides what to say or which tool to call. */
export interface ScriptContext {
  /** The instruction being followed (`generateReply`), or the last one that came; empty when there was none. */
  readonly instruction: string;
  /** The session's system instruction, with later updates appended. */
  readonly systemInstruction: string;
  /** The conversation so far, oldest first. */
  readonly transcript: readonly TranscriptEntry[];
  /** The caller's utterance being answered. */
  readonly utterance: Utterance | undefined;
  /** The last result of each tool that answered in this session, parsed when it was JSON. */
  readonly toolResults: ReadonlyMap<string, unknown>;
  /** The names of the tools that the session declared. */
  readonly tools: readonly string[];
  /** The language the session asked for (`speechConfig.languageCode`), when it asked. */
  readonly language: string | undefined;
}

/** Text that may depend on the conversation. */
export type ScriptText = string | ((context: ScriptContext) => string);

/** A tool call of the script. */
export interface ScriptCall {
  /** The tool's name. */
  tool: string;
  /** The tool's arguments; none by default. Take dates and ids from the context's tool results. */
  args?: (context: ScriptContext) => Record<string, unknown>;
  /** Makes the call even if the session never declared the tool, as a model that is led astray would. */
  undeclared?: boolean;
}

/** What the model does in one turn: it speaks, calls a tool, or speaks and then calls. Neither is an empty turn. */
export interface ScriptReply {
  /** The words to speak. */
  say?: ScriptText;
  /** The tool to call, after the words. */
  call?: ScriptCall;
  /** The language of the words; by default as their letters tell. */
  language?: SpeechLanguage;
}

/** What a rule answers: exactly one of the three, and optionally a condition on the conversation. */
export type ScriptTrigger = { if?: (context: ScriptContext) => boolean } & (
  | { utterance: UtteranceKey | readonly UtteranceKey[] }
  | { instruction: RegExp }
  | { toolResult: string }
);

/** One line of a script: when this happens, do that. */
export interface ScriptRule extends ScriptReply {
  /** What the rule answers. */
  when: ScriptTrigger;
}

/** What the Gemini stand-in says and does, as a value: the first rule that fits is followed. */
export interface GeminiScript {
  /** The rules, the most particular first. */
  rules: readonly ScriptRule[];
  /** The answer when no rule fits. */
  otherwise: ScriptReply;
  /** The answer to speech without a tone tag; without this such speech gets none. */
  unrecognised?: ScriptReply;
}

/** What the model is to answer. */
export type ScriptCue =
  | { kind: "utterance"; utterance: Utterance }
  | { kind: "instruction"; text: string }
  | { kind: "tool-result"; tool: string }
  | { kind: "unrecognised-speech" };

/** The reply of a script to a cue; `undefined` when it has none, as for speech that it doesn't recognise. */
export function replyTo(
  script: GeminiScript,
  cue: ScriptCue,
  context: ScriptContext,
): ScriptReply | undefined {
  if (cue.kind === "unrecognised-speech") return script.unrecognised;
  const rule = script.rules.find(({ when }) => triggers(when, cue) && (when.if?.(context) ?? true));
  return rule ?? script.otherwise;
}

function triggers(when: ScriptTrigger, cue: ScriptCue): boolean {
  if (cue.kind === "utterance") {
    return "utterance" in when && [when.utterance].flat().includes(cue.utterance.key as UtteranceKey);
  }
  // `search` ignores a global expression's memory of its last match.
  if (cue.kind === "instruction") return "instruction" in when && cue.text.search(when.instruction) >= 0;
  return cue.kind === "tool-result" && "toolResult" in when && when.toolResult === cue.tool;
}
