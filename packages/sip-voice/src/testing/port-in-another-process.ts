import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

type Answer = { readonly id: number; readonly value?: unknown; readonly error?: unknown };

const processes = new Set<ChildProcess>();

/**
 * Opens a port in a process of its own, for `another` of a {@link ConformanceSubject}: what is called on it is done over there.
 * The process ends with the case.
 *
 * @param module - a file that exports `openPort(place)`, which opens the port; Node has to be able to load it
 * @param place - where the data is, as `openPort` takes it: a path, a connection string
 * @example
 * ```ts
 * import type { AppointmentStore } from "@clinic/sip-voice";
 * import { type ClinicSeed, portInAnotherProcess, testAppointmentStore } from "@clinic/sip-voice/testing";
 *
 * declare function openPort(place: string): Promise<AppointmentStore>; // exported by ./my-store.ts
 * declare function fill(seed: ClinicSeed): Promise<string>;
 *
 * testAppointmentStore("my store", async (seed) => {
 *   const place = await fill(seed);
 *   const module = new URL("./my-store.ts", import.meta.url);
 *   return { port: await openPort(place), another: () => portInAnotherProcess<AppointmentStore>(module, place) };
 * });
 * ```
 */
export async function portInAnotherProcess<Port extends object>(module: URL, place: string): Promise<Port> {
  // Beside this file, before it is built and after.
  const script = new URL(import.meta.url.replace(/[^/]*([.][a-z]+)$/, "port-process$1"));
  const child = fork(fileURLToPath(script), [module.href, place], {
    execArgv: [],
    serialization: "advanced",
  });
  processes.add(child);
  const exited = once(child, "exit").then(([code]) => {
    processes.delete(child);
    throw new Error(`The process of the port ended with ${code}.`);
  });
  exited.catch(() => {});
  const waiting = new Map<number, (answer: Answer) => void>();
  await Promise.race([once(child, "message"), exited]);
  child.on("message", (answer: Answer) => waiting.get(answer.id)?.(answer));

  let calls = 0;
  async function call(method: string, args: unknown[]): Promise<unknown> {
    const id = ++calls;
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    child.send({ id, method, args });
    const answer = await Promise.race([answered, exited]);
    waiting.delete(id);
    if (answer.error !== undefined) throw answer.error;
    return answer.value;
  }
  return new Proxy({} as Port, {
    // No "then": whoever awaits the port must not take it for a promise.
    get: (_port, method) =>
      typeof method === "string" && method !== "then"
        ? (...args: unknown[]) => call(method, args)
        : undefined,
  });
}

/** Ends the processes of a case. */
export async function endProcesses(): Promise<void> {
  await Promise.all(
    [...processes].map(async (child) => {
      const exited = once(child, "exit");
      if (child.connected) child.disconnect();
      await exited;
    }),
  );
}
