import { compileStep } from "../../scenario/compile-step.ts";
import type { Action } from "../../scenario/define.ts";
import type { CompiledStep, RequestStep, ResultRow, Scope, Sequence, Step } from "../../scenario/scenario.ts";
import type { Millis } from "../../units.ts";
import type { LoadPlan } from "../plan.ts";
import { weightedPick } from "../random.ts";
import { rowsOf } from "../rows.ts";
import type { WaitTime } from "../wait-time.ts";
import { encodeRequest, type Headers, mergeHeaders } from "./encode-request.ts";
import type { ModuleRun } from "./module/load-module.ts";
import { moduleWork } from "./module/module-work.ts";
import { prepareRequest } from "./prepare.ts";
import type { Answer, PreparedRequest } from "./transport.ts";

/** A request of a sequence, as far as it can be prepared before it is sent. */
export type WorkRequest = {
  readonly kind: "request";
  readonly row: number;
  /** The target's own is `null`. */
  readonly origin: string | null;
  readonly timeout: Millis;
  readonly follow: boolean;
  /** Checks and captures; `null` when the status alone decides. */
  readonly rules: Pick<CompiledStep, "needsBody" | "wantsStatus" | "check" | "capture"> | null;
  /** The same every time; `null` when it must be written down anew for each user. */
  readonly prepared: PreparedRequest | null;
  /** A reason when a value that it needs is missing. */
  readonly prepare: (scope: Scope) => PreparedRequest | string;
  /** Is shown the complete answer before it is judged; `null` when nobody wants to see it. */
  readonly seen: ((answer: Answer) => void) | null;
};

/** A function of a scenario module; the name of its task, or of the phase. */
export type WorkScript = { readonly kind: "script"; readonly name: string; readonly action: Action };

export type WorkStep = WorkRequest | WorkScript | { readonly kind: "wait"; readonly wait: WaitTime };

export type WorkSequence = {
  readonly steps: readonly WorkStep[];
  /** What data rows are drawn for; `null` without a scenario. */
  readonly sequence: Sequence | null;
};

/** What the users of one worker do, prepared once. */
export type Work = {
  readonly rows: readonly ResultRow[];
  readonly tasks: readonly WorkSequence[];
  /** Index of the task for a random number in [0, 1). */
  readonly pick: (random01: number) => number;
  readonly setup: WorkSequence;
  readonly teardown: WorkSequence;
  /** Where the scripts come from; `null` when there are none. */
  readonly module: ModuleRun | null;
};

/** The work of a plan: of its scenario or the scenario's module, or of the requests of its tasks. */
export const compileWork = (plan: LoadPlan, module: ModuleRun | null = null): Work => {
  if (module !== null) return moduleWork(plan, module);
  const { scenario, tasks } = plan;
  const rows = rowsOf(plan);
  if (scenario === null) {
    const plain = tasks.map((task, row) => plainRequest(prepareRequest(plan, task), row, plan.timeout));
    return {
      rows,
      tasks: plain.map((step) => ({ steps: [step], sequence: null })),
      pick: weightedPick(tasks.map(({ weight }) => weight)),
      setup: NOTHING,
      teardown: NOTHING,
      module: null,
    };
  }
  const compile = (sequence: Sequence): WorkSequence => ({
    steps: sequence.steps.map((step) => compileWorkStep(plan, step)),
    sequence,
  });
  return {
    rows,
    tasks: scenario.tasks.map(compile),
    pick: weightedPick(scenario.tasks.map(({ weight }) => weight)),
    setup: compile(scenario.setup),
    teardown: compile(scenario.teardown),
    module: null,
  };
};

const NOTHING: WorkSequence = { steps: [], sequence: null };

const plainRequest = (prepared: PreparedRequest, row: number, timeout: Millis): WorkRequest => ({
  kind: "request",
  row,
  origin: null,
  timeout,
  follow: false,
  rules: null,
  prepared,
  prepare: () => prepared,
  seen: null,
});

const compileWorkStep = (plan: LoadPlan, step: Step): WorkStep => {
  if (step.kind === "wait") return step;
  const rules = compileStep(step);
  const write = writer(plan, step, rules);
  const rendered = rules.isStatic ? write(NO_SCOPE) : null;
  const fixed = typeof rendered === "string" ? null : rendered;
  return {
    kind: "request",
    row: step.row,
    origin: step.origin,
    timeout: step.timeout ?? plan.timeout,
    follow: step.follow,
    rules: step.expect === null && step.captures.length === 0 ? null : rules,
    prepared: fixed,
    prepare: fixed === null ? write : () => fixed,
    seen: null,
  };
};

/** What the target's own headers are to the target, they are to nobody else. */
const writer = (
  plan: LoadPlan,
  step: RequestStep,
  rules: CompiledStep,
): ((scope: Scope) => PreparedRequest | string) => {
  const host = new URL(step.origin ?? plan.origin).host;
  const own = mergeHeaders({ "user-agent": plan.userAgent }, step.origin === null ? plan.headers : {});
  const replaced = new Set(step.headers.map(({ name }) => name.toLowerCase()));
  const outer = own.filter(([name]) => !replaced.has(name.toLowerCase()));
  const keep = rules.needsBody ? "body" : "sample";
  return (scope) => {
    const rendered = rules.render(scope);
    if (!rendered.ok) return rendered.reason;
    const { path, body } = rendered;
    return encodeRequest({
      method: step.method,
      path,
      host,
      headers: [...outer, ...pairs(rendered.headers)],
      body,
      keep,
    });
  };
};

const pairs = (flat: readonly string[]): Headers => {
  const headers: (readonly [string, string])[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) headers.push([flat[at] ?? "", flat[at + 1] ?? ""]);
  return headers;
};

/** A static step asks for nothing. */
const NO_SCOPE: Scope = {
  captured: [],
  rows: [],
  drawn: [],
  random: { values: () => 0, rows: () => 0, uuid: () => "" },
  user: 0,
  users: 1,
};
