/** The bound on all requests of a run, shared by all workers and by the warm-up: it is never exceeded by one. */
export type StartBudget = {
  /** One request may be started, it is the last one, or there is none left. */
  readonly take: () => "more" | "last" | "none";
};

/** Shared memory that all budgets of one run are made from. */
export const budgetMemory = (): SharedArrayBuffer => new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);

export const startBudget = (memory: SharedArrayBuffer, max: number): StartBudget => {
  const started = new Int32Array(memory);
  return {
    take: () => {
      // Read before it is added to, so that refused attempts of a long run cannot make the counter wrap around.
      if (Atomics.load(started, 0) >= max) return "none";
      const count = Atomics.add(started, 0, 1) + 1;
      if (count > max) {
        Atomics.sub(started, 0, 1);
        return "none";
      }
      return count === max ? "last" : "more";
    },
  };
};
