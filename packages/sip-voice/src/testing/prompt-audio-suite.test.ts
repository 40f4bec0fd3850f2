import { memoryPromptAudio } from "../prompts/prompt-audio.ts";
import { testPromptAudio } from "./prompt-audio-suite.ts";

testPromptAudio("memory", (prompts) => {
  const port = memoryPromptAudio();
  for (const { text, language, clip } of prompts) port.add(text, language, clip);
  return { port };
});
