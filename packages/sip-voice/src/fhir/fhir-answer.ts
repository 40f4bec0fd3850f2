import type * as z from "zod/mini";
import { bundleShape, type Resource, type ResourceType, shapes } from "./resources.ts";
import { lost, notFhir, unavailable } from "./store-unavailable.ts";

/** A page of search results. */
export type Bundle = z.infer<typeof bundleShape>;

/** What of a page was asked for. */
export interface Matches<Type extends ResourceType> {
  /** The resources. */
  readonly resources: Resource<Type>[];
  /** How many there were that can't be read. */
  readonly unreadable: number;
}

/** The JSON of an answer. */
export async function jsonOf(answer: Response): Promise<unknown> {
  const type = answer.headers.get("content-type") ?? "";
  if (!/^application\/(fhir\+json|json|json\+fhir)\b/i.test(type)) {
    await answer.body?.cancel();
    throw notFhir(
      /html/i.test(type) ? "answered with a web page" : "answered with something other than JSON",
    );
  }
  let text: string;
  try {
    text = await answer.text();
  } catch (cause) {
    throw lost(cause);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notFhir("sent half an answer, or none", cause);
  }
}

/** The resource in what was answered. */
export function resourceOf<Type extends ResourceType>(type: Type, json: unknown): Resource<Type> {
  const found = shapes[type].safeParse(json);
  if (!found.success) throw notFhir(`sent what is not a FHIR R4 ${type}`, found.error);
  return found.data as Resource<Type>;
}

/** The page in what was answered. */
export function bundleOf(json: unknown): Bundle {
  const found = bundleShape.safeParse(json);
  if (!found.success) throw notFhir("sent what is not a FHIR R4 Bundle", found.error);
  return found.data;
}

/** What of a page was asked for: what was included with it is left out, and so is what can't be read. */
export function matchesOf<Type extends ResourceType>(type: Type, { entry = [] }: Bundle): Matches<Type> {
  const resources: Resource<Type>[] = [];
  let unreadable = 0;
  for (const { resource, search } of entry) {
    if (resource?.resourceType === "OperationOutcome" && failed(resource)) {
      throw unavailable("could not finish a search", "Look into the server's own log.");
    }
    if (search?.mode === "include" || resource?.resourceType !== type) continue;
    const read = shapes[type].safeParse(resource);
    if (read.success) resources.push(read.data as Resource<Type>);
    else unreadable += 1;
  }
  return { resources, unreadable };
}

function failed({ issue }: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(issue) && issue.some((one) => /^(error|fatal)$/.test(String(one?.severity)));
}
