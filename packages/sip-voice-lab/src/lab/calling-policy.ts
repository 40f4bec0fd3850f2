import { type CallingPolicy, type CallingWindow, defaultCallingPolicy } from "@clinic/sip-voice";

const allDay = { from: "00:00", to: "24:00" };
const always: CallingWindow = { 1: allDay, 2: allDay, 3: allDay, 4: allDay, 5: allDay, 6: allDay, 7: allDay };

/**
 * The lab's rules: the usual ones, but fictitious numbers (555-0100 to 555-0199, set aside for fiction by the North
 * American Numbering Plan) may be called at any hour, since nobody sleeps beside them.
 */
export const labCallingPolicy: CallingPolicy = {
  ...defaultCallingPolicy,
  windowExceptions: [{ numbers: "^\\+1\\d{3}55501\\d{2}$", window: always }],
};
