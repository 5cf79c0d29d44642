import { type Change, type Confirmation, type Judgement, type MetricJudgement, verdictOf } from "../judge/verdict.ts";
import { clip, plainText } from "./escape.ts";
import { formatChange, formatInterval, formatMove, formatShare, formatValue } from "./format.ts";
import {
  detectableOf,
  gatingMetrics,
  isSuspected,
  isUnmeasured,
  leadingNeutral,
  leadingUnmeasured,
  missingText,
  withVerdict,
} from "./leading.ts";
import { baseOf, changeOf, headOf, limitText, nameOf } from "./rows.ts";

const LONGEST = 400;

/** The verdict in one sentence, with the first gating metric that carries it. */
export const buildHeadline = (judgement: Judgement): string => {
  const sentence = plainText(sentenceFor(judgement, gatingMetrics(judgement)));
  return clip(sentence.replace(/\.$/, ""), LONGEST);
};

const sentenceFor = (judgement: Judgement, metrics: readonly MetricJudgement[]): string => {
  const carriers = withVerdict(metrics, judgement.verdict);
  switch (judgement.verdict) {
    case "fail":
      return moveOf(carriers, "failed", CONFIRMED[judgement.confirmation ?? "refuted"]);
    case "improved":
      return moveOf(carriers, "improved");
    case "warn":
      return warnSentence(carriers);
    case "pass":
      return passSentence(metrics, judgement.mode);
    case "inconclusive":
      return inconclusiveSentence(judgement, carriers);
    case "invalid":
      return `Not judged: ${wholeRunMessage(judgement) ?? unmeasuredSentence(judgement)}`;
    case "no-baseline":
      return `No baseline yet: nothing to compare with. ${measuredSentence(metrics)}`;
  }
};

/** `p50 rose 34-fold: 21.4 ms -> 733 ms (95 % CI x31.9 to x36.8), limit +10% and +5ms; also failed: p95, lambda-duration`. */
const moveOf = (carriers: readonly MetricJudgement[], word: string, again = ""): string => {
  const [first, ...others] = carriers;
  if (first === undefined) return `The run ${word}`;
  const limit = word === "failed" ? `, limit ${limitText(first) ?? "-"}` : "";
  return `${movement(first)}${limit}${listOf(others, `; also ${word}: `)}${again}`;
};

/** Said of a `fail` of paired mode; other modes measure once. */
const CONFIRMED: Readonly<Record<Confirmation, string>> = {
  unconfirmed: " (unconfirmed: not measured again with fresh connections)",
  confirmed: " (confirmed with fresh connections)",
  refuted: "",
};

const movement = (metric: MetricJudgement): string => {
  const change = changeOf(metric);
  if (change === null) return `${nameOf(metric)} is ${headText(metric)}`;
  return `${nameOf(metric)} ${formatMove(change)}: ${fromTo(metric)} (${confidence(change)})`;
};

const warnSentence = ([first, ...others]: readonly MetricJudgement[]): string => {
  if (first === undefined) return "Worse, inside the limits";
  const limit = limitText(first) ?? "-";
  const where =
    changeOf(first) === null ? `above its limit ${limit}, but not significantly` : `inside its limit ${limit}`;
  return `${movement(first)}, ${where}${listOf(others, "; also: ")}`;
};

const passSentence = (metrics: readonly MetricJudgement[], mode: Judgement["mode"]): string => {
  const judged = metrics.filter((metric) => verdictOf(metric.finding) !== null);
  const [first] = judged;
  if (first === undefined) return "No limit applied: nothing was judged";
  const inside =
    judged.length === 1
      ? "inside its limit"
      : `${judged.length === 2 ? "both" : `all ${judged.length}`} gating metrics are inside their limits`;
  if (mode === "absolute") return `${capitalised(inside)}: ${judged.slice(0, 3).map(valueAndLimit).join(", ")}`;
  const change = changeOf(first);
  const figure =
    change === null ? valueAndLimit(first) : `${nameOf(first)} ${formatChange(change)} (${confidence(change)})`;
  return judged.length === 1 ? `No regression: ${figure}, ${inside}` : `No regression: ${inside}; ${figure}`;
};

const inconclusiveSentence = (judgement: Judgement, carriers: readonly MetricJudgement[]): string => {
  const suspected = carriers.filter(isSuspected);
  const [first, ...others] = suspected;
  if (first !== undefined) {
    const change = changeOf(first);
    const figures =
      change === null ? headText(first) : `${fromTo(first)}, ${formatChange(change)} (${confidence(change)})`;
    return `Suspected, not proved: ${nameOf(first)} ${figures}, limit ${limitText(first) ?? "-"}${listOf(others, "; also: ")}`;
  }
  if (carriers.length === 0) return "Not decided: no gating metric could be judged";
  if (carriers.some(isUnmeasured)) return `Not decided: ${unmeasuredSentence(judgement)}`;
  const neutral = leadingNeutral(judgement);
  return neutral === null
    ? "No regression seen, and none ruled out"
    : `No regression seen; this run could have seen ${detectableOf(neutral)}`;
};

const wholeRunMessage = ({ problems }: Judgement): string | undefined =>
  problems.find(({ severity }) => severity === "invalid")?.message;

const unmeasuredSentence = (judgement: Judgement): string => {
  const code = leadingUnmeasured(judgement)?.finding.code;
  const gating = gatingMetrics(judgement);
  const same = gating.filter(isUnmeasured).filter(({ finding }) => finding.code === code);
  return missingText(same, same.length > 1 && same.length === gating.length);
};

const measuredSentence = (metrics: readonly MetricJudgement[]): string => {
  const figures = metrics.filter((metric) => headOf(metric) !== null).slice(0, 3);
  return figures.length === 0 ? "" : `Measured: ${figures.map((m) => `${nameOf(m)} ${headText(m)}`).join(", ")}`;
};

const valueAndLimit = (metric: MetricJudgement): string =>
  `${nameOf(metric)} ${headText(metric)} (limit ${limitText(metric) ?? "-"})`;

const headText = (metric: MetricJudgement): string => {
  const head = headOf(metric);
  return head === null ? "not measured" : formatValue(metric.unit, head);
};

const fromTo = (metric: MetricJudgement): string => {
  const base = baseOf(metric);
  return base === null ? headText(metric) : `${formatValue(metric.unit, base)} -> ${headText(metric)}`;
};

const confidence = (change: Change): string => `${formatShare(0.95)} CI ${formatInterval(change)}`;

/** Names one or two; of more, how many there are is the news, and the table has the names. */
const listOf = (metrics: readonly MetricJudgement[], lead: string): string => {
  if (metrics.length === 0) return "";
  return `${lead}${metrics.length > 2 ? `${metrics.length} more metrics` : metrics.map(nameOf).join(", ")}`;
};

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
