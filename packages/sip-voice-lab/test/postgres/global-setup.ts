import type { TestProject } from "vitest/node";
import { startPostgresServer } from "../../src/postgres-server/index.ts";

/** Starts the PostgreSQL server of the run. A machine without one is told how to install it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgresServer();
  project.provide("postgresUrl", server.url);
  return () => server.stop();
}
