/** The metrics of a container service: one sample a minute, while requests come. */
import type { Container } from "../deployment-settings.ts";
import { loadBalancerOf, targetGroupOf } from "./front-end-rows.ts";
import type { Dimensions, LedgerSample, MetricRow, MetricSource } from "./samples.ts";

const minuteMs = 60_000;

type MinuteValue = (requests: number, container: Container) => number;

const row = (
  [namespace, metric, unit]: readonly [namespace: string, metric: string, unit: string],
  value: MinuteValue,
  {
    dimensions = serviceOf,
    perTask = false,
  }: {
    readonly dimensions?: (container: Container, name: string) => Dimensions;
    /** Every task publishes its own sample. */
    readonly perTask?: boolean;
  } = {},
): MetricRow => ({
  ...{ namespace, metric, unit },
  publish: (source) => {
    const { container } = source.settings;
    if (container === null) return [];
    const samples = (): readonly LedgerSample[] =>
      byMinute(source, container, value).flatMap((sample) => Array(perTask ? container.tasks : 1).fill(sample));
    return [{ dimensions: dimensions(container, source.name), samples }];
  },
});

const serviceOf = ({ cluster, service }: Container): Dimensions => ({ ClusterName: cluster, ServiceName: service });

/** A minute's sample shows what its requests so far used; it can be seen when the last of them has ended. */
function byMinute({ entries }: MetricSource, container: Container, value: MinuteValue): readonly LedgerSample[] {
  const minutes = new Map<number, { readonly count: number; readonly endMs: number }>();
  for (const { atMs, endMs } of entries) {
    const minute = Math.floor(atMs / minuteMs) * minuteMs;
    const known = minutes.get(minute);
    minutes.set(minute, { count: (known?.count ?? 0) + 1, endMs: Math.max(known?.endMs ?? 0, endMs) });
  }
  return [...minutes].map(([atMs, { count, endMs }], index) => ({
    ...{ atMs, endMs, index, value: value(count, container) },
  }));
}

/** Of all vCPUs of all tasks, over the whole minute. */
const cpuPercent: MinuteValue = (requests, { cpuMsPerRequest, tasks, vcpu }) =>
  Math.min(100, (100 * requests * cpuMsPerRequest) / (minuteMs * tasks * vcpu));

export const containerRows: readonly MetricRow[] = [
  row(["AWS/ECS", "CPUUtilization", "Percent"], cpuPercent, { perTask: true }),
  row(["AWS/ECS", "MemoryUtilization", "Percent"], (_, { memoryPercent }) => memoryPercent, { perTask: true }),
  row(["ECS/ContainerInsights", "CpuReserved", "None"], (_, { vcpu }) => 1024 * vcpu, { perTask: true }),
  row(["ECS/ContainerInsights", "RunningTaskCount", "Count"], (_, { tasks }) => tasks),
  row(["AWS/ApplicationELB", "HealthyHostCount", "Count"], (_, { tasks }) => tasks, {
    dimensions: (__, name) => ({ LoadBalancer: loadBalancerOf(name), TargetGroup: targetGroupOf(name) }),
  }),
];
