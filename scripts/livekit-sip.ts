import { parseArgs } from "node:util";
import { SipClient } from "livekit-server-sdk";

/** What a script lists: rows for machines, and the cells of each for people. */
interface Listing<Row> {
  /** What the script is called and what it shows, for `--help`. */
  readonly about: string;
  /** What to say when there is nothing. */
  readonly whenEmpty: string;
  list(client: SipClient): Promise<readonly Row[]>;
  /** A row as columns by their headings. */
  cells(row: Row): Readonly<Record<string, string>>;
}

const remedies = {
  LIVEKIT_URL: "Set it to your LiveKit server, as in wss://example.livekit.cloud.",
  LIVEKIT_API_KEY: "Copy it from your LiveKit project's settings.",
  LIVEKIT_API_SECRET: "Copy it from your LiveKit project's settings.",
} as const;

function complaints(): string[] {
  return Object.entries(remedies).flatMap(([name, remedy]) => {
    const value = process.env[name]?.trim();
    if (!value) return `${name} is not set. ${remedy}`;
    return name === "LIVEKIT_URL" && !/^(ws|http)s?:\/\/./.test(value)
      ? `${name} is malformed. ${remedy}`
      : [];
  });
}

/** What an error of LiveKit's SIP API means for whoever set the server up. */
function explanationOf(error: unknown): string {
  const { code, message, status } = error as { code?: unknown; message?: unknown; status?: unknown };
  const text = typeof message === "string" ? message : "";
  if (text.includes("sip not connected")) {
    return "This LiveKit server has no SIP: it runs without Redis, or without LiveKit's SIP service. Use LiveKit Cloud, or add both to your own server.";
  }
  if (status === 401 || status === 403) {
    return "LiveKit refused the credentials. Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET, and that they belong to LIVEKIT_URL.";
  }
  if (code === "unimplemented" || code === "not_found" || code === "bad_route") {
    return "What answers at LIVEKIT_URL knows no SIP API. Check the address.";
  }
  if (error instanceof TypeError)
    return "LIVEKIT_URL can't be reached from here. Check that the server runs.";
  return `LiveKit did not answer with a list: ${text || String(error)}`;
}

function table(rows: readonly Readonly<Record<string, string>>[]): string {
  const headings = Object.keys(rows[0] ?? {});
  const lines = [headings, ...rows.map((row) => headings.map((heading) => row[heading] || "-"))];
  const widths = headings.map((_heading, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Shows a list of LiveKit's SIP resources and gives the exit code: 0 shown, 1 LiveKit did not give it, 2 not asked. */
export async function showListing<Row>(listing: Listing<Row>): Promise<0 | 1 | 2> {
  const usage = `${listing.about}\n\nOptions:\n  --json  one JSON list\n  --help  this text\n\nReads ${Object.keys(remedies).join(", ")}.\nExit code: 0 shown, 1 LiveKit did not give the list, 2 the command or the environment is wrong.\n`;
  let options: { json?: boolean | undefined; help?: boolean | undefined };
  try {
    options = parseArgs({
      options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const wrong = complaints();
  if (wrong.length > 0) {
    process.stderr.write(`The environment must be mended:\n${wrong.map((line) => `  ${line}\n`).join("")}`);
    return 2;
  }
  const { LIVEKIT_URL = "", LIVEKIT_API_KEY = "", LIVEKIT_API_SECRET = "" } = process.env;
  const url = LIVEKIT_URL.trim().replace(/^ws/, "http");
  try {
    const rows = await listing.list(new SipClient(url, LIVEKIT_API_KEY.trim(), LIVEKIT_API_SECRET.trim()));
    if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
    else process.stdout.write(`${rows.length === 0 ? listing.whenEmpty : table(rows.map(listing.cells))}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${explanationOf(error)}\n`);
    return 1;
  }
}
