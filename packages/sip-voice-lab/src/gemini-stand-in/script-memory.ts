import { type Utterance, utteranceByText } from "../voice/utterances.ts";
import type { Content, FunctionResponse, Setup } from "./client-message.ts";
import type { ScriptContext, ScriptCue, TranscriptEntry } from "./script.ts";

// What the plugin sends as the user's turn when `generateReply` has nothing of the user's to say.
const PLACEHOLDER = ".";

/** What the stand-in remembers of one conversation; a resumed session goes on with it. */
export class ScriptMemory implements ScriptContext {
  readonly toolResults = new Map<string, unknown>();
  readonly transcript: TranscriptEntry[] = [];
  instruction = "";
  systemInstruction = "";
  tools: string[] = [];
  language: string | undefined;
  utterance: Utterance | undefined;
  #unansweredText: string | undefined;

  /** Takes over what a session's setup says. */
  begin(setup: Setup): void {
    this.systemInstruction = textOf(setup.systemInstruction);
    this.tools = (setup.tools ?? [])
      .flatMap((tool) => tool.functionDeclarations ?? [])
      .map(({ name }) => name);
    this.language = setup.generationConfig?.speechConfig?.languageCode;
  }

  /** Remembers what somebody said. */
  heard(role: TranscriptEntry["role"], text: string): void {
    this.transcript.push({ role, text });
  }

  /** Remembers a tool's answer; the plugin wraps it as `{ output: "<text, mostly JSON>" }`. */
  answered(response: FunctionResponse): void {
    const { output } = response.response as { output?: unknown };
    this.toolResults.set(response.name, parsed(output ?? response.response));
  }

  /**
   * Takes in turns added by the client. In a turn to be answered the model's own words are the instruction of
   * `generateReply` (Gemini Live takes no system role there); otherwise they are history or updated instructions,
   * which look the same: an update of the instructions is the one that comes alone and in the middle of a session.
   */
  addTurns(turns: readonly Content[], turnComplete: boolean): ScriptCue | undefined {
    const instructions: string[] = [];
    for (const turn of turns) {
      const text = textOf(turn);
      if (text === "") continue;
      if (turn.role === "user") {
        if (text === PLACEHOLDER) continue;
        this.#unansweredText = text;
        this.heard("caller", text);
      } else if (turnComplete) {
        instructions.push(text);
      } else {
        this.heard("model", text);
        if (turns.length === 1) this.systemInstruction += `\n${text}`;
      }
    }
    return turnComplete ? this.#cue(instructions.join("\n")) : undefined;
  }

  #cue(instruction: string): ScriptCue {
    const text = this.#unansweredText;
    this.#unansweredText = undefined;
    if (instruction !== "") this.instruction = instruction;
    // What the user typed is what is asked; the instruction then only says how to answer.
    const utterance = text === undefined ? undefined : utteranceByText(text);
    if (utterance !== undefined) return { kind: "utterance", utterance };
    return { kind: "instruction", text: instruction === "" ? (text ?? "") : instruction };
  }
}

function textOf(content: Content | undefined): string {
  return (content?.parts ?? [])
    .map((part) => part.text ?? "")
    .join("\n")
    .trim();
}

function parsed(output: unknown): unknown {
  if (typeof output !== "string") return output;
  try {
    return JSON.parse(output);
  } catch {
    return output;
  }
}
