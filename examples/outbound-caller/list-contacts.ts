import { createReadStream, createWriteStream } from "node:fs";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import {
  type CallListEntry,
  type CampaignContact,
  readCallList,
  rejectInWords,
  rejectsCsv,
  SipVoiceError,
} from "@clinic/sip-voice";

/** What a list comes to besides its contacts. */
export interface ListReading {
  /** The contacts as they are read; one whose number stands there again is given again. */
  readonly contacts: AsyncIterable<CampaignContact>;
  /** How many rows were rejected so far. */
  readonly rejected: { count: number };
}

/** How a list is read. */
export interface ListOptions {
  /** The file. */
  readonly path: string;
  /** ISO 3166-1 country of numbers without `+`. */
  readonly country: string | undefined;
  /** Where the rejected rows go, as CSV; nowhere unless given. */
  readonly rejects: string | undefined;
  /** Told of each rejected row, without what stands in it. */
  readonly onReject: (words: string) => void;
}

/** Reads the contacts of a file, `.json` or else CSV, and writes the rows that can't be called into the rejects file. */
export function readContacts({ path, country, rejects, onReject }: ListOptions): ListReading {
  const rejected = { count: 0 };
  async function* pieces(): AsyncGenerator<string | Uint8Array> {
    try {
      yield* createReadStream(path);
    } catch (cause) {
      const code = (cause as { code?: string }).code ?? "unknown error";
      const remedy = code === "ENOENT" ? "Check its path." : "Name a file that this user may read.";
      const text = `The call list can't be read (${code}).`;
      throw new SipVoiceError("invalid-option", text, { field: "list", remedy, cause });
    }
  }
  async function* contacts(): AsyncGenerator<CampaignContact> {
    const kept: CallListEntry[] = [];
    const format = extname(path).toLowerCase() === ".json" ? "json" : "csv";
    const options = { format, ...(country === undefined ? {} : { defaultCountry: country }) } as const;
    for await (const entry of readCallList(pieces(), options)) {
      if (entry.type === "contact") yield entry.contact;
      else {
        rejected.count++;
        onReject(rejectInWords(entry.reject));
        if (rejects !== undefined) kept.push(entry);
      }
    }
    if (rejects === undefined || kept.length === 0) return;
    // It holds patients' data.
    await finished(Readable.from(rejectsCsv(kept)).pipe(createWriteStream(rejects, { mode: 0o600 })));
  }
  return { contacts: contacts(), rejected };
}
