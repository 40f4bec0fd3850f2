import { type Extension, type Reference, type Resource, targetOf } from "./resources.ts";
import { changeMade, partsOf, textIn, withExtensions } from "./vocabulary.ts";

/** How many changes an appointment remembers: more than a patient makes on the calls that may still be asked about. */
const remembered = 20;

/** A change that was made to an appointment. */
export interface ChangeMade {
  /** Call, change and version that it was decided on. */
  readonly key: string;
  /** The slot that it left, which is to be free. */
  readonly leftSlotId: string | undefined;
}

/** What a change does: it gives the resource to write, and what is to be done after it was written, or was not. */
export interface Change {
  /** The resource with the change; `undefined` when the slot is not to be had. */
  readonly changed: Resource<"Appointment"> | undefined;
  /** The slot that the appointment leaves. */
  readonly leftSlotId?: string | undefined;
  /** Gives back what was taken for a change that could not be made. */
  undo?(): Promise<void>;
  /** Does what follows from a change that was made. */
  follow?(): Promise<void>;
}

/** The name of a change, under which it is made once. */
export function changeKey(callId: string, change: string, version: string): string {
  return JSON.stringify([callId, change, version]);
}

function madeTo(resource: Resource<"Appointment">): Extension[] {
  return (resource.extension ?? []).filter(({ url }) => url === changeMade);
}

/** The change with this key, if it was made to the appointment. */
export function findChange(
  resource: Resource<"Appointment">,
  key: string,
  baseUrl: string,
): ChangeMade | undefined {
  for (const one of madeTo(resource)) {
    const parts = partsOf(one);
    if (textIn(parts.get("key"), "valueString") !== key) continue;
    const left = parts.get("left")?.valueReference as Reference | undefined;
    return { key, leftSlotId: left && targetOf(left, baseUrl)?.id };
  }
  return undefined;
}

/** The appointment with one more change that was made to it. */
export function withChange(
  resource: Resource<"Appointment">,
  { key, leftSlotId }: ChangeMade,
): Resource<"Appointment"> {
  const extension: Extension[] = [{ url: "key", valueString: key }];
  if (leftSlotId !== undefined) {
    extension.push({ url: "left", valueReference: { reference: `Slot/${leftSlotId}` } });
  }
  const all = [...madeTo(resource), { url: changeMade, extension }].slice(-remembered);
  return { ...resource, extension: withExtensions(resource, changeMade, all) };
}
