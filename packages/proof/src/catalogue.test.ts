import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { catalogue } from "./catalogue.ts";

const folder = mkdtempSync(join(tmpdir(), "catalogue-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("names and first sentences, without loading anything", () => {
  writeFileSync(join(folder, "main.ts"), "/** The command. */");
  writeFileSync(join(folder, "speed.test.ts"), "/** A test. */");
  writeFileSync(
    join(folder, "speed.ts"),
    'throw new Error("loaded");\n/**\n * How fast it is, with Node 24.\n * And more. Much.\n */',
  );
  writeFileSync(join(folder, "alone.ts"), "/** No full stop */");
  expect(catalogue(folder)).toEqual([
    { name: "alone", file: join(folder, "alone.ts"), about: "No full stop" },
    { name: "speed", file: join(folder, "speed.ts"), about: "How fast it is, with Node 24." },
  ]);
});
