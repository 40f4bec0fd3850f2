/** What the clock and the calendar on the wall show somewhere. */
export interface WallTime {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** Days since 1970 of that date. */
  readonly day: number;
  /** 0 Sunday to 6 Saturday. */
  readonly weekday: number;
  /** Milliseconds shown since midnight. */
  readonly timeMs: number;
}

const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  formats.set(timeZone, format);
  return format;
}

/** What the wall shows, read from `Intl.DateTimeFormat` and nothing of ours. */
export function wallTime(timeZone: string, at: number): WallTime {
  // 11/07/2027, 08:30:00
  const text = formatFor(timeZone).format(at);
  const [month, day, year, hour, minute, second] = text.split(/\D+/).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const days = Date.UTC(year, month - 1, day) / dayMs;
  return {
    date: new Date(days * dayMs).toISOString().slice(0, 10),
    day: days,
    // 1 January 1970 was a Thursday.
    weekday: (days + 4) % 7,
    timeMs: ((hour * 60 + minute) * 60 + second) * 1000 + (((at % 1000) + 1000) % 1000),
  };
}
