import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Collects what loading has left behind. For a process that waits for its call: so the call finds the room that it needs, and is
 * not held up by the collection.
 */
export function collectGarbage(): void {
  // The collector is offered to contexts that are made after the flag is set.
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
}
