import { Temporal } from "temporal-polyfill";
import { parseInstant } from "../appointments/instant.ts";

const withOffset = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?\s?(Z|[+-]\d\d:\d\d)$/i;
const byTheClock = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)$/i;

/** An instant as RFC 3339 with an offset, or why it is none. */
type ClinicInstant =
  | { readonly text: string }
  | { readonly fault: "not-an-instant" | "skipped-hour" | "repeated-hour" };

/** The offsets of a zone at a time of the day, which a file asks for again and again. */
const known = new Map<string, ClinicInstant>();
const mostKnown = 20_000;

function resolve(text: string, zone: string): ClinicInstant {
  const plain = Temporal.PlainDateTime.from(text);
  const [earlier, later] = (["earlier", "later"] as const).map((disambiguation) =>
    plain.toZonedDateTime(zone, { disambiguation }),
  ) as [Temporal.ZonedDateTime, Temporal.ZonedDateTime];
  if (earlier.epochMilliseconds === later.epochMilliseconds)
    return { text: earlier.toString({ timeZoneName: "never" }) };
  return { fault: earlier.toPlainDateTime().equals(plain) ? "repeated-hour" : "skipped-hour" };
}

/**
 * Reads an instant in RFC 3339, without seconds too, or a time as the clocks of a zone show it; gives RFC 3339 with an offset, or
 * why it can't. A time that the clocks leave out, or show twice, is not guessed.
 */
export function clinicInstant(text: string, zone: string | undefined): ClinicInstant {
  try {
    const [, day, minutes, seconds = ":00", offset] = withOffset.exec(text) ?? [];
    if (offset) return parseInstant(`${day}T${minutes}${seconds}${offset}`, "invalid-option", "start");
    if (zone === undefined || !byTheClock.test(text)) return { fault: "not-an-instant" };
    const key = `${zone} ${text}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = resolve(text.toUpperCase().replace(" ", "T"), zone);
    if (known.size >= mostKnown) known.clear();
    known.set(key, found);
    return found;
  } catch {
    return { fault: "not-an-instant" };
  }
}
