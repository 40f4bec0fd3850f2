import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ClinicTap, encodeClinicTap, parseClinicTap } from "./tap.ts";
import { clinicTopic } from "./topic.ts";
import { type ClinicView, encodeClinicView, parseClinicView } from "./view.ts";

const guide = readFileSync(new URL("../../../../docs/guides/web.md", import.meta.url), "utf8");

/** The guide's example of a topic. */
function exampleOf(topic: string): unknown {
  const block = new RegExp(`^\`\`\`json ${topic.replace(".", "[.]")}\n([\\s\\S]*?)^\`\`\``, "m").exec(
    guide,
  )?.[1];
  if (block === undefined) throw new Error(`docs/guides/web.md has no example of ${topic}.`);
  return JSON.parse(block);
}

describe("the guide", () => {
  it("shows a view as it is sent and read", () => {
    const view = exampleOf(clinicTopic.view) as ClinicView;
    expect(parseClinicView(encodeClinicView(view))).toEqual(view);
  });

  it("shows every tap as it is sent and read", () => {
    const taps = exampleOf(clinicTopic.tap) as ClinicTap[];
    for (const tap of taps) expect(parseClinicTap(encodeClinicTap(tap))).toEqual(tap);
    expect(taps.map(({ tap }) => tap).sort()).toEqual([
      "call-back",
      "cancel",
      "choose-slot",
      "confirm",
      "end",
      "look",
      "operator",
      "opt-out",
      "reschedule",
      "speak-language",
    ]);
  });
});
