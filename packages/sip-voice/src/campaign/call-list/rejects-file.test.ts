import { describe, expect, it } from "vitest";
import { type CallListEntry, readCallList } from "../call-list.ts";
import { rejectsCsv } from "./rejects-file.ts";

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}

describe("rejectsCsv", () => {
  it("gives each rejected row as it was, after its line and what is wrong", async () => {
    const list = 'phoneNumber;appointmentId;note\n+15105550111;a-1;\n0;a-2;"says ""hi"", often"\n';
    expect(await textOf(rejectsCsv(readCallList(list)))).toBe(
      '\uFEFF"line","reason","phoneNumber","appointmentId","note"\r\n' +
        '"3","phoneNumber: Write it with + and country code, as in +15105550111.","0","a-2","says ""hi"", often"\r\n',
    );
  });

  it("gives nothing when nothing was rejected", async () => {
    expect(await textOf(rejectsCsv(readCallList("phoneNumber,appointmentId\n+15105550111,a-1\n")))).toBe("");
  });

  it("lets no spreadsheet run what a row says", async () => {
    const evil = ['=HYPERLINK("http://x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\tx"];
    const rows = evil.map((note) => `0,a,"${note.replaceAll('"', '""')}"`);
    const text = await textOf(
      rejectsCsv(readCallList(["phoneNumber,appointmentId,note", ...rows].join("\n"))),
    );
    for (const field of text.split(/\r\n|,(?=")/)) expect(field).not.toMatch(/^"[=+\-@\t]/);
    expect(text).toContain(`"'=HYPERLINK(""http://x"")"`);
  });

  it("can be mended and read as a list again", async () => {
    const list = "phoneNumber,appointmentId,consentBasis\n+15105550111,a-1,shouted\n";
    const mended = (await textOf(rejectsCsv(readCallList(list)))).replace("shouted", "");
    expect(mended).toContain(`"'+15105550111"`);
    const entries: CallListEntry[] = [];
    for await (const entry of readCallList(mended)) entries.push(entry);
    expect(entries).toMatchObject([{ type: "contact", contact: { phoneNumber: "+15105550111", id: "a-1" } }]);
  });

  it("keeps a row that could not be read at all", async () => {
    const list = 'phoneNumber,appointmentId\n+15105550111,"a-1\n';
    expect(await textOf(rejectsCsv(readCallList(list)))).toContain(`"'+15105550111,""a-1"`);
  });
});
