import type { Stage } from "../endings/stage.ts";

/** The names of the tools that the agent offers its model, as the model's own session was told. */
export async function offeredTools(stage: Stage): Promise<string[]> {
  const before = stage.gemini.events.length;
  const line = await stage.callIn("opener");
  try {
    const declared = (): string[] =>
      stage.gemini.events
        .slice(before)
        .flatMap((event) => (event.type === "setup" ? (event.setup.tools ?? []) : []))
        .flatMap(({ functionDeclarations = [] }) => functionDeclarations.map(({ name }) => name));
    await stage.until("the opener ends", ({ type }) => type === "opener-said");
    const names = [...new Set(declared())];
    if (names.length === 0)
      throw new Error("The model was offered no tool: there is nothing to attack with.");
    return names;
  } finally {
    await line.hangUp();
  }
}
