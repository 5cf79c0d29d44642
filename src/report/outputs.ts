/** The action's outputs (SPEC 2.1): all of them, always, empty where there is nothing to say. */
import type { Judgement } from "../judge/verdict.ts";
import { escapeLog } from "./escape.ts";
import { formatValue } from "./format.ts";
import { detectableOutput, metricsOutput } from "./json.ts";
import type { ReportModel } from "./report.ts";
import { headOf } from "./rows.ts";

export const OUTPUT_NAMES = [
  "verdict",
  "gate-open",
  "headline",
  "metrics",
  "required-concurrency",
  "baseline-sha",
  "baseline-state",
  "detectable-effect",
  "run-record",
  "html-report",
  "comment-id",
] as const;
export type OutputName = (typeof OUTPUT_NAMES)[number];
export type ActionOutputs = Readonly<Record<OutputName, string>>;

/** What was written where; paths absolute, `null` where nothing was written. */
export type Published = {
  readonly runRecord: string | null;
  readonly htmlReport: string | null;
  readonly commentId: number | null;
};

export const actionOutputs = (model: ReportModel, judgement: Judgement, published: Published): ActionOutputs => ({
  verdict: model.verdict,
  "gate-open": String(model.gateOpen),
  headline: escapeLog(model.headline),
  metrics: metricsOutput(judgement),
  "required-concurrency": requiredConcurrency(judgement),
  "baseline-sha": judgement.baseline?.sha ?? "",
  "baseline-state": judgement.baseline?.state ?? "",
  "detectable-effect": detectableOutput(judgement),
  "run-record": published.runRecord ?? "",
  "html-report": published.htmlReport ?? "",
  "comment-id": published.commentId === null ? "" : String(published.commentId),
});

/** When nothing was judged: wrong usage, or a bug of ours. The gate is not open. */
export const emptyOutputs = (): ActionOutputs => ({
  verdict: "",
  "gate-open": "false",
  headline: "",
  metrics: "",
  "required-concurrency": "",
  "baseline-sha": "",
  "baseline-state": "",
  "detectable-effect": "",
  "run-record": "",
  "html-report": "",
  "comment-id": "",
});

/** When the job was cancelled and there was no time left to judge anything. */
export const interruptedOutputs = (): ActionOutputs => ({
  ...emptyOutputs(),
  verdict: "invalid",
  headline: "Not judged: the run was cancelled",
});

/** The head's, rounded up; a figure for programs, so without separators. */
const requiredConcurrency = (judgement: Judgement): string => {
  const metric = judgement.metrics.find(({ id }) => id === "required-concurrency");
  const head = metric === undefined ? null : headOf(metric);
  return head === null ? "" : formatValue("environments", head).replaceAll(",", "");
};
