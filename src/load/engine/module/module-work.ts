import type { Action } from "../../../scenario/define.ts";
import type { LoadPlan } from "../../plan.ts";
import { weightedPick } from "../../random.ts";
import type { Work, WorkSequence } from "../work.ts";
import type { ModuleRun } from "./load-module.ts";

/** The work of a scenario module: each sequence is one function of the user's. */
export const moduleWork = (plan: LoadPlan, module: ModuleRun): Work => ({
  rows: [],
  tasks: module.tasks.map(({ name, run }) => script(name, run)),
  pick: weightedPick((plan.scenario?.tasks ?? []).map(({ weight }) => weight)),
  setup: module.setup === null ? NOTHING : script("setup", module.setup),
  teardown: module.teardown === null ? NOTHING : script("teardown", module.teardown),
  module,
});

const NOTHING: WorkSequence = { steps: [], sequence: null };

const script = (name: string, action: Action): WorkSequence => ({
  steps: [{ kind: "script", name, action }],
  sequence: null,
});
