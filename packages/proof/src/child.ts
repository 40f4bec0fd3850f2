/**
 * Runs one bench or proof in a process of its own, started by `command.ts`. Whatever the parts that run here print
 * (rtc-node logs to standard output) goes to standard error; the result goes to the parent as a message.
 */
import type { BenchRow } from "./bench-row.ts";
import type { Claim } from "./claim.ts";
import type { RunContext, RunParts } from "./run-context.ts";

/** What a file in `bench/` or `prove/` exports. */
interface RunnableModule {
  bench?(context: RunContext): Promise<readonly BenchRow[]>;
  prove?(context: RunContext): Promise<readonly Claim[]>;
  /** Whether it can be made in parts. */
  readonly inParts?: boolean;
}

/** What the child tells its parent, once. */
export type ChildMessage = { readonly rows: readonly BenchRow[] } | { readonly claims: readonly Claim[] };

const interrupted = 130;
/** A second Ctrl-C means: now. One key press may arrive twice, from the terminal and from the parent. */
const secondPressMs = 500;

async function run(file: string, quick: boolean, parts: RunParts): Promise<number> {
  const startedAt = performance.now();
  const controller = new AbortController();
  const undo: (() => unknown)[] = [];
  let stoppedAt: number | undefined;
  const stop = (): void => {
    const now = performance.now();
    if (stoppedAt === undefined) {
      stoppedAt = now;
      process.stderr.write("Ending everything that was started ...\n");
      controller.abort(new Error("interrupted"));
    } else if (now - stoppedAt > secondPressMs) {
      // The lab's processes are killed at `exit`.
      process.exit(interrupted);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  process.on("message", stop);
  process.on("disconnect", stop);

  const context: RunContext = {
    quick,
    ...parts,
    signal: controller.signal,
    progress: (text) => {
      if (controller.signal.aborted) return;
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
      process.stderr.write(`${seconds} s  ${text}\n`);
    },
    onEnd: (step) => void undo.push(step),
  };
  const aborted = new Promise<undefined>((resolve) =>
    controller.signal.addEventListener("abort", () => resolve(undefined), { once: true }),
  );
  const unwind = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const module = (await import(file)) as RunnableModule;
    if (!module.inParts && Object.keys(parts).length > 0)
      throw new TypeError(
        "This one is short and always made as a whole: leave --only, --journal and --minutes out.",
      );
    const work = async (): Promise<ChildMessage> => {
      if (module.bench) return { rows: await module.bench(context) };
      if (module.prove) return { claims: await module.prove(context) };
      throw new TypeError(`${file} exports neither bench nor prove.`);
    };
    const working = work();
    // Given up, it goes on until it meets what is no longer there: nobody wants to hear of that.
    working.catch(() => {});
    const message = await Promise.race([working, aborted]);
    await unwind();
    if (message === undefined) return interrupted;
    await new Promise<void>((resolve) => process.send?.(message, () => resolve()));
    return 0;
  } catch (error) {
    await unwind();
    if (controller.signal.aborted) return interrupted;
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
}

const [file = "", quick, parts = "{}"] = process.argv.slice(2);
process.exit(await run(file, quick === "quick", JSON.parse(parts) as RunParts));
