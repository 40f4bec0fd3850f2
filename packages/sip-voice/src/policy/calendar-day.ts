import { Temporal } from "temporal-polyfill";

/** One day of a zone's calendar. */
export interface CalendarDay {
  /** The IANA time zone. */
  readonly zone: string;
  /** `YYYY-MM-DD`. */
  readonly iso: string;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  /** 28 to 31. */
  readonly daysInMonth: number;
  /** When it begins, milliseconds since 1970. */
  readonly startsAt: number;
  /** When the next one begins. */
  readonly endsAt: number;
  /** Of a Friday the Saturday after, of a Monday the Sunday before. */
  readonly weekendBeside: { readonly month: number; readonly day: number } | undefined;
}

const dayMs = 86_400_000;

/** The days that were looked up, by zone and UTC day: zones are slow to ask, and a campaign asks for the same days. */
const known = new Map<string, readonly CalendarDay[]>();
const mostKnown = 5_000;

function read(zone: string, at: number): CalendarDay {
  const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  const weekday = date.dayOfWeek as CalendarDay["weekday"];
  const step = weekday === 5 ? 1 : weekday === 1 ? -1 : 0;
  const beside = step === 0 ? undefined : date.add({ days: step });
  return {
    zone,
    iso: date.toString(),
    month: date.month,
    day: date.day,
    weekday,
    daysInMonth: date.daysInMonth,
    startsAt: date.toZonedDateTime(zone).epochMilliseconds,
    endsAt: date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds,
    weekendBeside: beside && { month: beside.month, day: beside.day },
  };
}

/** The day that it is in a zone at an instant. */
export function calendarDay(zone: string, at: number): CalendarDay {
  const key = `${Math.floor(at / dayMs)} ${zone}`;
  const before = known.get(key);
  const found = before?.find(({ startsAt, endsAt }) => startsAt <= at && at < endsAt);
  if (found) return found;
  const day = read(zone, at);
  if (known.size >= mostKnown) known.clear();
  known.set(key, before ? [...before, day] : [day]);
  return day;
}

/** The instant at which the wall clock shows `HH:MM` on a day, or its end for `24:00`. */
export function instantOn(day: CalendarDay, time: string, twice: "earlier" | "later"): number {
  const { zone, iso, startsAt, endsAt } = day;
  if (time === "24:00") return endsAt;
  const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  if (endsAt - startsAt === dayMs) return startsAt + minutes * 60_000;
  // The clock is changed on this day.
  const wall = Temporal.PlainDateTime.from(`${iso}T${time}`);
  return wall.toZonedDateTime(zone, { disambiguation: twice }).epochMilliseconds;
}
