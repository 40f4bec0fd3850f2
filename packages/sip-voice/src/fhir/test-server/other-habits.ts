import { randomUUID } from "node:crypto";
import { fhirAnswer, type Meddling, outcome, type WireAnswer } from "./proxy.ts";

const pageSize = 3;

type Entry = { readonly resource?: { readonly id?: string }; readonly search?: { readonly mode: string } };

/**
 * Habits of other servers that FHIR allows, or that are common all the same: a conflict is 409, a write is answered with nothing, references
 * are absolute, pages are short, come by a link that says nothing of the search, in no order and with warnings and other resources in between.
 */
export function otherHabits(baseUrl: string): Meddling {
  const pages = new Map<string, WireAnswer>();

  function paged(answer: WireAnswer): WireAnswer {
    const bundle = JSON.parse(answer.body) as { total?: number; entry?: Entry[] };
    const entries = [...(bundle.entry ?? [])].reverse();
    const strays: Entry[] = [
      { resource: outcome("warning"), search: { mode: "outcome" } },
      { resource: { resourceType: "Location", id: "main" } as object, search: { mode: "include" } },
    ];
    const pieces: Entry[][] = [];
    for (let at = 0; at < entries.length; at += pageSize) pieces.push(entries.slice(at, at + pageSize));
    let next: string | undefined;
    for (const piece of (pieces.length > 0 ? pieces : [[]]).reverse()) {
      const id = randomUUID();
      const link =
        next === undefined
          ? []
          : [{ relation: "next", url: `${baseUrl}?_getpages=${next}&_bundletype=searchset` }];
      pages.set(id, fhirAnswer(200, { ...bundle, link, entry: [...strays, ...piece] }));
      next = id;
    }
    return pages.get(next ?? "") as WireAnswer;
  }

  return async ({ method, path }, pass) => {
    const page = /^\?_getpages=([^&]+)/.exec(path)?.[1];
    if (page !== undefined) return pages.get(page) ?? fhirAnswer(410, outcome("error"));
    // All of it at once: the pages are made here.
    const answer = await pass();
    if (answer.status === 412) return fhirAnswer(409, outcome("error"));
    if (method === "PUT")
      return answer.status === 200 ? { ...answer, headers: {}, status: 204, body: "" } : answer;
    const body = answer.body.replaceAll(/"reference":"(?=[A-Z])/g, `"reference":"${baseUrl}/`);
    if (method !== "GET" || answer.status !== 200) return { ...answer, body };
    return JSON.parse(body).resourceType === "Bundle" ? paged({ ...answer, body }) : { ...answer, body };
  };
}
