import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { commandPages } from "./pages.ts";

const folder = fileURLToPath(new URL("../../../docs/commands/", import.meta.url));

it("has a page for every command, as --help says it", () => {
  const pages = commandPages();
  if (process.env.SIP_VOICE_WRITE_PAGES) {
    mkdirSync(folder, { recursive: true });
    for (const { file, text } of pages) writeFileSync(join(folder, file), text);
  }
  expect(readdirSync(folder).sort()).toEqual(pages.map(({ file }) => file).sort());
  for (const { file, text } of pages) expect(readFileSync(join(folder, file), "utf8")).toBe(text);
});

it("offers the same files to init as the example has", () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
  for (const file of ["inbound_trunk.json", "outbound_trunk.json", "dispatch_rule.json"])
    expect(read(`../templates/sip_config/${file}`)).toBe(
      read(`../../../examples/gemini-sip-agent/sip_config/${file}`),
    );
});
