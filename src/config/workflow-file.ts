import { isMap } from "./file-text.ts";

/** A workflow file as far as the gate cares about it. Values are the texts that stand there. */
export type Workflow = {
  readonly triggers: readonly string[];
  /** Jobs with a step that runs swarmgate. */
  readonly gates: readonly GateJob[];
};

export type GateJob = {
  readonly id: string;
  /** The job's own, else the workflow's; `null` when neither says anything: the repository's default holds. */
  readonly permissions: Permissions | null;
  /** Steps before the gate. */
  readonly before: readonly Step[];
  readonly inputs: Readonly<Record<string, unknown>>;
};

export type Permissions = "read-all" | "write-all" | Readonly<Record<string, string>>;

export type Step = { readonly uses: string; readonly inputs: Readonly<Record<string, unknown>> };

/** `owner/swarmgate@v1`, whoever the owner is: forks and mirrors keep the name. */
const GATE = /^[^/\s]+\/swarmgate(\/[^@]*)?@/;

/** Reads a workflow out of its YAML value; what is not shaped like one has no gates. */
export const readWorkflow = (value: unknown): Workflow => {
  const root = mapOf(value);
  const jobs = Object.entries(mapOf(root["jobs"]));
  return {
    triggers: triggersOf(root["on"]),
    gates: jobs.flatMap(([id, job]) => gatesOf(id, mapOf(job), permissionsOf(root["permissions"]))),
  };
};

const gatesOf = (
  id: string,
  job: Readonly<Record<string, unknown>>,
  inherited: Permissions | null,
): readonly GateJob[] => {
  const steps = (Array.isArray(job["steps"]) ? job["steps"] : []).map(stepOf);
  return steps.flatMap((step, index) =>
    GATE.test(step.uses)
      ? [
          {
            id,
            permissions: permissionsOf(job["permissions"]) ?? inherited,
            before: steps.slice(0, index),
            inputs: step.inputs,
          },
        ]
      : [],
  );
};

const stepOf = (step: unknown): Step => {
  const { uses, with: inputs } = mapOf(step);
  return { uses: typeof uses === "string" ? uses : "", inputs: mapOf(inputs) };
};

/** `on: push`, `on: [push, pull_request]` or a map. */
const triggersOf = (on: unknown): readonly string[] => {
  if (typeof on === "string") return [on];
  return Array.isArray(on) ? on.filter((name) => typeof name === "string") : Object.keys(mapOf(on));
};

const permissionsOf = (value: unknown): Permissions | null => {
  if (value === undefined) return null;
  if (value === "read-all" || value === "write-all") return value;
  return Object.fromEntries(Object.entries(mapOf(value)).map(([scope, right]) => [scope, String(right)]));
};

const mapOf = (value: unknown): Readonly<Record<string, unknown>> => (isMap(value) ? value : {});
