import { METRICS, metricInfo } from "../config/metric-catalog.ts";
import { assertNever } from "../errors.ts";
import {
  type Change,
  type Evidence,
  type Judgement,
  type MetricJudgement,
  type Verdict,
  verdictOf,
} from "../judge/verdict.ts";
import { clipMiddle, plainText } from "./escape.ts";
import { formatChange, formatInterval, formatValue } from "./format.ts";
import { rangeOf } from "./range.ts";
import type { MetricRow, Role } from "./report.ts";

export const VERDICT_ICON: Readonly<Record<Verdict, string>> = {
  pass: "✅",
  improved: "🚀",
  warn: "⚠️",
  fail: "❌",
  inconclusive: "🔵",
  invalid: "🚫",
  "no-baseline": "⚪",
};

/** Metrics in the order of every table: those that gate, those that warn, those that inform; each in the catalogue's order. */
export const inOrder = (judgement: Judgement): readonly MetricJudgement[] =>
  [...judgement.metrics].sort(
    (a, b) => ROLES.indexOf(roleOf(a)) - ROLES.indexOf(roleOf(b)) || place(a) - place(b) || byText(a.id, b.id),
  );

export const buildRow = (metric: MetricJudgement): MetricRow => {
  const verdict = verdictOf(metric.finding);
  const base = baseOf(metric);
  const head = headOf(metric);
  const change = changeOf(metric);
  return {
    id: plainText(metric.id),
    role: roleOf(metric),
    verdict,
    icon: verdict === null ? "" : VERDICT_ICON[isSuspicion(metric) ? "warn" : verdict],
    base: base === null ? "-" : formatValue(metric.unit, base),
    head: head === null ? "-" : formatValue(metric.unit, head),
    change: change === null ? noChange(metric) : formatChange(change),
    interval: change === null ? "" : formatInterval(change),
    limit: limitText(metric) ?? "-",
    reason: reasonOf(metric) ?? "",
    range: rangeOf(metric),
  };
};

/** An estimate beyond the limit is not as harmless as one that only could not be told from it. */
const isSuspicion = ({ finding }: MetricJudgement): boolean =>
  finding.kind === "inconclusive" && finding.face === "suspected";

/** The id in a sentence: a scope may be a name of any length, and tasks of a kind differ in its end. */
export const nameOf = ({ id }: MetricJudgement): string => clipMiddle(plainText(id), LONGEST_NAME);

export const roleOf = (metric: MetricJudgement): Role => {
  if (metric.gates) return "gate";
  return metric.limits.some((limit) => limit.role === "warn") ? "warn" : "inform";
};

export const evidenceOf = ({ finding }: MetricJudgement): Evidence | null =>
  finding.kind === "not-measured" || finding.kind === "no-baseline" ? null : finding.evidence;

export const headOf = ({ finding }: MetricJudgement): number | null =>
  finding.kind === "not-measured" || finding.kind === "no-baseline" ? finding.head : finding.evidence.head;

export const baseOf = (metric: MetricJudgement): number | null => evidenceOf(metric)?.base ?? null;

export const changeOf = (metric: MetricJudgement): Change | null => evidenceOf(metric)?.change ?? null;

export const reasonOf = ({ finding }: MetricJudgement): string | null => finding.reason ?? null;

/** Limits as the user wrote them, joined; `null` when there is none. */
export const limitText = (metric: MetricJudgement): string | null =>
  metric.limits.length === 0 ? null : metric.limits.map((limit) => limit.text).join("; ");

/** The catalogue's row of `p95@checkout` is that of `p95`. */
export const worseOf = (metric: MetricJudgement): "up" | "down" => metricInfo(withoutScope(metric.id))?.worse ?? "up";

const LONGEST_NAME = 60;
const ROLES: readonly Role[] = ["gate", "warn", "inform"];

const withoutScope = (id: string): string => id.split("@", 1)[0] ?? id;

const place = (metric: MetricJudgement): number => {
  const index = METRICS.findIndex(({ id }) => id === withoutScope(metric.id));
  return index === -1 ? METRICS.length : index;
};

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const noChange = ({ finding }: MetricJudgement): string => {
  switch (finding.kind) {
    case "not-measured":
      return finding.head === null ? "not measured" : "not judged";
    case "no-baseline":
      return "no baseline";
    case "pass":
    case "improved":
    case "warn":
    case "fail":
    case "inconclusive":
    case "informs":
      return "-";
    default:
      return assertNever(finding);
  }
};
