import type { Finding, MetricJudgement } from "./verdict.ts";

/** What the findings say has changed against the base, by metric id. */
export type Moved = {
  /** What the judge found changed, or suspects to have. */
  readonly all: ReadonlySet<string>;
  /** Of those the ones that chance does not bring. */
  readonly sure: ReadonlySet<string>;
  /** Whether something is beyond an absolute limit without having moved: the base may be there as well. */
  readonly isBeyondUnmoved: boolean;
  /** How much the worst change among some metrics weighs: one that fails 3, one that warns 2, any other 1, none 0. */
  readonly weight: (ids: readonly string[]) => number;
};

/** One-sided probability of 3 standard deviations: several metrics, each in both directions, are asked at once. */
const SURE = 0.00135;

/** A limit that is exceeded is no change: what stands beyond an absolute one moved only if it differs from the base. */
export const movedMetrics = (metrics: readonly MetricJudgement[]): Moved => {
  const found = metrics.filter(({ finding }) => isFound(finding));
  const moved = found.filter((metric) => !isAbsolute(metric.finding) || isSure(metric));
  return {
    all: idsOf(moved),
    sure: idsOf(moved.filter(isSure)),
    isBeyondUnmoved: moved.length < found.length,
    weight: (ids) => Math.max(0, ...moved.filter(({ id }) => ids.includes(id)).map(({ finding }) => weightOf(finding))),
  };
};

const idsOf = (metrics: readonly MetricJudgement[]): ReadonlySet<string> => new Set(metrics.map(({ id }) => id));

const weightOf = ({ kind }: Finding): number => (kind === "fail" ? 3 : kind === "warn" ? 2 : 1);

/** Where nothing was tested against the base, the finding has to do. */
const isSure = ({ how }: MetricJudgement): boolean => {
  const test = how?.test ?? null;
  return test === null || Math.min(test.pWorse, test.pBetter) <= SURE;
};

/** Decided by an absolute limit: nothing was compared, or the change may be none. */
const isAbsolute = (finding: Finding): boolean => {
  if (finding.kind !== "fail" && finding.kind !== "warn" && finding.kind !== "inconclusive") return false;
  const { change } = finding.evidence;
  if (change === null) return true;
  const none = change.kind === "ratio" ? 1 : 0;
  return finding.kind === "fail" && change.low <= none && change.high >= none;
};

const isFound = (finding: Finding): boolean => {
  switch (finding.kind) {
    case "fail":
    case "warn":
    case "improved":
      return true;
    case "inconclusive":
      return finding.face === "suspected";
    case "not-measured":
      return finding.code === "network-moved";
    case "pass":
    case "no-baseline":
    case "informs":
      return false;
  }
};
