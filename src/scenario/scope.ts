import type { DataSource, Scenario, Scope, ScopeRandom, Sequence } from "./scenario.ts";

/** The values of one user, before its setup. `user` counts from 0 over all workers, `users` is all there will be. */
export const createScope = (
  scenario: Scenario,
  user: { readonly user: number; readonly users: number; readonly random: ScopeRandom },
): Scope => ({
  captured: scenario.captured.map(() => undefined),
  rows: scenario.data.map(() => undefined),
  drawn: scenario.data.map(() => 0),
  ...user,
});

/**
 * Draws the data rows of a sequence that begins now. `sequential` deals the rows out as if all users drew in turn, so
 * that no row is seen twice before all have been, and needs no word between workers; `unique` is the row of the user's
 * number, for its life.
 */
export const beginSequence = (scenario: Scenario, { draws }: Sequence, scope: Scope): void => {
  for (const at of draws) {
    const source = scenario.data[at];
    if (source === undefined) continue;
    const drawn = scope.drawn[at] ?? 0;
    scope.drawn[at] = drawn + 1;
    scope.rows[at] = source.rows[rowOf(source, drawn, scope)];
  }
};

const rowOf = ({ pick, rows }: DataSource, drawn: number, { user, users, random }: Scope): number => {
  switch (pick) {
    case "unique":
      return user;
    case "sequential":
      return (user + drawn * users) % rows.length;
    case "random":
      return Math.floor(random.rows() * rows.length);
  }
};
