/**
 * The topics of the data packets between the agent and a page in the browser (LiveKit's reliable data, UTF-8 JSON).
 * Both carry the version of their shape, and grow by fields only: readers ignore fields that they don't know.
 */
export const clinicTopic = {
  /** From the agent to the one page of the call: a {@link ClinicView}. */
  view: "clinic.view",
  /** From the page to the agent: a {@link ClinicTap}. */
  tap: "clinic.tap",
} as const;
