import { appointmentTools } from "./appointment-tools.ts";
import { CallTools, type ToolOptions } from "./call-tools.ts";
import { answererTools, endingTools } from "./ending-tools.ts";
import { identityTools } from "./identity-tools.ts";

/**
 * The tools of one call. All are bound to what the call has found by itself: none takes a telephone number, a name or an
 * appointment's id, a slot only counts if this call was offered it, and nobody but the proven patient is told or changes anything.
 */
export function clinicTools(options: ToolOptions) {
  const tools = new CallTools(options);
  return {
    ...appointmentTools(tools),
    ...identityTools(tools),
    ...endingTools(tools),
    ...(options.direction === "outbound" ? answererTools(tools) : {}),
  };
}
