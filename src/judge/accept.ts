import type { GateConfig } from "../config/config.ts";
import { metricInfo, splitMetricId } from "../config/metric-catalog.ts";
import { type Acceptance, type AcceptedSize, isWithin } from "../record/acceptance.ts";
import { isGateOpen } from "./combine.ts";
import type { Judgement, MetricJudgement } from "./verdict.ts";

export const ACCEPT_LABEL = "perf-accepted";

/** A comment that holds lines of acceptance, and whether its author may accept. */
export type AcceptComment = {
  readonly by: string;
  readonly mayWrite: boolean;
  /** When it was last written, ISO 8601. */
  readonly at: string;
  readonly body: string;
};

export type AcceptFacts = {
  readonly label: { readonly set: boolean; readonly by: string | null; readonly mayWrite: boolean };
  readonly comments: readonly AcceptComment[];
};

export type AcceptRequest = {
  readonly judgement: Judgement;
  readonly facts: AcceptFacts;
  /** When this commit was first seen: a line that is older speaks of another commit. */
  readonly since: string;
  readonly pullRequest: number;
  readonly sha: string;
};

/** Lines on top of the report, and what was accepted of this run, `null` when nothing was. */
export type AcceptDecision = { readonly acceptance: Acceptance | null; readonly notes: readonly string[] };

/**
 * What of a regression is accepted: label and reason line, both by people who may write to the repository, for this
 * commit, and only for the metrics that are named. Everything that does not count is said.
 */
export const decideAcceptance = (request: AcceptRequest): AcceptDecision => {
  const { facts, judgement, pullRequest, sha } = request;
  const read = facts.comments.flatMap((comment) => acceptLines(comment.body).map((line) => ({ ...line, ...comment })));
  if (!facts.label.set && read.length === 0) return { acceptance: null, notes: [] };
  const labelled = labelNote(facts.label, read.length > 0);
  const judged = read.map((line) => ({ line, ...judgeLine(line, request) }));
  const metrics = labelled === null ? Object.fromEntries(judged.flatMap(({ sizes }) => sizes)) : {};
  const notes = [...(labelled === null ? [] : [labelled]), ...judged.flatMap((one) => one.notes)];
  if (Object.keys(metrics).length === 0) return { acceptance: null, notes };
  const used = judged.filter(({ sizes }) => sizes.length > 0).map(({ line }) => line);
  const by = [...new Set(used.map((line) => line.by))].join(", ");
  const reason = [...new Set(used.map((line) => line.reason))].join("; ").slice(0, 1_000);
  const left = closing(judgement).filter(({ id }) => !Object.hasOwn(metrics, id));
  return {
    acceptance: { by, reason, pullRequest, sha, metrics },
    notes: [
      `Accepted by ${by}: ${Object.keys(metrics).join(", ")}, because ${reason}.`,
      ...(left.length === 0 ? [] : [`Not accepted: ${left.map(({ id }) => id).join(", ")}.`]),
      ...notes,
    ],
  };
};

/** The judgement with the gate as it stands once what was accepted does not close it any more; verdicts stay. */
export const withAcceptance = (
  judgement: Judgement,
  { metrics }: Acceptance,
  policy: GateConfig,
): { readonly judgement: Judgement; readonly covered: readonly string[]; readonly grown: readonly string[] } => {
  const named = closing(judgement).filter(({ id }) => Object.hasOwn(metrics, id));
  const covered = named.filter((metric) => isCovered(metric, metrics[metric.id]));
  const grown = named.filter((metric) => !covered.includes(metric));
  const interrupted = judgement.problems.some(({ code }) => code === "interrupted");
  const left = judgement.metrics.filter((metric) => !covered.includes(metric));
  const gateOpen = judgement.gateOpen || isGateOpen({ metrics: left, verdict: judgement.verdict, interrupted }, policy);
  const ids = (list: readonly MetricJudgement[]): readonly string[] => list.map(({ id }) => id);
  return { judgement: { ...judgement, gateOpen }, covered: ids(covered), grown: ids(grown) };
};

type AcceptLine = { readonly metrics: readonly string[]; readonly reason: string };

/**
 * `Perf-Accept: p95, lambda-duration because the new index is larger`, one a line; `because` may be left out where the
 * metrics are plain names. A quoted line is somebody else's.
 */
export const acceptLines = (body: string): readonly AcceptLine[] =>
  body.split(/\r?\n/).flatMap((line) => {
    const [, rest] = /^\s{0,3}perf-accept:\s*(.*)$/i.exec(line.slice(0, 2_000)) ?? [];
    return rest === undefined ? [] : [lineOf(rest.trim())];
  });

const lineOf = (rest: string): AcceptLine => {
  const [, named, why] = /^(.*?)\s+because\s+(.*)$/i.exec(rest) ?? [];
  if (named !== undefined && why !== undefined) return { metrics: namesIn(named), reason: why.trim() };
  const [list = ""] = /^[\w@.-]+(?:\s*,\s*[\w@.-]+)*/.exec(rest) ?? [];
  return { metrics: namesIn(list), reason: rest.slice(list.length).trim() };
};

const namesIn = (list: string): readonly string[] => [
  ...new Set(
    list
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
  ),
];

const labelNote = ({ set, by, mayWrite }: AcceptFacts["label"], hasLines: boolean): string | null => {
  if (!set) return `Nothing is accepted: the label ${ACCEPT_LABEL} is not set.`;
  if (!mayWrite)
    return `Nothing is accepted: the label ${ACCEPT_LABEL} was set by ${by ?? "nobody known"}, who may not write to this repository.`;
  return hasLines ? null : `Nothing is accepted: no comment says Perf-Accept: METRICS because REASON.`;
};

type Line = AcceptLine & AcceptComment;
type Size = readonly [string, AcceptedSize];

const judgeLine = (
  { by, mayWrite, at, metrics, reason }: Line,
  { judgement, since }: AcceptRequest,
): { readonly sizes: readonly Size[]; readonly notes: readonly string[] } => {
  const no = (text: string) => ({ sizes: [], notes: [`The line of ${by} does not count: ${text}.`] });
  if (!mayWrite) return no("it needs the right to write to this repository");
  if (Date.parse(at) < Date.parse(since)) return no("it is older than this commit; write it again");
  if (metrics.length === 0) return no("it names no metric");
  if (reason === "") return no("it gives no reason");
  const closers = closing(judgement);
  const known = new Set(judgement.metrics.map(({ id }) => id));
  const sizes = closers.filter(({ id }) => metrics.includes(id)).flatMap((metric): readonly Size[] => sizeOf(metric));
  const unknown = metrics.filter((id) => !known.has(id));
  const idle = metrics.filter((id) => known.has(id) && !closers.some((metric) => metric.id === id));
  return {
    sizes,
    notes: [
      ...unknown.map((id) => `${by} accepts ${id}, which no metric of this run is called.`),
      ...idle.map((id) => `${by} accepts ${id}, which has nothing to accept.`),
    ],
  };
};

/** What a person can accept: proved regressions, and those that are suspected. What was not measured is none. */
const closing = ({ metrics, verdict }: Judgement): readonly MetricJudgement[] =>
  verdict === "invalid"
    ? []
    : metrics.filter(
        ({ gates, finding }) =>
          gates && (finding.kind === "fail" || (finding.kind === "inconclusive" && finding.face === "suspected")),
      );

const sizeOf = ({ id, finding }: MetricJudgement): readonly Size[] =>
  "evidence" in finding
    ? [[id, { base: finding.evidence.change === null ? null : finding.evidence.base, head: finding.evidence.head }]]
    : [];

const isCovered = (metric: MetricJudgement, accepted: AcceptedSize | undefined): boolean => {
  const [size] = sizeOf(metric);
  const info = metricInfo(splitMetricId(metric.id).metric);
  return accepted !== undefined && size !== undefined && info !== undefined && isWithin(accepted, size[1], info);
};
