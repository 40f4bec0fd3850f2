import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { callOf } from "./scenario-call.ts";
import { problemLine, readScenario } from "./scenario-file.ts";
import { InvalidScenarios, readScenarioFiles } from "./scenario-files.ts";
import { scenarioPatient } from "./scenario-patients.ts";
import { scenarioJsonSchema } from "./scenario-shape.ts";

const examples = fileURLToPath(new URL("../../../../examples/gemini-sip-agent/scenarios/", import.meta.url));
const good = `name: confirm
title: A patient confirms
direction: inbound
patient: Maria
steps:
  - press: "1"
    hear: confirmed
expect: { disposition: confirmed, appointment: confirmed }
`;

function problemsOf(text: string): string[] {
  const read = readScenario("a.yaml", text);
  return read.ok ? [] : read.problems.map(problemLine);
}

describe("a scenario file", () => {
  it("becomes a call of a patient of its own", () => {
    const read = readScenario("a.yaml", good);
    if (!read.ok) throw new Error(read.problems.map(problemLine).join("\n"));
    const call = callOf(read.scenario, scenarioPatient(read.scenario, 101));
    expect(call).toEqual({
      name: "confirm",
      title: "A patient confirms",
      direction: "inbound",
      alone: true,
      others: [],
      patient: { name: "Maria", phoneNumber: "+16295550101", appointmentId: "scenario-appointment-101" },
      steps: [{ press: "1", hears: "confirmed" }],
      expect: { outcome: "answered", disposition: "confirmed", appointment: "confirmed", rings: 0 },
    });
  });

  it("may be JSON", () => {
    const text = JSON.stringify({
      name: "a",
      title: "b",
      direction: "outbound",
      patient: "Omar",
      expect: {},
    });
    expect(problemsOf(text)).toEqual([]);
  });

  it("is told everything that is wrong with it at once, with line, column, field and remedy", () => {
    const text = `name: Confirm by key
title: A patient confirms
direction: inwards
patient: Maria
colour: blue
steps:
  - press: 1
    hear: confirmed
  - say: want-friday
  - say: hello
    answer: "(open"
  - wave: true
expect:
  disposition: rescheduled
  appointment: confirmd
`;
    const problems = problemsOf(text);
    expect(problems.map((line) => line.split("  ")[0])).toEqual([
      "a.yaml:1:1",
      "a.yaml:3:1",
      "a.yaml:5:1",
      "a.yaml:7:5",
      "a.yaml:9:5",
      "a.yaml:11:5",
      "a.yaml:12:5",
      "a.yaml:12:5",
      "a.yaml:15:3",
    ]);
    expect(problems[1]).toMatch(/direction: .*"inbound"\|"outbound"/);
    expect(problems[2]).toContain("colour: There is no such field");
    expect(problems[4]).toContain("steps[1]: After say the model answers");
    expect(problems[8]).toMatch(/expect.appointment: .*"confirmed"/);
  });

  it("lists what a caller can mean", () => {
    expect(problemsOf(good.replace('press: "1"', "say: what"))[0]).toMatch(
      /steps\[0\].say: It is one of hello, /,
    );
  });

  it("says what belongs together", () => {
    expect(problemsOf(good.replace("disposition: confirmed", "disposition: rescheduled"))).toEqual([
      "a.yaml:8:1  expect: The disposition rescheduled and the field moved-to belong together.",
    ]);
    expect(problemsOf(good.replace("    hear: confirmed\n", ""))).toEqual([
      "a.yaml:6:5  steps[0]: After press something is heard: name the sentence with hear.",
    ]);
  });

  it("says where it is no YAML, twice the same key included", () => {
    expect(problemsOf("name: [a")[0]).toMatch(/^a.yaml:1:\d+ {2}/);
    expect(problemsOf(`${good}name: again\n`)[0]).toMatch(/^a.yaml:9:1 {2}.*unique/);
    expect(problemsOf("")[0]).toMatch(/^a.yaml:1:1 {2}/);
  });
});

describe("the example's scenarios", () => {
  it("are all well-formed", async () => {
    const scenarios = await readScenarioFiles([]);
    const files = (await readdir(examples)).filter((name) => name.endsWith(".yaml"));
    expect(scenarios.map(({ name }) => `${name}.yaml`)).toEqual(files.sort());
  });

  it("can't be told twice, or from a file that is not there", async () => {
    const file = `${examples}confirm-by-key.yaml`;
    const reading = readScenarioFiles([file, file, "/nonexistent/none.yaml"]);
    await expect(reading).rejects.toThrow(InvalidScenarios);
    const { problems } = (await reading.catch((error: unknown) => error)) as InvalidScenarios;
    expect(problems.map(({ field }) => field)).toEqual(["name", ""]);
  });
});

it("the published JSON Schema is that of the files", async () => {
  const path = fileURLToPath(new URL("../../scenario.schema.json", import.meta.url));
  // "node packages/sip-voice-lab/src/scenario/main.ts --schema" prints it.
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual(scenarioJsonSchema());
});
