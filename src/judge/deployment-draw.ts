import type { DeploymentDraw, Difference } from "../baseline/deployment-draws.ts";
import { splitMetricId } from "../config/metric-catalog.ts";
import { mean } from "../stats/prediction.ts";
import type { HowPart } from "./how.ts";
import type { Judgement, MetricJudgement } from "./verdict.ts";

/**
 * How far the two arms of a paired measurement are apart, by metric id, and what its rounds leave open: with the same code on
 * both sides a draw of what deployments differ by. Metrics of one task or function take the term of the whole, and where
 * rounds say nothing of a metric there is no draw.
 */
export const differencesOf = ({ metrics }: Judgement): DeploymentDraw["metrics"] =>
  Object.fromEntries(
    metrics.flatMap((metric) => {
      const difference = splitMetricId(metric.id).scope === null ? differenceOf(metric) : null;
      return difference === null ? [] : [[metric.id, difference]];
    }),
  );

const differenceOf = ({ how }: MetricJudgement): Difference | null => {
  const data = how?.data ?? null;
  if (data === null || data.kind !== "logs") return null;
  const error = data.parts.find(isOfRounds);
  return error === undefined || error.df === null
    ? null
    : { log: meanLog(data.head) - meanLog(data.base), error: { sd: error.sd, df: error.df } };
};

/** A spread between runs that stands in for rounds is no measurement of theirs. */
const isOfRounds = ({ of }: HowPart): boolean => of === "rounds" || of === "arms";

const meanLog = (values: readonly number[]): number => mean(values.map(Math.log));
