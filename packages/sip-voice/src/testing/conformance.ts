import { describe, it } from "vitest";
import { endProcesses } from "./port-in-another-process.ts";

/** How a conformance suite is run. */
export interface ConformanceOptions {
  /** Cases that the adapter does not keep, by name, each with the reason, which the test report shows. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** What the factory of a suite gives, made anew for each case. */
export interface ConformanceSubject<Port> {
  /** What is tested. */
  readonly port: Port;
  /**
   * Opens another, independent access to the same data; the cases about several processes ask for two. Give what
   * {@link portInAnotherProcess} gives, so that they are processes indeed. Without it, as in memory, the port stands for all.
   */
  another?(): Promise<Port> | Port;
  /** Gives up what the factory and `another` made; called after each case. */
  dispose?(): Promise<void> | void;
}

/** Makes what a suite tests. */
export type ConformanceFactory<Port, Seed = undefined> = (
  seed: Seed,
) => Promise<ConformanceSubject<Port>> | ConformanceSubject<Port>;

/** Shows one rule; `other` and `third` are further accesses to the same data, opened for the cases that name them. */
export type ConformanceCase<Port> = (port: Port, other: Port, third: Port) => Promise<void>;

/** A suite's cases by the rule that they show. */
export type ConformanceCases<Port> = Readonly<Record<string, ConformanceCase<Port>>>;

/** Registers each case with vitest. */
export function registerCases<Port>(
  title: string,
  make: () => Promise<ConformanceSubject<Port>> | ConformanceSubject<Port>,
  cases: ConformanceCases<Port>,
  { skip = {} }: ConformanceOptions,
): void {
  for (const [name, reason] of Object.entries(skip)) {
    if (!Object.hasOwn(cases, name)) throw new Error(`${title} has no case "${name}".`);
    if (reason.trim() === "") throw new Error(`Say why ${title} skips "${name}".`);
  }
  describe(title, () => {
    for (const [name, run] of Object.entries(cases)) {
      it(name, async (context) => {
        const reason = skip[name];
        if (reason !== undefined) context.skip(reason);
        const subject = await make();
        const open = async () => (await subject.another?.()) ?? subject.port;
        try {
          const [other = subject.port, third = subject.port] = await Promise.all(
            Array.from({ length: run.length - 1 }, open),
          );
          await run(subject.port, other, third);
        } finally {
          await endProcesses();
          await subject.dispose?.();
        }
      });
    }
  });
}
