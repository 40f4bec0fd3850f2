/** A process that opens a port and does with it what it is told: `node port-process.ts <module> <place>`. */
const [module, place] = process.argv.slice(2);
if (import.meta.main && module !== undefined && process.send) {
  const { openPort } = (await import(module)) as { openPort(place: string): Promise<object> | object };
  const port = (await openPort(place ?? "")) as Record<string, (...args: unknown[]) => unknown>;
  process.on("message", async ({ id, method, args }: { id: number; method: string; args: unknown[] }) => {
    try {
      process.send?.({ id, value: await port[method]?.(...args) });
    } catch (error) {
      process.send?.({ id, error });
    }
  });
  // Whoever started it is gone.
  process.once("disconnect", () => process.exit());
  process.send("ready");
}

export {};
