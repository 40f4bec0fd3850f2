import { SipVoiceError } from "../errors.ts";
import { type Logger, silentLogger } from "../log/logger.ts";
import type { AccessTokens } from "./access-token.ts";
import { bundleOf, matchesOf, resourceOf } from "./fhir-answer.ts";
import { discard, type FhirRequests, fhirRequests } from "./fhir-request.ts";
import { isResourceId, type NewResource, type Resource, type ResourceType } from "./resources.ts";
import { type SearchParameters, searchQuery } from "./search-query.ts";
import { serverAddress } from "./server-address.ts";
import { notFhir, refused, unavailable } from "./store-unavailable.ts";

/** How the store reaches its FHIR server. */
export interface FhirClientOptions {
  /** The server's base address, `https://fhir.example/r4`; `http:` is taken on loopback only. */
  readonly baseUrl: string;
  /** Where access tokens come from; without it, requests carry none. */
  readonly tokens?: AccessTokens;
  /** Sends the requests; the platform's own unless given. */
  readonly fetch?: typeof fetch;
  /** How long one operation of the store may take in all, in milliseconds; 3,000 unless given, less than what the agent waits. */
  readonly deadlineMs?: number;
  /** Where it is told what was left over or could not be read. */
  readonly logger?: Logger;
}

/** A FHIR server, within the deadline of one operation. Whatever is wrong with it throws `store-unavailable`. */
export interface FhirSession {
  /** The address that relative references are of. */
  readonly baseUrl: string;
  /** Where it is told what was left over. */
  readonly logger: Logger;
  /** The resource, or `undefined` when there is none (any more). */
  read<Type extends ResourceType>(type: Type, id: string): Promise<Resource<Type> | undefined>;
  /** The resources that a search finds, page by page. */
  pages<Type extends ResourceType>(type: Type, parameters: SearchParameters): AsyncIterable<Resource<Type>[]>;
  /** All that a search finds. */
  search<Type extends ResourceType>(type: Type, parameters: SearchParameters): Promise<Resource<Type>[]>;
  /** Writes a resource back if it has not changed since it was read, and gives it; `undefined` when it has, or is gone. */
  update<Type extends ResourceType>(
    type: Type,
    resource: Resource<Type>,
  ): Promise<Resource<Type> | undefined>;
  /** Makes a resource, unless there is one that the search finds. */
  create(resource: NewResource, unless: SearchParameters): Promise<void>;
}

/** A FHIR server. */
export interface FhirClient {
  /** Does one operation of the store, with a deadline. */
  within<T>(work: (session: FhirSession) => Promise<T>): Promise<T>;
}

const entriesAtOnce = "100";
const mostPages = 50;
const fhirJson = { "content-type": "application/fhir+json" };
/** How servers say that a resource is not as it was: FHIR has 412, HAPI and others 409; 404 and 410 when it is gone. */
const changed = [404, 409, 410, 412];

/** The version by which a resource is written back: `meta.versionId`, or the entity tag of its answer. */
function versioned<Type extends ResourceType>(
  type: Type,
  json: unknown,
  etag: string | null,
): Resource<Type> {
  const resource = resourceOf(type, json);
  if (resource.meta?.versionId) return resource;
  const versionId = /^(?:W\/)?"([^"]+)"$/.exec(etag ?? "")?.[1];
  return versionId ? { ...resource, meta: { ...resource.meta, versionId } } : resource;
}

/** Page after page of a search. Its links must stay on the server: our token goes with each request. */
async function* pagesOf<Type extends ResourceType>(
  { ask, json }: FhirRequests,
  baseUrl: string,
  logger: Logger,
  type: Type,
  parameters: SearchParameters,
): AsyncGenerator<Resource<Type>[]> {
  let next: string | undefined =
    `${baseUrl}/${type}?${searchQuery([...parameters, ["_count", entriesAtOnce]])}`;
  let seen = 0;
  for (let page = 0; next !== undefined; page++) {
    if (page === mostPages) throw unavailable("sends page after page", "Ask for a shorter time.");
    const { link, total = 0, ...bundle } = bundleOf(await json(await ask(next)));
    const { resources, unreadable } = matchesOf(type, bundle);
    if (unreadable > 0) logger.warn({ resourceType: type, unreadable }, "FHIR resources can't be read");
    seen += resources.length + unreadable;
    const given = link?.find(({ relation }) => relation === "next")?.url;
    const url: URL | null | undefined = given === undefined ? undefined : URL.parse(given, `${baseUrl}/`);
    if (url !== undefined && url?.origin !== new URL(baseUrl).origin) {
      const remedy = "Have the server know the address that it is reached by.";
      throw unavailable("names another server for the next page", remedy);
    }
    next = url?.href;
    if (next === undefined && seen < total) throw notFhir("sent less than it has found");
    yield resources;
  }
}

function sessionOf(baseUrl: string, logger: Logger, requests: FhirRequests): FhirSession {
  const { ask, json } = requests;
  const session: FhirSession = {
    baseUrl,
    logger,
    pages: (type, parameters) => pagesOf(requests, baseUrl, logger, type, parameters),
    async search(type, parameters) {
      const found = [];
      for await (const page of session.pages(type, parameters)) found.push(...page);
      return found;
    },
    async read(type, id) {
      if (!isResourceId(id)) return undefined;
      const answer = await ask(`${baseUrl}/${type}/${id}`);
      if (answer.status !== 404 && answer.status !== 410) {
        return versioned(type, await json(answer), answer.headers.get("etag"));
      }
      await discard(answer);
      return undefined;
    },
    async update(type, resource) {
      const { id, meta } = resource;
      if (!meta?.versionId) {
        const remedy = "Have it keep versions: without them two calls could write over each other.";
        throw unavailable("gives resources no version", remedy);
      }
      const answer = await ask(`${baseUrl}/${type}/${id}`, {
        method: "PUT",
        headers: { ...fhirJson, "if-match": `W/"${meta.versionId}"`, prefer: "return=representation" },
        body: JSON.stringify(resource),
      });
      if (changed.includes(answer.status)) {
        await discard(answer);
        return undefined;
      }
      const written = await json(answer);
      // Some answer with nothing, or with an OperationOutcome, however politely they are asked.
      const isWhole = (written as { resourceType?: unknown } | undefined)?.resourceType === type;
      return isWhole ? versioned(type, written, answer.headers.get("etag")) : await session.read(type, id);
    },
    async create(resource, unless) {
      const answer = await ask(`${baseUrl}/${resource.resourceType}`, {
        method: "POST",
        headers: { ...fhirJson, "if-none-exist": searchQuery(unless) },
        body: JSON.stringify(resource),
      });
      await discard(answer);
      // 412: there are several already, as the server let two through at once. One is enough.
      if (!answer.ok && answer.status !== 412) throw refused(answer.status);
    },
  };
  return session;
}

/** The {@link FhirClient} of a server. */
export function fhirClient(options: FhirClientOptions): FhirClient {
  const { tokens, deadlineMs = 3_000, logger = silentLogger, fetch: send = fetch } = options;
  const baseUrl = serverAddress(options.baseUrl, "baseUrl").replace(/\/+$/, "");
  if (!Number.isFinite(deadlineMs) || deadlineMs <= 0) {
    const remedy = "Give milliseconds, more than 0.";
    throw new SipVoiceError("invalid-option", "The deadline is not a time.", { field: "deadlineMs", remedy });
  }
  return {
    async within(work) {
      const until = performance.now() + deadlineMs;
      const requests = fhirRequests({ tokens, send }, until, AbortSignal.timeout(deadlineMs));
      return await work(sessionOf(baseUrl, logger, requests));
    },
  };
}
