import type { ModuleSource, Scenario } from "./scenario.ts";

/** What was learned of a module before the load; plain data, the functions stay in the thread that read it. */
export type ModuleFacts = {
  readonly tasks: readonly { readonly name: string; readonly weight: number }[];
  /** Checksum of the module and of the files beside it that it imports. */
  readonly checksum: string;
};

/**
 * The scenario of a module: its tasks by name and weight, no steps. What they do is known by running them only, so the
 * whole module's checksum is what all tasks share, and rows of the result appear as requests are made.
 */
export const moduleScenario = (module: ModuleSource, { tasks, checksum }: ModuleFacts): Scenario => ({
  data: [],
  captured: [],
  rows: [],
  setup: NO_STEPS,
  tasks: tasks.map(({ name, weight }) => ({ ...NO_STEPS, name, weight, definition: "module" })),
  teardown: NO_STEPS,
  otherOrigins: [],
  secrets: [],
  definition: `module ${checksum}`,
  module,
});

const NO_STEPS = { steps: [], draws: [] } as const;
