/** What CloudWatch says of everything before the functions, or instead of them: front end and containers. */
import { containerFacts, containerQueries, type EcsRef } from "../cloud/containers.ts";
import type { Expectation } from "../cloud/expectation.ts";
import type { CloudFacts } from "../cloud/facts.ts";
import { type FrontEndSigns, findFrontEnd } from "../cloud/front-end-ref.ts";
import type { Span } from "../cloud/window.ts";
import type { Clock, CloudMetrics, Log, MetricNames, Stacks } from "../ports.ts";
import { type EpochMs, epochMs, type Millis } from "../units.ts";
import type { Collected } from "./collect-cloud.ts";
import { collectFrontEnd, namelessFacts } from "./collect-front-end.ts";
import { nameFrontEnd } from "./name-front-end.ts";
import { untilDeadline } from "./until-deadline.ts";

type Options = {
  readonly signs: FrontEndSigns;
  readonly ecs: EcsRef | null;
  readonly stackName: string | null;
  /** `false` where AWS has refused already. */
  readonly reachable: boolean;
  /** No function was named, so that this count decides how far AWS has come. */
  readonly decides: boolean;
  readonly span: Span;
  readonly loadEnd: EpochMs;
  readonly expected: Expectation;
  readonly timeout: Millis;
  readonly ports: {
    readonly cloud: CloudMetrics & MetricNames;
    readonly stacks: Stacks;
    readonly clock: Clock;
    readonly log: Log;
  };
  readonly signal: AbortSignal;
};

export type AskBefore = {
  readonly facts: Pick<CloudFacts, "frontEnd" | "containers">;
  /** `null` where nothing could be asked. */
  readonly collected: Collected | null;
  readonly metricsRequested: number;
  readonly notes: readonly string[];
};

export const askBefore = async (options: Options): Promise<AskBefore> => {
  const { signs, ecs, reachable, loadEnd, timeout, ports, signal } = options;
  if (!reachable || signal.aborted)
    return { ...NOTHING, facts: { frontEnd: namelessFacts(findFrontEnd(signs)), containers: null } };
  const stop = untilDeadline({ deadline: epochMs(loadEnd + timeout), clock: ports.clock, signal });
  const { ref, notes, metricsRequested } = await nameFrontEnd({ ...options, signal: stop });
  if (ref === null || ref.name === null) {
    const facts = { frontEnd: namelessFacts(ref), containers: null };
    return { facts, collected: null, metricsRequested, notes };
  }
  const beside = ecs === null ? [] : containerQueries(ecs);
  const saw = await collectFrontEnd({ ...options, ref: { ...ref, name: ref.name }, beside });
  const { start, end } = saw.collected.window;
  const containers = ecs === null ? null : containerFacts(ecs, saw.collected.values, end - start);
  return {
    facts: { frontEnd: saw.facts, containers },
    collected: saw.collected,
    metricsRequested: metricsRequested + saw.metricsRequested,
    notes: [...notes, ...saw.notes, ...(containers === null ? [] : containerNotes(containers))],
  };
};

const NOTHING: Omit<AskBefore, "facts"> = { collected: null, metricsRequested: 0, notes: [] };

const containerNotes = ({
  cluster,
  service,
  cpu,
  taskVcpu,
}: NonNullable<CloudFacts["containers"]>): readonly string[] => {
  const name = `${cluster}/${service}`;
  if (cpu.average === null) return [`CloudWatch has no processor time of ${name}: check ecs and aws-region.`];
  return taskVcpu === null
    ? [`The vCPUs of a task of ${name} are not known: only Container Insights publish them.`]
    : [];
};
