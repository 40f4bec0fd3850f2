import { EventEmitter } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CampaignContact,
  type CampaignEvent,
  type CampaignProgress,
  type CampaignReportRow,
  type ContactPreview,
  parsePhoneNumber,
} from "@clinic/sip-voice";
import { simulatedClock } from "@clinic/sip-voice/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { onInterrupts } from "./interrupts.ts";
import { readContacts } from "./list-contacts.ts";
import { ProgressView } from "./progress-view.ts";
import { exitCodeOf, previewLines, type RunReport, reportLines } from "./report.ts";

const contact: CampaignContact = {
  id: "appointment-maria",
  phoneNumber: parsePhoneNumber("+15105550111"),
  appointments: [{ id: "appointment-maria" }],
  listPlace: "line 2",
};
const made = { campaignId: "recall", contactId: "appointment-maria", tryNumber: 1 };
const progress: CampaignProgress = {
  state: "running",
  contacts: 3,
  waiting: 1,
  calling: 1,
  ended: { done: 1, "given-up": 0, "for-review": 0, withdrawn: 0 },
  outcomes: { answered: 1 },
  nextDue: 0,
};
const began: CampaignEvent = {
  type: "try-began",
  try: made,
  attemptId: "recall:appointment-maria:1",
  contact,
  isAgain: false,
};
const ended: CampaignEvent = {
  type: "try-ended",
  try: made,
  contact,
  end: {
    result: { outcome: "answered", disposition: "confirmed" },
    endedAt: 0,
    rang: true,
    counts: "rung",
    next: { end: "done" },
  },
};

describe("the list", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "outbound-caller-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function read(name: string, text: string, rejects?: string) {
    const path = join(folder, name);
    writeFileSync(path, text);
    const words: string[] = [];
    const onReject = (one: string): void => void words.push(one);
    const reading = readContacts({ path, country: undefined, rejects, onReject });
    const contacts: CampaignContact[] = [];
    for await (const one of reading.contacts) contacts.push(one);
    return { contacts, words, rejected: reading.rejected.count };
  }

  it("is the example's", async () => {
    const text = readFileSync(join(import.meta.dirname, "call-list.example.csv"), "utf8");
    const { contacts, words } = await read("list.csv", text);
    expect(words).toEqual([]);
    expect(contacts.map(({ id }) => id)).toEqual([
      "appointment-maria",
      "appointment-omar",
      "appointment-grace",
    ]);
  });

  it("tells of its rejects and keeps them in a file for its owner only", async () => {
    const rejects = join(folder, "rejects.csv");
    const text = "phoneNumber,appointmentId\r\n5105550117,a\r\n+15105550112,b\r\n";
    const { contacts, words, rejected } = await read("list.csv", text, rejects);
    expect([contacts.length, rejected]).toEqual([1, 1]);
    expect(words.join()).toContain("line 2");
    expect(words.join()).not.toContain("5105550117");
    expect(readFileSync(rejects, "utf8")).toContain("5105550117");
    expect(statSync(rejects).mode & 0o077).toBe(0);
  });

  it("is JSON too, and has to be there", async () => {
    const json = JSON.stringify([{ phoneNumber: "+15105550111", appointmentId: "a" }]);
    expect((await read("list.json", json)).contacts).toHaveLength(1);
    const gone = readContacts({
      path: join(folder, "gone"),
      country: undefined,
      rejects: undefined,
      onReject() {},
    });
    const step = async () => {
      for await (const _one of gone.contacts) throw new Error("It has a contact.");
    };
    await expect(step()).rejects.toMatchObject({ code: "invalid-option", field: "list" });
  });
});

describe("progress", () => {
  it("is plain lines where there is no terminal", () => {
    const lines: string[] = [];
    const view = new ProgressView({ write: (text) => lines.push(text) });
    view.count(progress);
    for (const event of [began, ended]) view.take(event);
    view.take({ type: "circuit", state: { kind: "open", until: 0, failures: 5, last: "trunk-refused" } });
    view.stop();
    expect(lines[0]).toBe("line 2  +*******0111  try 1: answered (confirmed)\n");
    expect(lines[1]).toContain("5 failures in a row, the last: trunk-refused.");
    expect(lines).toHaveLength(2);
  });

  it("is a bar with live counts and the calls in flight on a terminal", () => {
    const written: string[] = [];
    const terminal = Object.assign(new EventEmitter(), {
      isTTY: true,
      columns: 200,
      write: (text: string) => void written.push(text),
      cursorTo() {},
      clearLine() {},
      moveCursor() {},
    });
    const view = new ProgressView(terminal);
    view.count(progress);
    view.take(began);
    view.count(progress);
    view.say("Stopping.");
    view.stop();
    const shown = written.join("");
    expect(shown).toContain("1/3  1 calling, 1 waiting, 1 answered");
    expect(shown).toContain("[line 2 ringing]");
    expect(shown).toContain("Stopping.\n");
    expect(shown).not.toContain("15105550111");
  });
});

describe("the report", () => {
  const row: CampaignReportRow = {
    contactId: "appointment-maria",
    listPlace: "line 2",
    phoneNumber: "+*******0111",
    appointmentIds: ["appointment-maria"],
    state: "for-review",
    rungTries: 1,
    outcome: "declined",
  };
  const report: RunReport = {
    campaignId: "recall-2026-11-24",
    reason: "finished",
    progress: { ...progress, waiting: 0, calling: 0 },
    rejected: 0,
    sameNumber: [],
    rows: [row, { ...row, state: "done", outcome: "answered", disposition: "confirmed" }],
  };

  it("says what became of the list, and what a person has to look at", () => {
    expect(reportLines(report)).toEqual([
      "",
      "Campaign recall-2026-11-24: finished. 0 calling, 0 waiting, 1 answered.",
      "Decisions: 1 confirmed.",
      "For a person to look at:",
      "  line 2  +*******0111  declined",
    ]);
    expect(exitCodeOf(report)).toBe(0);
  });

  it("says how to go on, and ends with 1, when not every row was worked off", () => {
    const stopped = { ...report, reason: "stopped" } as const;
    expect(reportLines(stopped).at(-1)).toContain("--campaign recall-2026-11-24 --resume");
    const misfit: CampaignReportRow = { ...row, outcome: "skipped", skipped: "other-number" };
    const others: RunReport[] = [
      stopped,
      { ...report, rejected: 1 },
      { ...report, sameNumber: ["c-2"] },
      { ...report, rows: [misfit] },
    ];
    expect(others.map(exitCodeOf)).toEqual([1, 1, 1, 1]);
    expect(reportLines({ ...report, rows: [misfit] }).at(-1)).toContain("skipped (other-number)");
  });

  it("of a dry run says who would be called, and who not and why", () => {
    const reasons = [{ rule: "consent", explanation: "No consent to calls is on record." }] as const;
    const previews: ContactPreview[] = [
      { kind: "call", contact, at: 0, appointmentId: "appointment-maria" },
      { kind: "refused", contact, reasons },
      { kind: "skipped", contact, reason: "cancelled" },
    ];
    const lines = previewLines(previews);
    expect(lines[0]).toContain("line 2  +*******0111  call at about");
    expect(lines[1]).toBe("line 2  +*******0111  refused: No consent to calls is on record.");
    expect(lines.at(-1)).toBe("1 would be called, 1 refused, 1 skipped. Nobody was called.");
  });
});

describe("Ctrl-C", () => {
  it("stops, then hangs up, then quits; one key press that comes twice is one", async () => {
    const clock = simulatedClock();
    const terminal = new EventEmitter();
    const steps: string[] = [];
    const end = onInterrupts(terminal, clock, {
      stop: () => steps.push("stop"),
      hangUp: () => steps.push("hang up"),
      quit: () => steps.push("quit"),
    });
    terminal.emit("SIGINT");
    terminal.emit("SIGTERM");
    expect(steps).toEqual(["stop"]);
    for (let times = 0; times < 3; times++) {
      await clock.advance(5_000);
      terminal.emit("SIGINT");
    }
    expect(steps).toEqual(["stop", "hang up", "quit"]);
    end();
    expect(terminal.listenerCount("SIGINT") + terminal.listenerCount("SIGTERM")).toBe(0);
  });
});
