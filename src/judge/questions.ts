import type { Limit } from "../config/limits.ts";
import { joinMetricId, METRICS, metricInfo, splitMetricId } from "../config/metric-catalog.ts";
import type { RunSummary } from "../record/summary.ts";
import { isAbsolute } from "./comparison.ts";
import type { Question } from "./measured.ts";

/**
 * Every metric to say something about: what the heads measured or said they could not measure, what was asked for, and
 * what has a limit. In the catalogue's order, the whole before its tasks and functions. In absolute mode relative limits
 * are dropped.
 */
export const questionsOf = (input: {
  readonly heads: readonly RunSummary[];
  readonly limits: readonly Limit[];
  readonly configured: readonly string[];
  readonly absoluteOnly: boolean;
}): readonly Question[] => {
  const limits = input.limits.filter((limit) => limit.role !== "off");
  const measured = input.heads.flatMap((head) => [
    ...Object.keys(head.values),
    ...Object.keys(head.counts),
    ...Object.keys(head.unmeasured),
    ...(head.functions.length > 0 ? ["required-concurrency"] : []),
  ]);
  const ids = new Set([...measured, ...input.configured, ...limits.map(idOf)]);
  return [...ids]
    .flatMap((id): readonly Question[] => {
      const { metric, scope } = splitMetricId(id);
      const info = metricInfo(metric);
      if (info === undefined) return [];
      const own = limits.filter((limit) => idOf(limit) === id);
      const holding = input.absoluteOnly ? own.filter((limit) => limit.terms.some(isAbsolute)) : own;
      const configured = input.configured.includes(id) || holding.some((limit) => limit.origin === "user");
      return [{ id, info, scope, limits: holding, configured }];
    })
    .toSorted(inOrder);
};

const idOf = (limit: Limit): string => joinMetricId(limit.metric, limit.scope);

const inOrder = (a: Question, b: Question): number =>
  METRICS.indexOf(a.info) - METRICS.indexOf(b.info) || byText(a.scope ?? "", b.scope ?? "");

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
