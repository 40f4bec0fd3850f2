import type { CallBack } from "../appointments/call-back.ts";
import { parseInstant } from "../appointments/instant.ts";
import { parseLimit } from "../appointments/limit.ts";
import type { AppointmentStore } from "../appointments/store.ts";
import { tryPhoneNumber } from "../phone/phone-number.ts";
import type { FhirClient, FhirSession } from "./fhir-client.ts";
import { isResourceId, type Resource, targetOf } from "./resources.ts";
import { searchToken } from "./search-query.ts";
import { unavailable } from "./store-unavailable.ts";
import { callSystem, clinicSystem, taskCodes } from "./vocabulary.ts";

const mostTries = 5;
const numberInput = "phone-number";
/** Statuses of a Task that somebody still has to do. */
const openStatuses = ["requested", "received", "accepted", "ready", "in-progress", "on-hold"];

function taskOf({ callId, clinicId, phoneNumber, appointmentId, requestedAt }: CallBack) {
  return {
    resourceType: "Task",
    identifier: [{ system: callSystem, value: callId }],
    groupIdentifier: { system: clinicSystem, value: clinicId },
    status: "requested",
    intent: "order",
    code: { coding: [{ system: taskCodes, code: "call-back" }], text: "Call the patient back" },
    ...(isResourceId(appointmentId) ? { focus: { reference: `Appointment/${appointmentId}` } } : {}),
    authoredOn: requestedAt,
    input: [
      {
        type: { coding: [{ system: taskCodes, code: numberInput }], text: "Telephone number" },
        valueContactPoint: { system: "phone", value: phoneNumber },
      },
    ],
  } as const;
}

function callBackOf(task: Resource<"Task">, baseUrl: string): CallBack | undefined {
  const { identifier = [], groupIdentifier, focus, authoredOn, input = [] } = task;
  const callId = identifier.find(({ system }) => system === callSystem)?.value;
  const clinicId = groupIdentifier?.system === clinicSystem ? groupIdentifier.value : undefined;
  const number = input.find(({ type }) => type.coding?.some(({ code }) => code === numberInput));
  const { value } = (number?.valueContactPoint ?? {}) as { readonly value?: string };
  const phoneNumber = tryPhoneNumber(value);
  if (!callId || !clinicId || !phoneNumber || !authoredOn) return undefined;
  const about = focus && targetOf(focus, baseUrl);
  const appointmentId = about?.type === "Appointment" ? about.id : undefined;
  return { callId, clinicId, phoneNumber, appointmentId, requestedAt: authoredOn };
}

/** Marks a task as done, also when somebody at the front desk writes to it at the same moment. */
async function complete(session: FhirSession, id: string, callId: string): Promise<void> {
  for (let tries = 1; tries <= mostTries; tries++) {
    const task = await session.read("Task", id);
    const isTheirs = task?.identifier?.some(({ system, value }) => system === callSystem && value === callId);
    if (!task || !isTheirs || !openStatuses.includes(task.status)) return;
    if (await session.update("Task", { ...task, status: "completed" })) return;
  }
  throw unavailable("changes a task each time it is read", "Try again later.");
}

/** The patients who want to be called back, as Tasks on a FHIR server. */
export function fhirCallBacks(
  client: FhirClient,
): Pick<AppointmentStore, "requestCallBack" | "callBacks" | "finishCallBack"> {
  return {
    async requestCallBack(callBack) {
      const { text } = parseInstant(callBack.requestedAt, "invalid-option", "requestedAt");
      const unless = [["identifier", searchToken(callSystem, callBack.callId)]] as const;
      await client.within((session) => session.create(taskOf({ ...callBack, requestedAt: text }), unless));
    },
    async callBacks({ clinicId, limit = 10 }) {
      const most = parseLimit(limit);
      return await client.within(async (session) => {
        const tasks = await session.search("Task", [
          ["group-identifier", searchToken(clinicSystem, clinicId)],
          ["status", openStatuses],
        ]);
        const found = tasks
          .filter(({ status }) => openStatuses.includes(status))
          .map((task) => callBackOf(task, session.baseUrl))
          .filter((one) => one?.clinicId === clinicId)
          .filter((one) => one !== undefined)
          .sort((a, b) => Date.parse(a.requestedAt) - Date.parse(b.requestedAt));
        // The first of each call, should a server have let a second one through.
        const firsts = found.filter(
          (one, at) => found.findIndex(({ callId }) => callId === one.callId) === at,
        );
        return firsts.slice(0, most);
      });
    },
    async finishCallBack(callId) {
      await client.within(async (session) => {
        const found = await session.search("Task", [["identifier", searchToken(callSystem, callId)]]);
        for (const { id } of found) await complete(session, id, callId);
      });
    },
  };
}
