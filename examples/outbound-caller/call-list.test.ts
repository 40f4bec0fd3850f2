import { SipVoiceError } from "@clinic/sip-voice";
import { describe, expect, it } from "vitest";
import { type CallList, parseCallList, readCallList } from "./call-list.ts";

const header = "phoneNumber,appointmentId,consentBasis,consentRecordedAt";
const maria = "+15105550111,a-1,given-at-booking,2026-10-01T09:00:00-07:00";
const omar = "+15105550112,a-2,written,2026-10-03T15:30:00Z";
const csv = (...lines: string[]): CallList => parseCallList(lines.join("\n"), "csv");
const ids = ({ rows }: CallList) => rows.map(({ appointmentId }) => appointmentId);

function refusalOf(work: () => unknown): SipVoiceError {
  try {
    work();
  } catch (error) {
    if (SipVoiceError.is(error)) return error;
    throw error;
  }
  throw new Error("the list was taken");
}

describe("a CSV call list", () => {
  it("gives each row with its line, its consent and an idempotency key", () => {
    expect(csv(header, maria)).toEqual({
      rows: [
        {
          place: "line 2",
          phoneNumber: "+15105550111",
          appointmentId: "a-1",
          consent: { basis: "given-at-booking", recordedAt: "2026-10-01T09:00:00-07:00" },
          attemptId: "list/a-1/1",
        },
      ],
      rejected: [],
    });
  });

  it("may be a spreadsheet's: byte order mark, CRLF, quotes, blank lines and columns of its own", () => {
    const text = `\uFEFF"Phone Number",appointment_id,CONSENTBASIS,consentRecordedAt,notes\r\n\r\n${maria},"says ""hello"", twice\r\nor more"\r\n${omar},\r\n`;
    const list = parseCallList(text, "csv");
    expect(ids(list)).toEqual(["a-1", "a-2"]);
    expect(list.rejected).toEqual([]);
  });

  it.each([";", "\t"])("may be separated by %j", (separator) => {
    const text = [header, maria, omar].join("\n").replaceAll(",", separator);
    expect(ids(parseCallList(text, "csv"))).toEqual(["a-1", "a-2"]);
  });

  it("rejects what is wrong in a row, all of it, and takes the others", () => {
    const list = csv(header, "5105550111,,by heart,yesterday", omar);
    expect(ids(list)).toEqual(["a-2"]);
    expect(list.rejected.map(({ place, field }) => `${place} ${field}`)).toEqual([
      "line 2 phoneNumber",
      "line 2 appointmentId",
      "line 2 consentBasis",
      "line 2 consentRecordedAt",
    ]);
  });

  it.each(["510-555-0111", "1.51056E+10", "+1720555", "+15105550111 ext. 7", "", "tel:me"])(
    "rejects the number '%s' and does not repeat it",
    (number) => {
      const { rejected } = csv(header, maria.replace("+15105550111", number));
      expect(rejected).toHaveLength(1);
      expect(rejected[0]).toMatchObject({
        field: "phoneNumber",
        reason: expect.stringContaining("+15105550111"),
      });
      if (number !== "") expect(rejected[0]?.reason).not.toContain(number);
    },
  );

  it.each(["2026-10-01", "2026-10-01T09:00:00", "2026-13-01T09:00:00Z", "10/01/2026"])(
    "rejects the consent of '%s': it names no instant",
    (recordedAt) => {
      const { rejected } = csv(header, `+15105550111,a-1,written,${recordedAt}`);
      expect(rejected.map(({ field }) => field)).toEqual(["consentRecordedAt"]);
    },
  );

  it("lets a quote that does not match spoil its own line only", () => {
    const list = csv(header, maria, '+15105550113,"a-3,spoken,2026-10-01T09:00:00Z', omar);
    expect(ids(list)).toEqual(["a-1", "a-2"]);
    expect(list.rejected).toMatchObject([{ place: "line 3", field: "row" }]);
  });

  it("rejects a row with more fields than the first line", () => {
    expect(csv(header, `${maria},more`, `${omar},,`)).toMatchObject({
      rows: [{ appointmentId: "a-2" }],
      rejected: [{ place: "line 2", field: "row" }],
    });
  });

  it("rejects an appointment that stands in it twice, whatever the number", () => {
    const list = csv(header, maria, omar, maria.replace("0111", "0119"));
    expect(ids(list)).toEqual(["a-1", "a-2"]);
    expect(list.rejected).toMatchObject([{ place: "line 4", reason: expect.stringContaining("line 2") }]);
  });

  it("has another key for another attempt, and the same for the same row anywhere", () => {
    const again = csv(`attempt,${header}`, `2,${maria}`, `1,${omar}`, `0,${omar}`);
    expect(again.rows.map(({ attemptId }) => attemptId)).toEqual(["list/a-1/2", "list/a-2/1"]);
    expect(again.rejected).toMatchObject([{ place: "line 4", field: "attempt" }]);
    expect(csv(header, omar, maria).rows[1]?.attemptId).toBe(csv(header, maria).rows[0]?.attemptId);
  });

  it.each(["", "\n\n", maria, "phoneNumber;appointmentId"])("without its columns is refused: %j", (text) => {
    const error = refusalOf(() => parseCallList(text, "csv"));
    expect(error).toMatchObject({ code: "invalid-option", field: "list" });
    expect(error.message).toContain("consentBasis");
    expect(error.message).not.toContain("0111");
  });

  it("with a column twice is refused", () => {
    expect(refusalOf(() => csv(`${header},phone_number`, maria)).message).toContain(
      "two columns phoneNumber",
    );
  });

  it("without rows is an empty list", () => {
    expect(csv(header)).toEqual({ rows: [], rejected: [] });
  });

  it("is the example", async () => {
    const list = await readCallList(new URL("call-list.example.csv", import.meta.url).pathname);
    expect(list.rejected).toEqual([]);
    expect(ids(list)).toEqual(["appointment-maria", "appointment-omar", "appointment-grace"]);
  });
});

describe("a JSON call list", () => {
  const row = {
    phoneNumber: "+15105550111",
    appointmentId: "a-1",
    consentBasis: "spoken",
    consentRecordedAt: "2026-10-01T09:00:00Z",
  };

  it("gives and rejects rows by their place", () => {
    const items = [{ ...row, attempt: 2 }, null, { ...row, appointmentId: { id: 7 } }, "Maria"];
    expect(parseCallList(`\uFEFF${JSON.stringify(items)}`, "json")).toMatchObject({
      rows: [{ place: "item 1", attemptId: "list/a-1/2" }],
      rejected: [
        { place: "item 2", field: "row" },
        { place: "item 3", field: "appointmentId" },
        { place: "item 4", field: "row" },
      ],
    });
  });

  it.each(['[{"phoneNumber": "+15105550111" "x"}]', "{}", "12", ""])(
    "that is none is refused: %s",
    (text) => {
      expect(refusalOf(() => parseCallList(text, "json")).message).not.toContain("0111");
    },
  );
});

describe("a file", () => {
  it.each(["/nowhere/list.csv", import.meta.dirname])("that can't be read is refused: %s", async (path) => {
    await expect(readCallList(path)).rejects.toMatchObject({ code: "invalid-option", field: "list" });
  });
});
