/** What `import "@clinic/sip-voice"` costs, beside `import "livekit-server-sdk"`. Whole fresh processes, taken in turn. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchRow, benchRow } from "../src/bench-row.ts";
import { median } from "../src/median.ts";
import type { RunContext } from "../src/run-context.ts";
import { type FreshProcess, filesLoaded, runFresh, writeProgram } from "./import/fresh-process.ts";
import { folderWith, folderWithTarball, packagesIn, packPackage } from "./import/packed-package.ts";

const ours = "@clinic/sip-voice";
const theirs = "livekit-server-sdk";
/** What the root must not load until a call needs it. */
const heavy = [theirs, "@livekit/rtc-node", "@livekit/agents"];

/** Measures; see the issue "One command": at most half the time of livekit-server-sdk. */
export async function bench({ quick, signal, progress, onEnd }: RunContext): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "bench-import-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  progress(`building and packing ${ours}`);
  const tarball = await packPackage(folder);
  signal.throwIfAborted();
  progress("installing the tarball alone into an empty folder");
  const alone = await folderWithTarball(join(folder, "ours"), tarball);
  const peer = folderWith(join(folder, "theirs"), [theirs]);

  const contenders = {
    nothing: { program: writeProgram(alone, []), cwd: alone, runs: [] as FreshProcess[] },
    ours: { program: writeProgram(alone, [ours]), cwd: alone, runs: [] as FreshProcess[] },
    theirs: { program: writeProgram(peer, [theirs]), cwd: peer, runs: [] as FreshProcess[] },
  };
  const rounds = quick ? 3 : 25;
  for (let round = 0; round <= rounds; round++) {
    if (round % 5 === 1) progress(`round ${round} of ${rounds}`);
    for (const contender of Object.values(contenders)) {
      signal.throwIfAborted();
      const run = runFresh(contender.program, contender.cwd);
      // The first round brings the files into the machine's memory.
      if (round > 0) contender.runs.push(run);
      // Lets an interrupt through.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const middle = (of: keyof typeof contenders, figure: keyof FreshProcess): number =>
    median(contenders[of].runs.map((run) => run[figure]));
  const beyondNode = (of: "ours" | "theirs", figure: keyof FreshProcess): number =>
    middle(of, figure) - middle("nothing", figure);

  progress("looking at what is loaded");
  const brought = packagesIn(alone).filter((name) => name !== ours);
  // With the heavy packages there to be loaded, so that their absence from the list means something.
  const tempting = await folderWithTarball(join(folder, "tempting"), tarball);
  folderWith(tempting, heavy);
  const loaded = (name: string): number =>
    heavy.filter((one) =>
      filesLoaded(name, tempting).some((url) => decodeURIComponent(url).includes(`/node_modules/${one}/`)),
    ).length;

  return [
    benchRow({
      metric: "time of the import, beyond bare Node's",
      unit: "ms",
      ours: beyondNode("ours", "ms"),
      theirs: beyondNode("theirs", "ms"),
      goal: "<= 0.5x",
    }),
    benchRow({
      metric: "time of the whole process",
      unit: "ms",
      ours: middle("ours", "ms"),
      theirs: middle("theirs", "ms"),
      goal: "<= 1x",
    }),
    benchRow({
      metric: "memory of the import, beyond bare Node's",
      unit: "MB",
      ours: beyondNode("ours", "megabytes"),
      theirs: beyondNode("theirs", "megabytes"),
      goal: "<= 0.5x",
    }),
    benchRow({
      metric: "memory of the whole process",
      unit: "MB",
      ours: middle("ours", "megabytes"),
      theirs: middle("theirs", "megabytes"),
      goal: "<= 1x",
    }),
    benchRow({
      metric: "packages that the tarball brings along",
      unit: "packages",
      ours: brought.length,
      theirs: null,
      goal: "<= 0 packages",
    }),
    benchRow({
      metric: `packages loaded of ${heavy.join(", ")}`,
      unit: "packages",
      ours: loaded(ours),
      theirs: loaded(theirs),
      goal: "<= 0 packages",
    }),
  ];
}
