import { type Judgement, type MetricJudgement, verdictOf } from "../judge/verdict.ts";
import { failuresOf } from "../record/insights.ts";
import { countOf, formatCount, formatFigure, formatShare, formatValue } from "./format.ts";
import { isUnmeasured, leadingProblem, leadingUnmeasured, missingText, type Unmeasured } from "./leading.ts";
import type { ReportContext, ReportInput } from "./report.ts";
import { baseOf, changeOf, evidenceOf, headOf, inOrder, limitText } from "./rows.ts";

/** What moved and why, one sentence each; empty when nothing needs an explanation. */
export const whatMoved = ({ judgement, record, context }: ReportInput): readonly string[] =>
  [
    judgement.verdict === "no-baseline" ? (leadingProblem(judgement)?.message ?? null) : null,
    layerSentence(judgement),
    failureSentence(judgement, record),
    judgement.attribution?.layer === "throttling" ? null : throttleSentence(record),
    ...causeSentences(judgement, record),
    judgement.metrics.some((metric) => isConcurrency(metric) && hasSomethingToSay(metric))
      ? concurrencySentence(judgement, context)
      : null,
    ...unmeasuredSentences(judgement),
  ].filter((line) => line !== null);

/** The judge's own attribution where it has the evidence for one, else the plain arithmetic of the two clocks. */
const layerSentence = ({ attribution, metrics }: Judgement): string | null => {
  if (attribution !== null && attribution.layer !== "unknown" && attribution.layer !== "none") return attribution.text;
  const client = metrics.find(({ id }) => id === "p50");
  const lambda = metrics.find(({ id }) => id === "lambda-duration");
  if (client === undefined || lambda === undefined) return null;
  const outside = amount(client);
  const inside = amount(lambda);
  if (outside === null || inside === null || !hasMoved(client)) return null;
  const sides = `p50 ${signedMs(outside)}, lambda-duration ${hasMoved(lambda) ? signedMs(inside) : "no change seen"}`;
  if (!hasMoved(lambda)) return `${sides}: the time is ${direction(outside)} outside the handler`;
  const part = inside / outside;
  if (part >= MOST) return `${sides}: the handler itself takes ${direction(outside)}`;
  return part > 0
    ? `${sides}: the handler explains ${formatShare(Math.round(part * 100) / 100)} of it`
    : `${sides}: they moved apart, so the cause is outside the handler`;
};

/** From this share of the client's change on, Duration explains it: its average and the client's median never agree exactly. */
const MOST = 0.7;

const direction = (change: number): string => (change > 0 ? "longer" : "less time");

/** Change in the metric's own unit. */
const amount = (metric: MetricJudgement): number | null => {
  const base = baseOf(metric);
  const head = headOf(metric);
  return base === null || head === null ? null : head - base;
};

/** Whether the 95 % interval excludes no change. */
const hasMoved = (metric: MetricJudgement): boolean => {
  const change = changeOf(metric);
  return change?.kind === "ratio" && (change.low > 1 || change.high < 1);
};

const signedMs = (ms: number): string => `${ms < 0 ? "-" : "+"}${formatValue("ms", Math.abs(ms))}`;

/** Named only when failures are part of the verdict; the table of outcomes has them always. */
const failureSentence = ({ metrics }: Judgement, record: ReportInput["record"]): string | null => {
  const told = metrics.some((one) => one.id === "failure-rate" && hasSomethingToSay(one));
  if (record === null || !told) return null;
  const failures = Object.entries(record.totals.outcomes).filter(
    ([name, count]) => count > 0 && !BESIDE_FAILURES.has(name),
  );
  if (failures.length === 0) return null;
  const named = failures.sort(([, a], [, b]) => b - a).slice(0, 3);
  return `Failures: ${named.map(([name, count]) => `${name} ${formatCount(count)}`).join(", ")}`;
};

const hasSomethingToSay = (metric: MetricJudgement): boolean => {
  const verdict = verdictOf(metric.finding);
  return evidenceOf(metric) !== null && verdict !== null && verdict !== "pass";
};

/** In neither part of the failure rate, beside `ok` (SPEC 12.1). */
const BESIDE_FAILURES: ReadonlySet<string> = new Set(["ok", "aborted", "local-error"]);

/** A status code is only a suspicion; AWS's count confirms it or clears Lambda of it (SPEC 5.6). */
const throttleSentence = (record: ReportInput["record"]): string | null => {
  const suspected = record?.totals.outcomes.throttled ?? 0;
  const cloud = record?.cloud ?? null;
  if (cloud === null) return null;
  const counted = cloud.functions.map(({ throttles }) => throttles).filter((throttles) => throttles !== null);
  if (counted.length === 0) return null;
  const throttles = counted.reduce((sum, count) => sum + count, 0);
  if (throttles > 0) {
    const of =
      cloud.seen === null || cloud.seen === 0
        ? ""
        : ` (${formatShare(throttles / cloud.seen)} of invocations and throttles)`;
    return `AWS confirms ${countOf(throttles, "throttle")}${of}`;
  }
  return suspected > 0 && cloud.state === "complete"
    ? `AWS counted no throttles: the ${formatCount(suspected)} throttled answers come from in front of the function`
    : null;
};

/** At most so many causes: the table of outcomes has the examples. */
const CAUSES = 3;

/**
 * What the answers meant, by the front end's habits and AWS's counts, where failures are part of the verdict. Throttles
 * that AWS counted or ruled out have their own sentence; a cache that answered is said in any case.
 */
const causeSentences = ({ metrics }: Judgement, record: ReportInput["record"]): readonly string[] => {
  if (record === null) return [];
  const failed = metrics.some((one) => one.id === "failure-rate" && hasSomethingToSay(one));
  return failuresOf(record)
    .filter(({ situation, certainty }) => situation === "cached" || (failed && certainty !== "refuted"))
    .filter(({ situation, certainty }) => situation !== "lambda-throttled" || certainty === "suspected")
    .slice(0, CAUSES)
    .map(({ text }) => text);
};

/** The arithmetic behind required concurrency, with the rate and whose rate it is; `null` where either is missing. */
export const concurrencySentence = (judgement: Judgement, { referenceRate }: ReportContext): string | null => {
  const metric = judgement.metrics.find(isConcurrency);
  const head = metric === undefined ? null : headOf(metric);
  if (metric === undefined || head === null || referenceRate === null || referenceRate.perSecond <= 0) return null;
  const seconds = head / referenceRate.perSecond;
  const rate = `${formatFigure(referenceRate.perSecond)} requests/s (${referenceRate.from})`;
  const product = isFloor(seconds) ? `${rate} / 10` : `${rate} x ${secondsText(seconds)}`;
  return `required concurrency = ${product} = ${formatFigure(head)} environments${ceiling(metric)}`;
};

const isConcurrency = ({ id }: MetricJudgement): boolean => id === "required-concurrency";

/** A relative limit would need the base beside it; the table has both. */
const ceiling = (metric: MetricJudgement): string =>
  metric.limits.some(({ terms }) => terms.some(({ kind }) => kind === "at-most")) ? `, limit ${limitText(metric)}` : "";

/** One environment takes at most 10 requests per second, so short functions need rate / 10 (reference/aws-semantics.md 0.4). */
const isFloor = (seconds: number): boolean => Math.abs(seconds * 10 - 1) < 1e-6;

const secondsText = (seconds: number): string => `${Number(seconds.toPrecision(3)).toFixed(seconds < 0.1 ? 4 : 3)} s`;

/** What was asked for and not measured, one sentence per code, unless headline or problems tell it already. */
const unmeasuredSentences = (judgement: Judgement): readonly string[] => {
  const told = new Set<string>(judgement.problems.map(({ code }) => code));
  const leading = leadingUnmeasured(judgement)?.finding.code;
  const groups = new Map<string, Unmeasured[]>();
  for (const metric of inOrder(judgement).filter(isUnmeasured)) {
    const { code } = metric.finding;
    if (told.has(code) || code === leading || metric.finding.verdict === null) continue;
    groups.set(code, [...(groups.get(code) ?? []), metric]);
  }
  return [...groups.values()].map((metrics) => missingText(metrics, false));
};
