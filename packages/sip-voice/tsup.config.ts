import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { defineConfig } from "tsup";

/** Libraries that go into our files, so that the package loads fast and brings no dependencies. */
const bundled = [
  "zod",
  "csv-parse",
  "libphonenumber-js",
  "eventemitter3",
  "temporal-polyfill",
  "temporal-utils",
  "oauth4webapi",
  "ipaddr.js",
  "jsonc-parser",
];

type Manifest = { name: string; version: string; license?: string; homepage?: string };

/** The folder of the npm package that a bundled file belongs to. */
function packageFolder(file: string): string | undefined {
  const folder = /^(.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+)[/\\]/.exec(file)?.[1];
  return folder === undefined ? undefined : resolve(folder);
}

/** Where our own data files come from: each says so in its `source`. */
function dataNotices(files: string[]): string[] {
  return files
    .filter((file) => file.startsWith("src/") && file.endsWith(".json"))
    .map((file) => {
      const { source } = JSON.parse(readFileSync(file, "utf8")) as { source?: string };
      if (source === undefined) throw new Error(`${file} is bundled and does not name its "source"`);
      return `## ${file}\n\n${source}`;
    });
}

/** The licences of every package that has at least one file in the bundle, as Markdown. */
function thirdPartyNotices(files: string[]): string {
  const folders = new Set(files.map(packageFolder).filter((folder) => folder !== undefined));
  const sections = [...folders].map((folder) => {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
    const licences = readdirSync(folder).filter((name) => /^(licen[cs]e|notice)/i.test(name));
    if (licences.length === 0) throw new Error(`${manifest.name} is bundled and has no licence file`);
    const texts = licences.sort().map((name) => readFileSync(join(folder, name), "utf8").trim());
    return [
      `## ${manifest.name} ${manifest.version} (${manifest.license ?? "see below"})`,
      ...(manifest.homepage === undefined ? [] : [manifest.homepage]),
      ...texts.map((text) => `\`\`\`text\n${text.replaceAll("\r\n", "\n")}\n\`\`\``),
    ].join("\n\n");
  });
  return [
    "# Third-party notices",
    "The published files of @clinic/sip-voice contain these packages. The build writes this page.",
    ...sections.concat(dataNotices(files)).sort(),
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "agent/index": "src/agent/index.ts",
    "fhir/index": "src/fhir/index.ts",
    "data/index": "src/data/index.ts",
    "livekit/index": "src/livekit/index.ts",
    "postgres/index": "src/postgres/index.ts",
    "sqlite/index": "src/sqlite/index.ts",
    "telnyx/index": "src/telnyx/index.ts",
    "testing/index": "src/testing/index.ts",
    "testing/port-process": "src/testing/port-process.ts",
    "trunks/index": "src/trunks/index.ts",
    "web/index": "src/web/index.ts",
  },
  format: "esm",
  target: "node22",
  platform: "node",
  splitting: true,
  clean: true,
  sourcemap: true,
  // Names stay whole: they cost nothing at start and keep stack traces and error names readable.
  minifyWhitespace: true,
  minifySyntax: true,
  noExternal: bundled,
  // "node:sqlite" has no name without its prefix; tsup would take the prefix away.
  removeNodeProtocol: false,
  dts: { resolve: ["eventemitter3"] },
  esbuildOptions(options) {
    options.legalComments = "none";
  },
  esbuildPlugins: [
    {
      name: "package-pages",
      setup(build) {
        build.onEnd((result) => {
          if (result.metafile === undefined) return;
          const used = Object.values(result.metafile.outputs).flatMap(({ inputs }) =>
            Object.entries(inputs)
              .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
              .map(([file]) => file),
          );
          writeFileSync("THIRD_PARTY_NOTICES.md", thirdPartyNotices(used));
          const readme = join(dirname(import.meta.dirname), "../README.md");
          if (existsSync(readme)) copyFileSync(readme, "README.md");
        });
      },
    },
  ],
});
