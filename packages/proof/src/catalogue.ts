import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A bench or proof that can be run. */
export interface Entry {
  /** Its name: that of its file. */
  readonly name: string;
  /** The path of its file. */
  readonly file: string;
  /** What it is about: the first sentence of its file's first comment. */
  readonly about: string;
}

/** The benches or proofs of a folder: each file but `main.ts` and the tests. They are read, not loaded. */
export function catalogue(folder: string): Entry[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "main.ts")
    .sort()
    .map((name) => {
      const file = join(folder, name);
      const comment = /\/\*\*([\s\S]*?)\*\//.exec(readFileSync(file, "utf8"))?.[1] ?? "";
      const about = comment
        .replaceAll(/\n\s*\*/g, " ")
        .replaceAll(/\s+/g, " ")
        .trim();
      return { name: name.slice(0, -".ts".length), file, about: /^.*?[.](?=\s|$)/.exec(about)?.[0] ?? about };
    });
}
