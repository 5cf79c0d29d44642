/** What CloudWatch knows of an ECS service, and how many tasks a rate needs. */
import type { ContainerFacts } from "./facts.ts";
import type { MetricQuery, MetricValues } from "./queries.ts";

export type EcsRef = { readonly cluster: string; readonly service: string };

/**
 * Processor and memory of all running tasks, in percent of what they have; each task publishes a sample a minute, so that
 * the number of samples is the number of tasks (Amazon ECS developer guide, "Service RUNNING task count"). What a task
 * has stands in Container Insights only, in CPU units of 1/1024 vCPU.
 */
const FIGURES = {
  cpu_average: ["AWS/ECS", "CPUUtilization", "Average"],
  cpu_max: ["AWS/ECS", "CPUUtilization", "Maximum"],
  cpu_sum: ["AWS/ECS", "CPUUtilization", "Sum"],
  cpu_samples: ["AWS/ECS", "CPUUtilization", "SampleCount"],
  memory_average: ["AWS/ECS", "MemoryUtilization", "Average"],
  memory_max: ["AWS/ECS", "MemoryUtilization", "Maximum"],
  units: ["ECS/ContainerInsights", "CpuReserved", "Average"],
  running: ["ECS/ContainerInsights", "RunningTaskCount", "Average"],
} as const;

export const containerQueries = ({ cluster, service }: EcsRef): readonly MetricQuery[] =>
  Object.entries(FIGURES).map(([figure, [namespace, metric, statistic]]) => ({
    id: `ecs_${figure}`,
    namespace,
    metric,
    dimensions: { ClusterName: cluster, ServiceName: service },
    statistic,
  }));

const CPU_UNITS = 1024;
const PERCENT = 100;
const MINUTE_MS = 60_000;

/** The service over a window of whole minutes; `null` where CloudWatch has nothing of it. */
export const containerFacts = (ref: EcsRef, values: MetricValues, windowMs: number): ContainerFacts => {
  const at = (figure: keyof typeof FIGURES): number | null => values[`ecs_${figure}`] ?? null;
  const share = (figure: keyof typeof FIGURES): number | null => divided(at(figure), PERCENT);
  const busy = share("cpu_sum");
  return {
    ...ref,
    cpu: { average: share("cpu_average"), max: share("cpu_max") },
    memory: { average: share("memory_average"), max: share("memory_max") },
    tasks: at("running") ?? divided(at("cpu_samples"), windowMs / MINUTE_MS),
    taskVcpu: divided(at("units"), CPU_UNITS),
    busyTaskSeconds: busy === null ? null : (busy * MINUTE_MS) / 1000,
  };
};

const divided = (value: number | null, by: number): number | null => (value === null ? null : value / by);

/** Share of a task's processor up to which it is loaded: beyond it answers wait for each other. */
export const TARGET_UTILISATION = 0.7;

export type ContainerNeed = {
  /** Requests per second that one vCPU served in this run; `null` without Container Insights. */
  readonly ratePerVcpu: number | null;
  /** Time of one task's whole processor that one request takes, milliseconds. */
  readonly taskMsPerRequest: number | null;
  /** Tasks at the stated rate, each loaded up to `TARGET_UTILISATION`. */
  readonly tasks: number | null;
};

/**
 * tasks = ceil(rate x task seconds per request / target utilisation), with the task seconds of the whole window over the
 * requests that the load balancer counted in it. What tasks use while idle is in them, so a short run asks for too many
 * rather than too few.
 */
export const containerNeed = (
  facts: ContainerFacts,
  {
    rate,
    requests,
    measuredRate,
  }: { readonly rate: number; readonly requests: number | null; readonly measuredRate: number },
): ContainerNeed => {
  const { busyTaskSeconds, tasks, taskVcpu } = facts;
  const seconds = busyTaskSeconds === null || requests === null || requests === 0 ? null : busyTaskSeconds / requests;
  const vcpus = tasks === null || taskVcpu === null ? 0 : tasks * taskVcpu;
  return {
    ratePerVcpu: vcpus === 0 ? null : measuredRate / vcpus,
    taskMsPerRequest: seconds === null ? null : seconds * 1000,
    tasks: seconds === null ? null : Math.max(1, Math.ceil((rate * seconds) / TARGET_UTILISATION - ROUNDING_NOISE)),
  };
};

const ROUNDING_NOISE = 1e-9;
