import type { ListUpdate } from "@livekit/protocol";

/** Applies LiveKit's list update: `set` or `clear` replace, then `remove` and `add`. */
export function updatedList(current: readonly string[], update: ListUpdate | undefined): string[] {
  if (!update) return [...current];
  if (update.clear) return [];
  if (update.set.length > 0) return [...update.set];
  const kept = current.filter((value) => !update.remove.includes(value));
  return [...new Set([...kept, ...update.add])];
}
