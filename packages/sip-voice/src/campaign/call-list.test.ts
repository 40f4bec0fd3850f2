import { describe, expect, it } from "vitest";
import type { TextSource } from "../csv/text-lines.ts";
import { SipVoiceError } from "../errors.ts";
import { type RejectedRow, rejectInWords } from "./call-list/row-fault.ts";
import { type CallListEntry, type CallListOptions, readCallList } from "./call-list.ts";
import type { CampaignContact } from "./contact.ts";

const head = "phoneNumber,appointmentId,consentBasis,consentRecordedAt";
const consent = "given-at-booking,2026-10-01T09:00:00-07:00";

async function entriesOf(source: TextSource, options: CallListOptions = {}): Promise<CallListEntry[]> {
  const entries: CallListEntry[] = [];
  for await (const entry of readCallList(source, options)) entries.push(entry);
  return entries;
}

async function read(source: TextSource, options: CallListOptions = {}) {
  const entries = await entriesOf(source, options);
  return {
    contacts: entries.flatMap((one): CampaignContact[] => (one.type === "contact" ? [one.contact] : [])),
    rejects: entries.flatMap((one): RejectedRow[] => (one.type === "reject" ? [one.reject] : [])),
  };
}

const faultsOf = (rejects: readonly RejectedRow[]) =>
  rejects.flatMap(({ line, faults }) => faults.map(({ column, code }) => `${line} ${column} ${code}`));

async function failureOf(source: TextSource, options: CallListOptions = {}): Promise<SipVoiceError> {
  const error: unknown = await entriesOf(source, options).catch((thrown: unknown) => thrown);
  if (!SipVoiceError.is(error)) throw new Error("It was read.");
  return error;
}

describe("readCallList", () => {
  it("gives a contact for each row", async () => {
    const { contacts, rejects } = await read(
      `${head},timeZone,place,language,priority\n+15105550111,a-1,${consent},America/Denver,US-CO,ar,5\n+1 (510) 555-0112,a-2,,,,,,\n`,
    );
    expect(rejects).toEqual([]);
    expect(contacts).toEqual([
      {
        id: "a-1",
        phoneNumber: "+15105550111",
        appointments: [{ id: "a-1" }],
        consent: { basis: "given-at-booking", recordedAt: "2026-10-01T09:00:00-07:00" },
        timeZone: "America/Denver",
        place: "US-CO",
        language: "ar",
        priority: 5,
        listPlace: "line 2",
      },
      { id: "a-2", phoneNumber: "+15105550112", appointments: [{ id: "a-2" }], listPlace: "line 3" },
    ]);
  });

  it.each([
    ["semicolons", `Phone_Number;Appointment ID\n+15105550111;a-1\n`],
    ["tabs", "phone number\tAPPOINTMENT-ID\n+15105550111\ta-1\n"],
    [
      "quotes and commas in them",
      `"phoneNumber","appointmentId","note"\n"+15105550111","a-1","said ""later"", then"\n`,
    ],
    ["a separator in a quoted heading", `"note; or, not";phoneNumber;appointmentId\n;+15105550111;a-1\n`],
    ["a byte order mark", "\uFEFFphoneNumber,appointmentId\n+15105550111,a-1"],
    ["Windows' ends of lines", "phoneNumber,appointmentId\r\n+15105550111,a-1\r\n\r\n"],
    ["the old Macintosh's ends of lines", "phoneNumber,appointmentId\r+15105550111,a-1\r"],
    ["Excel's own first line", "sep=|\nphoneNumber|appointmentId\n+15105550111|a-1\n"],
    ["empty rows of a spreadsheet", "\n\nphoneNumber,appointmentId,\n,,\n+15105550111, a-1 ,\n,,\n,,\n"],
    [
      "an apostrophe that keeps a spreadsheet from reckoning",
      "phoneNumber,appointmentId\n'+15105550111,a-1\n",
    ],
  ])("takes %s", async (_name, text) => {
    const { contacts, rejects } = await read(text);
    expect(rejects).toEqual([]);
    expect(contacts).toMatchObject([{ phoneNumber: "+15105550111", appointments: [{ id: "a-1" }] }]);
  });

  it("reads bytes wherever they are cut, and UTF-16 as Excel writes it", async () => {
    const text = `note,phoneNumber,appointmentId\r\nسامي,+15105550111,a-1\r\nZoë,+15105550112,a-2\r\n`;
    const utf8 = new TextEncoder().encode(`\uFEFF${text}`);
    const whole = await read(utf8);
    expect(whole.contacts).toHaveLength(2);
    for (const size of [1, 3, 7]) {
      const pieces = Array.from({ length: Math.ceil(utf8.length / size) }, (_, index) =>
        utf8.subarray(index * size, (index + 1) * size),
      );
      expect(await read(pieces)).toEqual(whole);
    }
    const utf16 = new Uint8Array(Buffer.from(`\uFEFF${text.replaceAll(",", "\t")}`, "utf16le"));
    expect(await read(utf16)).toEqual(whole);
  });

  it("says what is wrong with a row and what to do, without what stands in it", async () => {
    const { contacts, rejects } = await read(
      [
        head,
        `5.10556E+11,a-1,${consent}`,
        `"1,51E+10",a-2,${consent}`,
        `5105550113,a-3,${consent}`,
        `not a number,a-4,${consent}`,
        `+18765550123,a-5,${consent}`,
        `+18005550100,a-6,${consent}`,
        `,a-7,${consent}`,
        `+15105550117,,${consent}`,
        "+15105550118,a-8,given-at-booking,2026-10-01T09:00:00",
        "+15105550119,a-9,given-at-booking,10/01/2026",
        "+15105550120,a-10,told me,",
        "+15105550121,a-11,,2026-10-01T09:00:00Z",
      ].join("\n"),
    );
    expect(contacts).toEqual([]);
    expect(faultsOf(rejects)).toEqual([
      "2 phoneNumber scientific-notation",
      "3 phoneNumber scientific-notation",
      "4 phoneNumber no-country-code",
      "5 phoneNumber not-a-number",
      "6 phoneNumber foreign-number",
      "7 phoneNumber foreign-number",
      "8 phoneNumber missing",
      "9 appointmentId missing",
      "10 consentRecordedAt no-time-zone",
      "11 consentRecordedAt not-an-instant",
      "12 consentBasis not-a-word",
      "12 consentRecordedAt not-an-instant",
      "13 consentBasis missing",
    ]);
    const words = rejects.map(rejectInWords).join("\n");
    expect(words).toContain("line 2, phoneNumber (a text of 11 characters): A spreadsheet has rounded it");
    for (const { fields } of rejects) {
      for (const field of fields)
        if (field.length > 4 && !consent.includes(field)) expect(words).not.toContain(field);
    }
  });

  it("says what the optional columns take", async () => {
    const { rejects } = await read(
      "phoneNumber,appointmentId,timeZone,place,language,priority\n+15105550111,a-1,PST8,Florida,english please,high\n",
    );
    expect(faultsOf(rejects)).toEqual([
      "2 priority not-whole",
      "2 timeZone not-a-word",
      "2 place not-a-word",
      "2 language not-a-word",
    ]);
  });

  it("reads numbers without a country code in the clinic's country, and dials where the policy does", async () => {
    const list = "phoneNumber,appointmentId\n(510) 555-0111,a-1\n+18765550123,a-2\n";
    const destinations = {
      countries: ["US", "JM"],
      kinds: ["fixed-line", "mobile", "fixed-line-or-mobile"],
    } as const;
    const { contacts } = await read(list, { defaultCountry: "US", policy: { destinations } });
    expect(contacts.map(({ phoneNumber }) => phoneNumber)).toEqual(["+15105550111", "+18765550123"]);
  });

  it("calls a family once, about the appointment that came first", async () => {
    const entries = await entriesOf(
      `${head},priority\n+15105550111,a-1,,,\n+15105550112,b-1,,,\n5105550111,a-2,${consent},7\n`,
      { defaultCountry: "US" },
    );
    expect(entries).toMatchObject([
      { line: 2, again: false, contact: { id: "a-1", appointments: [{ id: "a-1" }] } },
      { line: 3, again: false, contact: { id: "b-1" } },
      {
        line: 4,
        again: true,
        contact: {
          id: "a-1",
          appointments: [{ id: "a-1" }, { id: "a-2" }],
          consent: { basis: "given-at-booking" },
          priority: 7,
          listPlace: "line 2",
        },
      },
    ]);
  });

  it("rejects an appointment that stands there twice, also with another number", async () => {
    const { contacts, rejects } = await read(
      "phoneNumber,appointmentId\n+15105550111,a-1\n+15105550111,a-1\n+15105550112,a-1\n",
    );
    expect(contacts).toHaveLength(1);
    expect(rejects.map(rejectInWords)).toEqual([
      "line 3, appointmentId (the same as in line 2): Take one of the two out.",
      "line 4, appointmentId (the same as in line 2): Take one of the two out.",
    ]);
  });

  it("makes a contact's id of any appointment's id, the same each time", async () => {
    const text = "phoneNumber,appointmentId\n+15105550111,Praxis Mitte: 17\n";
    const [first] = (await read(text)).contacts;
    expect(first?.id).toMatch(/^[0-9a-f]{32}$/);
    expect((await read(text)).contacts[0]).toEqual(first);
  });

  it("gives those without a consent of their own the one of the list", async () => {
    const whole = { basis: "written", recordedAt: "2026-09-01T00:00:00Z" } as const;
    const { contacts } = await read(`${head}\n+15105550111,a-1,,\n+15105550112,a-2,${consent}\n`, {
      consent: whole,
    });
    expect(contacts.map((contact) => contact.consent?.basis)).toEqual(["written", "given-at-booking"]);
  });

  it("loses no other row to a quote that is not closed", async () => {
    const { contacts, rejects } = await read(
      [
        "phoneNumber,appointmentId,note",
        '+15105550111,a-1,"never closed',
        "+15105550112,a-2,",
        '+15105550113,a-3,Lane 6" pipe',
        '+15105550114,a-4,"two\nlines"',
        "+15105550115,a-5,a,b,c",
        ...Array.from({ length: 40 }, (_, index) => `+15105550${116 + index},b-${index},`),
        '"+15105550199,a-6,',
      ].join("\n"),
    );
    expect(faultsOf(rejects)).toEqual(["2 row quotes", "4 row quotes", "7 row field-count", "48 row quotes"]);
    expect(contacts).toHaveLength(42);
    expect(rejects[0]?.fields).toEqual(['+15105550111,a-1,"never closed']);
  });

  it.each([
    ["no such columns", "+15105550111,a-1\n", "lacks phoneNumber, appointmentId"],
    ["one column missing", "phoneNumber,id\n+15105550111,a-1\n", "lacks appointmentId"],
    ["a column twice", "phoneNumber,phone number,appointmentId\n", "two columns phoneNumber"],
    ["nothing", "\uFEFF \n\n", "is empty"],
    ["Latin-1", new Uint8Array([0x70, 0xe9, 0x2c, 0x0a]), "not UTF-8"],
  ])("refuses a list with %s, and repeats nothing of it", async (_name, source, words) => {
    const error = await failureOf(source);
    expect(error).toMatchObject({ code: "invalid-option", field: "list" });
    expect(error.message).toContain(words);
    expect(error.message).not.toContain("5105550111");
  });

  it("goes by what the list calls its columns", async () => {
    const columns = { phoneNumber: "Mobile no.", appointmentId: "Termin" };
    const text = "Termin;Mobile No.;phoneNumber\na-1;+15105550111;+15105550199\n";
    expect((await read(text, { columns })).contacts).toMatchObject([{ phoneNumber: "+15105550111" }]);
    expect((await failureOf("a;b\n", { columns })).message).toContain("lacks Mobile no., Termin");
  });

  it("reads JSON, whole or one object a line", async () => {
    const rows = [{ phoneNumber: "+15105550111", appointmentId: 17, priority: 2 }, { phone_number: "x" }, 3];
    for (const text of [JSON.stringify(rows, null, 2), rows.map((row) => JSON.stringify(row)).join("\n")]) {
      const { contacts, rejects } = await read(text, { format: "json" });
      expect(contacts).toMatchObject([
        { phoneNumber: "+15105550111", appointments: [{ id: "17" }], priority: 2 },
      ]);
      expect(faultsOf(rejects)).toEqual([
        "2 phoneNumber not-a-number",
        "2 appointmentId missing",
        "3 row not-an-object",
      ]);
    }
    expect((await failureOf('[{"phoneNumber":"+15105550111",]', { format: "json" })).message).not.toContain(
      "0111",
    );
    expect((await failureOf("phoneNumber", { format: "json" })).message).toContain("not JSON");
  });

  it("gives the first rows before the list has ended", async () => {
    async function* slowly() {
      yield `phoneNumber,appointmentId\n`;
      for (let row = 0; ; row++) yield `+1510555${String(100 + (row % 100)).padStart(4, "0")},a-${row}\n`;
    }
    for await (const entry of readCallList(slowly())) {
      expect(entry).toMatchObject({ type: "contact", line: 2 });
      break;
    }
  });

  it("passes on what goes wrong with the file itself", async () => {
    async function* failing() {
      yield `phoneNumber,appointmentId\n`;
      throw new Error("EIO");
    }
    await expect(entriesOf(failing())).rejects.toThrow("EIO");
  });
});
