export { PostgresFailed, PostgresMissing } from "./missing-postgres.ts";
export { postgresFolder } from "./postgres-programs.ts";
export { type PostgresServer, startPostgresServer } from "./postgres-server.ts";
