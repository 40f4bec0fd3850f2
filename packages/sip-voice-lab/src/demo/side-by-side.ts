import type { DemoCall } from "./demo-call.ts";

const mostWaiting = 2;

/**
 * Runs calls side by side: so many at a time, besides those that only wait, and one at a time of a group. Results come
 * in the order of the calls.
 */
export async function sideBySide<Result>(
  calls: readonly DemoCall[],
  mostAtATime: number,
  run: (call: DemoCall) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<DemoCall, Result>();
  const running = new Map<DemoCall, Promise<void>>();
  const pending = [...calls].sort((a, b) => weight(b) - weight(a));
  const fits = (call: DemoCall): boolean => {
    const others = [...running.keys()];
    if (call.group !== undefined && others.some(({ group }) => group === call.group)) return false;
    const alike = others.filter(({ waits }) => waits === call.waits).length;
    return alike < (call.waits ? Math.min(mostWaiting, mostAtATime) : mostAtATime);
  };
  while (pending.length > 0 || running.size > 0) {
    for (let next = pending.findIndex(fits); next >= 0; next = pending.findIndex(fits)) {
      const [call] = pending.splice(next, 1) as [DemoCall];
      running.set(
        call,
        run(call).then((result) => {
          results.set(call, result);
          running.delete(call);
        }),
      );
    }
    await Promise.race(running.values());
  }
  return calls.map((call) => results.get(call) as Result);
}

/** What takes long begins first: a group, whose calls go one after the other, and a conversation. */
function weight({ group, steps }: DemoCall): number {
  if (group !== undefined) return 2;
  return steps.some((step) => "say" in step) ? 1 : 0;
}
