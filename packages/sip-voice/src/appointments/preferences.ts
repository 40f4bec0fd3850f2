/** When and how a patient wants to be reminded. */
export interface ReminderPreference {
  /** The way to reach the patient. */
  readonly channel: "call" | "sms" | "none";
  /** Hours before the appointment. */
  readonly hoursBefore?: number;
}

/** What a patient wishes for one appointment, besides its time. What was not asked is left out. */
export interface AppointmentPreferences {
  /** Whether the patient would come at short notice when a slot falls free. */
  readonly walkIn?: boolean;
  /** How the patient wants to be reminded. */
  readonly reminder?: ReminderPreference;
}

/**
 * The name of the change that `setPreferences` of an appointment store makes, for the key under which a store remembers it: the
 * same wishes have the same name, in whatever order they are given.
 */
export function preferencesChange({ walkIn, reminder }: AppointmentPreferences): string {
  return `preferences ${JSON.stringify([walkIn ?? null, reminder?.channel ?? null, reminder?.hoursBefore ?? null])}`;
}
