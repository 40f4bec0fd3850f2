import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { troubledStoreAgent } from "../lab/store-trouble.ts";
import { batchesOf } from "./scenario-batches.ts";
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

describe("a scenario with a clinic and appointments of its own", () => {
  const file = (name: string, more: string) => {
    const read = readScenario("a.yaml", `${good.replace("name: confirm", `name: ${name}`)}${more}`);
    if (!read.ok) throw new Error(read.problems.map(problemLine).join("\n"));
    return read.scenario;
  };
  const family = "appointments:\n  - { patient: Yara, born: 1984-03-07 }\n  - { days-later: 2 }\n";

  it("is about the first appointment, leaves the others alone, and names nobody before it is known who calls", () => {
    const [call] = batchesOf([file("family", family)]).flatMap(({ calls }) => calls);
    expect(call).toMatchObject({
      patient: { appointmentId: "scenario-appointment-0" },
      others: ["scenario-appointment-0-1"],
      greetedUnknown: true,
    });
  });

  it("is played with those whose clinic is set up alike", () => {
    const bridge = "clinic: { operator: bridge, identity: date-of-birth }\n";
    const scenarios = [
      file("one", ""),
      file("two", bridge),
      file("three", "clinic: { store: slow-all }\n"),
      file("four", ""),
      file("five", bridge),
    ];
    const batches = batchesOf(scenarios).map(({ calls, environment, file: entry }) => ({
      names: calls.map(({ name }) => name),
      environment,
      entry,
    }));
    expect(batches).toEqual([
      { names: ["one", "four"], environment: {}, entry: undefined },
      {
        names: ["two", "five"],
        environment: {
          OPERATOR_METHOD: "bridge",
          OPERATOR_RINGING_SECONDS: "8",
          SIP_VOICE_IDENTITY: "date-of-birth",
        },
        entry: undefined,
      },
      { names: ["three"], environment: { SIP_VOICE_LAB_STORE: "slow-all" }, entry: troubledStoreAgent },
    ]);
  });

  it("is told what is wrong with them", () => {
    const wrong =
      'appointments:\n  - { code: "12", born: 7 March }\nclinic: { store: gone }\ncalled-before: { telephone: answers }\n';
    expect(problemsOf(good + wrong).map((line) => line.split("  ")[1]?.split(":")[0])).toEqual([
      "appointments[0].code",
      "appointments[0].born",
      "clinic.store",
      "called-before.telephone",
    ]);
    expect(problemsOf(good.replace("hear: confirmed", 'hear: confirmed\n  - keys: "12"'))[0]).toContain(
      "After keys the model answers, or a fixed sentence is heard",
    );
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
