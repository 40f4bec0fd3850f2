import type { Slot } from "../appointments/appointment.ts";
import type { Resource } from "./resources.ts";
import type { KnownSchedule } from "./schedules.ts";
import {
  callSystem,
  extensionAt,
  partsOf,
  slotClaim,
  textIn,
  timeZoneOfInstant,
  withExtensions,
} from "./vocabulary.ts";

/** Why a slot is `busy-tentative`, where it is our doing. */
export interface SlotClaim {
  /** The call. */
  readonly callId: string;
  /**
   * `hold`: the slot is being offered. `booking`: an appointment is being moved there; when this has run out, the appointment itself
   * tells whether it was.
   */
  readonly kind: "hold" | "booking";
  /** Until when, RFC 3339. */
  readonly until: string;
}

/** The slot of a resource; `undefined` for one whose times can't be read. */
export function slotOf(resource: Resource<"Slot">, schedule: KnownSchedule): Slot | undefined {
  const { id, start, end } = resource;
  const durationMinutes = (Date.parse(end) - Date.parse(start)) / 60_000;
  if (Number.isNaN(durationMinutes)) return undefined;
  const zone = textIn(extensionAt(resource._start, timeZoneOfInstant), "valueCode");
  return {
    id,
    clinicId: schedule.clinic.id,
    provider: schedule.provider,
    start,
    timeZone: zone ?? schedule.clinic.timeZone,
    durationMinutes,
    ...(schedule.location === undefined ? {} : { location: schedule.location }),
  };
}

/** The claim on a slot. */
export function claimOf(resource: Resource<"Slot">): SlotClaim | undefined {
  const parts = partsOf(extensionAt(resource, slotClaim));
  const callId = textIn(parts.get("call-id"), "valueString");
  const until = textIn(parts.get("until"), "valueInstant");
  const kind = textIn(parts.get("kind"), "valueCode");
  if (callId === undefined || until === undefined || (kind !== "hold" && kind !== "booking"))
    return undefined;
  return { callId, until, kind };
}

function withoutClaim(resource: Resource<"Slot">): Resource<"Slot"> {
  const others = resource.identifier?.filter(({ system }) => system !== callSystem);
  const { identifier: _claimed, extension: _claims, ...rest } = resource;
  const extension = withExtensions(resource, slotClaim, []);
  return { ...rest, ...(others?.length ? { identifier: others } : {}), ...(extension ? { extension } : {}) };
}

/** The slot, kept for a call. Its id is an identifier as well, by which servers can search. */
export function claimed(resource: Resource<"Slot">, { callId, kind, until }: SlotClaim): Resource<"Slot"> {
  const bare = withoutClaim(resource);
  const claim = {
    url: slotClaim,
    extension: [
      { url: "call-id", valueString: callId },
      { url: "kind", valueCode: kind },
      { url: "until", valueInstant: until },
    ],
  };
  return {
    ...bare,
    status: "busy-tentative",
    identifier: [...(bare.identifier ?? []), { system: callSystem, value: callId }],
    extension: withExtensions(bare, slotClaim, [claim]),
  };
}

/** The slot, free for everybody. */
export const freed = (resource: Resource<"Slot">): Resource<"Slot"> => ({
  ...withoutClaim(resource),
  status: "free",
});
/** The slot, taken up by an appointment. */
export const booked = (resource: Resource<"Slot">): Resource<"Slot"> => ({
  ...withoutClaim(resource),
  status: "busy",
});
