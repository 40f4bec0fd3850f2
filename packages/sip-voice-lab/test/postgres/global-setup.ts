import type { TestProject } from "vitest/node";
import { startPostgresServer } from "../../src/postgres-server/index.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The address of a PostgreSQL server that all test files of the run share; each case makes a schema of its own. */
    postgresUrl: string;
  }
}

/** Starts the PostgreSQL server of the run. A machine without one is told how to install it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgresServer();
  project.provide("postgresUrl", server.url);
  return () => server.stop();
}
