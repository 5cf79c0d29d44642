import type { Problem } from "../errors.ts";
import { type MetricJudgement, type Verdict, verdictOf } from "../judge/verdict.ts";
import { buildCharts } from "./charts/charts.ts";
import { buildDetails } from "./details.ts";
import { buildHeadline } from "./headline.ts";
import { startOf } from "./imported.ts";
import { detectableOf, faceOf, leadingNeutral, leadingProblem } from "./leading.ts";
import { whatMoved } from "./moved.ts";
import { nextSteps } from "./next-steps.ts";
import { buildProvenance } from "./provenance.ts";
import type { ReportInput, ReportModel } from "./report.ts";
import { buildRow, inOrder, VERDICT_ICON } from "./rows.ts";
import { totalsLine } from "./run-lines.ts";

/** Decides every sentence and figure of the report. The same judgement, record and context give the same model. */
export const buildReport = (input: ReportInput): ReportModel => {
  const { judgement, record, context } = input;
  const shown = inOrder(judgement).filter(isShown);
  const face = faceOf(judgement);
  const told = leadingProblem(judgement);
  const { charts, bars, overTime } = buildCharts(input);
  return {
    verdict: judgement.verdict,
    gateOpen: judgement.gateOpen,
    face,
    icon: face === "suspected" || face === "unmeasured" ? VERDICT_ICON.warn : VERDICT_ICON[judgement.verdict],
    headline: buildHeadline(judgement),
    top: (input.top ?? []).slice(0, MOST_TOP_LINES),
    provenance: buildProvenance(input),
    runUrl: context.runUrl,
    runRecord: context.runRecord,
    rows: shown.map(buildRow),
    moved: whatMoved(input),
    movedTitle: COMPARED.has(judgement.verdict) ? "What moved" : "Why",
    next: nextSteps(judgement, context, record?.git.pullRequest ?? null),
    problems: judgement.problems.filter((problem) => problem !== told && problem.severity !== "note"),
    notes: [...judgement.notes, ...judgement.problems.filter((problem) => problem !== told).flatMap(noteText)],
    detectable: detectableLine(input),
    totals: record === null ? "" : totalsLine(record),
    details: buildDetails(input, new Set(shown), overTime),
    name: context.name,
    metrics: inOrder(judgement).map(buildRow),
    window: record === null ? null : { start: startOf(record), seconds: record.window.seconds },
    tool: record === null ? null : `${record.tool.name} ${record.tool.version}`,
    charts,
    bars,
  };
};

const MOST_TOP_LINES = 12;
/** Verdicts about a movement; the others say why there is none to speak of. */
const COMPARED: ReadonlySet<Verdict> = new Set(["pass", "improved", "warn", "fail"]);

/** A metric that does not gate is shown at first sight only when it has something to say. */
const isShown = (metric: MetricJudgement): boolean => metric.gates || verdictOf(metric.finding) === "warn";

/** A limit that cannot be decided is mended by what the next steps say already. */
const noteText = ({ severity, code, message, hint }: Problem): readonly string[] => {
  if (severity !== "note") return [];
  return [code === "limit-not-decidable" ? message : `${message} ${hint}`];
};

/** Without the metric that the headline already names. */
const detectableLine = ({ judgement }: ReportInput): string => {
  const told = leadingNeutral(judgement);
  const effects = inOrder(judgement)
    .filter((metric) => metric.gates && metric !== told)
    .map(detectableOf)
    .filter((effect) => effect !== null);
  return effects.length === 0 ? "" : `Could have seen (9 times in 10): ${effects.join(", ")}`;
};
