import { defineConfig } from "vitest/config";

const exclude = ["**/node_modules/**", "**/dist/**", "**/.examples-*/**"];

/** What needs a PostgreSQL server: one is started for all of them. */
const withPostgres = ["packages/*/src/postgres/**/*.test.ts", "packages/*/test/postgres/**/*.test.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "packages/*/{src,bench,prove}/**/*.test.ts",
            "scripts/**/*.test.ts",
            "examples/**/*.test.ts",
          ],
          exclude: [...exclude, ...withPostgres],
          // Not a measure of speed: a busy machine synthesises a minute of speech, or starts ten processes, in its own time.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "types",
          include: [],
          exclude,
          typecheck: {
            enabled: true,
            only: true,
            include: ["{packages,examples}/**/*.test-d.ts"],
            exclude,
            tsconfig: "tsconfig.json",
            // "check typecheck" reports those.
            ignoreSourceErrors: true,
          },
        },
      },
      {
        test: {
          name: "postgres",
          include: withPostgres,
          exclude,
          globalSetup: "packages/sip-voice-lab/test/postgres/global-setup.ts",
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["packages/*/test/e2e/**/*.test.ts"],
          exclude,
          globalSetup: "packages/sip-voice-lab/test/e2e/global-setup.ts",
          // One LiveKit server, one worker, two cores: a file at a time.
          fileParallelism: false,
          // Real sound over real sockets on a machine that others use too; scripts/test.ts tells which tests needed it.
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
