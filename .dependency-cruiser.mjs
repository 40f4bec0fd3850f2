// The directions of docs: domain <- second ring <- adapters <- cli, lab, proof, examples. `node scripts/check.ts boundaries` runs it.
const src = "^packages/sip-voice/src";
/** Tests, and the servers of others that they run against. */
const test = "([.]test(-d)?[.]ts|/test-server/[^/]+[.]ts)$";

const domain = "(phone|sip|dtmf|call|appointments|policy|log|web)/|(errors|clock|environment)[.]ts$";
const ring = "(outbound|campaign|csv|data|trunks|prompts|messaging|recording)/";
const adapter = "(livekit|agent|sqlite|postgres|fhir|telnyx|telemetry|report|http)/";
const roots = "(index|make-call)[.]ts$";

/** Libraries that compute and do no I/O; they are bundled into the package. */
const pure = [
  "zod",
  "csv-parse",
  "libphonenumber-js",
  "eventemitter3",
  "temporal-polyfill",
  "temporal-spec",
  "ipaddr.js",
  "jsonc-parser",
];
/** What each adapter may load besides Node itself and the pure libraries. */
const peers = {
  agent: [
    "@livekit/agents",
    "@livekit/agents-plugin-google",
    "@livekit/rtc-node",
    "livekit-server-sdk",
    "ws",
  ],
  livekit: ["livekit-server-sdk"],
  sqlite: [],
  postgres: ["pg", "pg-boss"],
  // Bundled, like the pure ones; it asks the token endpoint.
  fhir: ["oauth4webapi"],
  telnyx: ["telnyx"],
  telemetry: ["@opentelemetry/api"],
  report: [],
  http: ["hono"],
  testing: ["vitest"],
};

const npm = (names) => `(^|/)node_modules/(${names.map((name) => name.replace("/", "[/]")).join("|")})/`;
const anyNpm = "(^|/)node_modules/";

export default {
  forbidden: [
    {
      name: "no-cycle",
      comment: "Files that import each other in a circle have no order to read or load them in.",
      severity: "error",
      from: { pathNot: anyNpm },
      to: { circular: true, viaOnly: { pathNot: anyNpm } },
    },
    {
      name: "no-unresolved",
      comment: "The imported file or package is not there, or is not among this package's dependencies.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    ...["from", "to"].map((end) => ({
      name: "file-named-after-nothing",
      comment: "Name a file after the noun in it: no utils, helpers, types, manager, misc or common.",
      severity: "error",
      from: {},
      to: {},
      [end]: {
        path: "[/._-](utils?|helpers?|types?|managers?|misc|common)[/._-]",
        pathNot: anyNpm,
      },
    })),
    ...["from", "to"].map((end) => ({
      name: "every-file-in-a-ring",
      comment: "A folder or file of packages/sip-voice/src that design.md does not place in a ring.",
      severity: "error",
      from: {},
      to: {},
      [end]: {
        path: `${src}/`,
        pathNot: `${src}/(${domain}|${ring}|${adapter}|testing/|${roots}|[^/]*${test})`,
      },
    })),
    {
      name: "domain-imports-domain",
      comment: "A domain module imports only other domain modules and pure libraries.",
      severity: "error",
      from: { path: `${src}/(${domain})`, pathNot: test },
      to: { pathNot: [`${src}/(${domain})`, npm(pure)] },
    },
    {
      name: "ring-imports-domain",
      comment:
        "outbound, campaign, trunks, prompts, messaging and recording import each other, the domain, pure libraries and Node.",
      severity: "error",
      from: { path: `${src}/(${ring})`, pathNot: test },
      to: {
        pathNot: [`${src}/(${domain}|${ring})`, npm(pure)],
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "root-imports-inwards",
      comment: "index.ts imports make-call.ts, the domain and the second ring, never an adapter or a vendor.",
      severity: "error",
      from: { path: `${src}/index[.]ts$` },
      to: { pathNot: `${src}/(${domain}|${ring}|make-call[.]ts$)` },
    },
    {
      name: "make-call-imports-inwards",
      comment:
        "make-call.ts may load the livekit and sqlite adapters when they are needed (await import), nothing else outside.",
      severity: "error",
      from: { path: `${src}/make-call[.]ts$` },
      to: {
        pathNot: [`${src}/(${domain}|${ring}|livekit/|sqlite/)`, npm([...pure, "livekit-server-sdk"])],
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "make-call-loads-lazily",
      comment:
        "make-call.ts imports an adapter or its vendor with await import(), never statically, not even a type.",
      severity: "error",
      from: { path: `${src}/make-call[.]ts$` },
      to: { path: [`${src}/(${adapter})`, npm(["livekit-server-sdk"])], dynamic: false },
    },
    {
      name: "adapter-imports-inwards",
      comment: "An adapter imports the domain and the second ring, never make-call.ts, index.ts or testing.",
      severity: "error",
      from: { path: `${src}/(${adapter})`, pathNot: test },
      to: { path: `${src}/`, pathNot: `${src}/(${domain}|${ring}|${adapter})` },
    },
    {
      name: "adapter-not-adapter",
      comment: "An adapter imports ports, never another adapter.",
      severity: "error",
      from: { path: `${src}/(${adapter.slice(0, -1)})/`, pathNot: test },
      to: { path: `${src}/(${adapter})`, pathNot: `${src}/$1/` },
    },
    ...Object.entries(peers).map(([folder, names]) => ({
      name: "adapter-own-peers",
      comment: `${folder} may load only ${[...pure, ...names].join(", ")} from npm.`,
      severity: "error",
      from: { path: `${src}/${folder}/`, pathNot: test },
      to: { path: anyNpm, pathNot: npm([...pure, ...names]) },
    })),
    {
      name: "testing-imports-ports",
      comment: "testing/ imports the domain, the second ring, vitest and Node.",
      severity: "error",
      from: { path: `${src}/testing/`, pathNot: test },
      to: {
        pathNot: [`${src}/(${domain}|${ring}|testing/)`, anyNpm],
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "nothing-imports-tests",
      comment: "testing/ and test files are for tests.",
      severity: "error",
      from: { path: `${src}/`, pathNot: [test, `${src}/testing/`] },
      to: { path: [`${src}/testing/`, test] },
    },
    {
      name: "published-names-only",
      comment:
        'Another package is imported by the name it is published under ("@clinic/sip-voice", "@clinic/sip-voice/agent"), never by its files.',
      severity: "error",
      from: { path: "^((?:packages|examples)/[^/]+)/" },
      to: { path: "^(packages|examples)/", pathNot: "^$1/", dependencyTypes: ["local"] },
    },
    {
      name: "published-names-only",
      comment: "scripts/ imports a package by the name it is published under, never by its files.",
      severity: "error",
      from: { path: "^scripts/" },
      to: { path: "^(packages|examples)/", dependencyTypes: ["local"] },
    },
    {
      name: "library-stands-alone",
      comment: "@clinic/sip-voice imports no other package of the workspace.",
      severity: "error",
      from: { path: "^packages/sip-voice/" },
      to: { path: "^(packages/(?!sip-voice/)|examples/|scripts/)" },
    },
  ],
  options: {
    exclude: { path: ["^(packages|examples)/[^/]+/(dist|[.]examples-)", "^docs/site"] },
    doNotFollow: { path: "(^|/)node_modules/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types", "default"],
      // The last one for packages that are types and nothing else.
      mainFields: ["module", "main", "types"],
      extensions: [".ts", ".js", ".mjs", ".json"],
    },
  },
};
