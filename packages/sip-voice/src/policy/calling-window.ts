/** Hours of a day, local time at the callee's place: from `HH:MM` up to and not including `HH:MM` (`24:00` is the day's end). */
export interface CallingHours {
  /** The first minute. */
  readonly from: string;
  /** The first minute after. */
  readonly to: string;
}

/** The hours of each ISO weekday, 1 Monday to 7 Sunday; a day without hours is a day without calls. */
export type CallingWindow = Readonly<Partial<Record<1 | 2 | 3 | 4 | 5 | 6 | 7, CallingHours>>>;

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

/** The hours of Monday to Friday, and those of Saturday and Sunday where they differ; `null` is a day without calls. */
export function weekOf(
  hours: CallingHours,
  saturday: CallingHours | null = hours,
  sunday: CallingHours | null = saturday,
): CallingWindow {
  const week = { 1: hours, 2: hours, 3: hours, 4: hours, 5: hours };
  return { ...week, ...(saturday ? { 6: saturday } : {}), ...(sunday ? { 7: sunday } : {}) };
}

/** The hours that are inside every one of the windows: what is left when the strictest of them always counts. */
export function intersectWindows(windows: readonly CallingWindow[]): CallingWindow {
  const common: Partial<Record<1 | 2 | 3 | 4 | 5 | 6 | 7, CallingHours>> = {};
  for (const day of weekdays) {
    const hours = windows.map((window) => window[day]);
    if (hours.length === 0 || hours.includes(undefined)) continue;
    const known = hours as readonly CallingHours[];
    // HH:MM with its zeros sorts like the time that it is.
    const from =
      known
        .map((one) => one.from)
        .sort()
        .at(-1) ?? "24:00";
    const to = known.map((one) => one.to).sort()[0] ?? "00:00";
    if (from < to) common[day] = { from, to };
  }
  return common;
}
