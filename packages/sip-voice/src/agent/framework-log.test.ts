import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { redactLogLine, redactStandardOutput } from "./framework-log.ts";

describe("a line of the framework's log", () => {
  it("keeps its level, message and ids", () => {
    const line = JSON.stringify({ level: 30, time: 1, pid: 7, jobID: "AJ_1", msg: "job started" });
    expect(JSON.parse(redactLogLine(line))).toEqual(JSON.parse(line));
  });

  it("loses what is marked as personal, and numbers anywhere", () => {
    const line = JSON.stringify({
      level: 30,
      "lk.pii.participant_identity": "sip_+15105550111",
      "lk.pii.response": { text: "Hello Maria" },
      room: "call-_+15105550111_abc",
      msg: "setting participant",
    });
    const redacted = redactLogLine(line);
    expect(redacted).not.toMatch(/Maria|5105550111/);
    expect(JSON.parse(redacted)).toMatchObject({ level: 30, msg: "setting participant" });
  });

  it("is masked also when it is not JSON", () => {
    expect(redactLogLine("calling +15105550111 now")).not.toContain("5105550111");
  });
});

it("redacts what is written to the standard output, once, line by line", () => {
  const stdout = new PassThrough();
  redactStandardOutput(stdout as unknown as NodeJS.WriteStream);
  redactStandardOutput(stdout as unknown as NodeJS.WriteStream);
  stdout.write('{"lk.pii.text":"Maria","msg":"a"}\n{"msg":"b"}\n');
  expect(String(stdout.read())).toBe('{"lk.pii.text":"[hidden]","msg":"a"}\n{"msg":"b"}\n');
});
