import * as z from "zod/mini";

// The slices of FHIR R4 (https://hl7.org/fhir/R4/) that are read here. What else a resource holds is kept and written back.

const text = z.optional(z.string());

const extension = z.looseObject({ url: z.string() });
const extensions = z.optional(z.array(extension));
/** The sibling of a primitive element, which holds its extensions. */
const element = z.optional(z.nullable(z.looseObject({ extension: extensions })));
const reference = z.looseObject({ reference: text, display: text });
const identifier = z.looseObject({ system: text, value: text });
const identifiers = z.optional(z.array(identifier));
const coding = z.looseObject({ system: text, code: text });
const concept = z.looseObject({ coding: z.optional(z.array(coding)), text });
const humanName = z.looseObject({
  use: text,
  text,
  given: z.optional(z.array(z.string())),
  family: text,
  prefix: z.optional(z.array(z.string())),
});
const names = z.optional(z.array(humanName));

const base = {
  id: z.string(),
  meta: z.optional(z.looseObject({ versionId: text })),
  extension: extensions,
};

/** What the adapter reads of each type of resource. */
export const shapes = {
  Patient: z.looseObject({
    ...base,
    resourceType: z.literal("Patient"),
    active: z.optional(z.boolean()),
    name: names,
    telecom: z.optional(
      z.array(z.looseObject({ system: text, value: text, use: text, rank: z.optional(z.number()) })),
    ),
    birthDate: text,
    address: z.optional(z.array(z.looseObject({ use: text, state: text, country: text }))),
    communication: z.optional(
      z.array(z.looseObject({ language: z.optional(concept), preferred: z.optional(z.boolean()) })),
    ),
  }),
  Appointment: z.looseObject({
    ...base,
    resourceType: z.literal("Appointment"),
    identifier: identifiers,
    status: z.string(),
    start: text,
    _start: element,
    end: text,
    minutesDuration: z.optional(z.number()),
    slot: z.optional(z.array(reference)),
    participant: z.optional(z.array(z.looseObject({ actor: z.optional(reference), status: text }))),
  }),
  Slot: z.looseObject({
    ...base,
    resourceType: z.literal("Slot"),
    identifier: identifiers,
    status: z.string(),
    schedule: reference,
    start: z.string(),
    _start: element,
    end: z.string(),
  }),
  Schedule: z.looseObject({
    ...base,
    resourceType: z.literal("Schedule"),
    active: z.optional(z.boolean()),
    actor: z.array(reference),
  }),
  Task: z.looseObject({
    ...base,
    resourceType: z.literal("Task"),
    identifier: identifiers,
    groupIdentifier: z.optional(identifier),
    status: z.string(),
    focus: z.optional(reference),
    authoredOn: text,
    input: z.optional(z.array(z.looseObject({ type: concept }))),
  }),
  Practitioner: z.looseObject({ ...base, resourceType: z.literal("Practitioner"), name: names }),
  PractitionerRole: z.looseObject({
    ...base,
    resourceType: z.literal("PractitionerRole"),
    practitioner: z.optional(reference),
  }),
  HealthcareService: z.looseObject({ ...base, resourceType: z.literal("HealthcareService"), name: text }),
};

/** A type of resource that the adapter reads. */
export type ResourceType = keyof typeof shapes;
/** A resource of a type. */
export type Resource<Type extends ResourceType> = z.infer<(typeof shapes)[Type]>;

/** Resources without their id, to be made. */
export type NewResource = { readonly resourceType: ResourceType; readonly [element: string]: unknown };

/** FHIR's Extension. */
export type Extension = z.infer<typeof extension>;
/** FHIR's Reference. */
export type Reference = z.infer<typeof reference>;
/** FHIR's HumanName. */
export type HumanName = z.infer<typeof humanName>;

/** A page of search results. */
export const bundleShape = z.looseObject({
  resourceType: z.literal("Bundle"),
  total: z.optional(z.number()),
  link: z.optional(z.array(z.looseObject({ relation: z.string(), url: z.string() }))),
  entry: z.optional(
    z.array(
      z.looseObject({
        resource: z.optional(z.looseObject({ resourceType: z.string() })),
        search: z.optional(z.looseObject({ mode: text })),
      }),
    ),
  ),
});

/** Whether a text can be the id of a resource (FHIR R4, "id"). Nothing else gets into an address. */
export function isResourceId(text: unknown): text is string {
  return typeof text === "string" && /^[A-Za-z0-9.-]{1,64}$/.test(text) && !/^\.+$/.test(text);
}

/** The instance that a resource refers to, with its type and id; `undefined` for what is elsewhere, contained or only described. */
export function targetOf(
  { reference: given }: Reference,
  baseUrl: string,
): { readonly type: string; readonly id: string } | undefined {
  const relative = given?.startsWith(`${baseUrl}/`) ? given.slice(baseUrl.length + 1) : given;
  const [, type, id] =
    /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/.exec(relative ?? "") ?? [];
  return type && id ? { type, id } : undefined;
}
