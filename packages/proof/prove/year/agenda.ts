/** What is to be done when: a heap, the earliest first, and of one instant what was added first. */
export class Agenda<Task> {
  readonly #heap: { readonly at: number; readonly order: number; readonly task: Task }[] = [];
  #order = 0;

  /** Adds a task. */
  add(at: number, task: Task): void {
    const heap = this.#heap;
    heap.push({ at, order: this.#order++, task });
    for (let child = heap.length - 1; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#isBefore(child, parent)) break;
      this.#swap(child, parent);
      child = parent;
    }
  }

  /** Takes the next task; `undefined` when there is nothing left. */
  next(): { readonly at: number; readonly task: Task } | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    heap[0] = last;
    for (let parent = 0; ; ) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2])
        if (child < heap.length && this.#isBefore(child, least)) least = child;
      if (least === parent) return first;
      this.#swap(parent, least);
      parent = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (!one || !other) return false;
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b], heap[a]] as [(typeof heap)[number], (typeof heap)[number]];
  }
}
