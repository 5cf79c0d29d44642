/** An example workflow as the test runs it: its jobs that use swarmgate, with their conditions, rights and inputs. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Contexts, filled, holds } from "./expression.ts";

export type Step = { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> };
export type Job = {
  readonly id: string;
  readonly if?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly steps: readonly Step[];
};
export type WorkflowFile = {
  readonly name: string;
  readonly events: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: readonly Job[];
};

/** One use of swarmgate: a job, or one of a matrix. */
export type Use = { readonly job: Job; readonly inputs: Readonly<Record<string, string>> };

export const isOurs = ({ uses }: Step): boolean => uses?.startsWith("swarmgate/swarmgate@") === true;

export const readWorkflow = (path: string): WorkflowFile => {
  const { name, on, env = {}, jobs } = parse(readFileSync(path, "utf8"));
  const events = typeof on === "string" ? [on] : Object.keys(on);
  const listed = Object.entries<Omit<Job, "id">>(jobs).map(([id, job]) => ({ ...job, id }));
  return { name, events, env, jobs: listed };
};

/** The uses of swarmgate that the event leads to, in the order of the jobs, each with its inputs filled in. */
export const usesOf = ({ env, jobs }: WorkflowFile, given: Contexts): readonly Use[] => {
  const values = Object.entries(env).map(([name, text]) => [name, filled(text, given)]);
  const contexts = { ...given, env: Object.fromEntries(values) };
  return jobs
    .filter((job) => job.if === undefined || holds(job.if, contexts))
    .flatMap((job) => matrixOf(job).flatMap((matrix) => usesIn(job, { ...contexts, matrix })));
};

const usesIn = (job: Job, contexts: Contexts): readonly Use[] =>
  job.steps.filter(isOurs).map((step) => {
    const inputs = Object.entries(step.with ?? {}).map(([name, value]) => [name, filled(String(value), contexts)]);
    return { job, inputs: Object.fromEntries(inputs) };
  });

const matrixOf = ({ strategy }: Job): readonly Readonly<Record<string, string>>[] => {
  const [[name, values] = ["", [""]]] = Object.entries(strategy?.matrix ?? {});
  return values.map((value) => ({ [name]: value }));
};
