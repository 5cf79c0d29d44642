/** How one metric was decided, in words and numbers, from the result alone. */
import type { MetricUnit } from "../config/metric-catalog.ts";
import { geometricMean } from "../stats/prediction.ts";
import type { How, HowData, HowPart } from "./how.ts";
import { TAIL_DF } from "./latency.ts";
import { LEAST_ROUNDS } from "./looks.ts";
import type { Verdict } from "./verdict.ts";
import { amount, confidence, count, percent, points } from "./wording.ts";

/** One metric of a result as the result JSON has it. */
export type ToldMetric = {
  readonly id: string;
  readonly unit: MetricUnit;
  readonly gates: boolean;
  readonly base: number | null;
  readonly head: number | null;
  readonly change:
    | { readonly ratio: number | null; readonly low: number | null; readonly high: number | null }
    | { readonly points: number | null; readonly low: number | null; readonly high: number | null }
    | null;
  readonly limit: string | null;
  readonly verdict: Verdict | null;
  readonly detectable: number | null;
  readonly reason: string | null;
  readonly how: How | null;
};

/** Lines of text, parts with a heading each. */
export const explainMetric = (metric: ToldMetric): readonly string[] => [
  `${metric.id}: ${metric.verdict ?? "shown, not judged"}${roleOf(metric)}`,
  ...(metric.reason === null ? [] : [`  ${sentence(metric.reason)}`]),
  ...part("Data", dataLines(metric)),
  ...part("Model", modelLines(metric)),
  ...part("Test", testLines(metric)),
  ...part("Limits", limitLines(metric)),
  ...part("Rule", [ruleOf(metric)]),
];

const part = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];

const roleOf = ({ gates, limit }: ToldMetric): string =>
  `${gates ? " (gates)" : ""}${limit === null ? "" : `, limit ${limit}`}`;

const sentence = (text: string): string => `${text}.`;

const dataLines = (metric: ToldMetric): readonly string[] => {
  const { head, unit } = metric;
  const data = metric.how?.data ?? null;
  if (data === null)
    return head === null ? ["There is no figure."] : [`head ${amount(head, unit)}, compared with no base`];
  const sides =
    data.kind === "logs"
      ? [sideLine("base", data.base, data.design), sideLine("head", data.head, data.design)]
      : (["base", "head"] as const).map((side) => countLine(side, data[side]));
  return [...sides, ...valueLine(metric), ...changeLine(metric)];
};

const UNIT_OF = { runs: "run", rounds: "round", arms: "arm" } as const;

const sideLine = (side: string, values: readonly number[], design: keyof typeof UNIT_OF): string => {
  const of = `${count(values.length)} ${UNIT_OF[design]}${values.length === 1 ? "" : "s"}`;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range = values.length === 1 ? "" : `, ${figure(low)} to ${figure(high)}`;
  return `${side} ${of}${range}, geometric mean ${figure(geometricMean(values))}`;
};

const countLine = (side: string, { events, trials }: { readonly events: number; readonly trials: number }): string =>
  `${side} ${count(events)} of ${count(trials)}, ${amount(trials === 0 ? 0 : events / trials, "share")}`;

/** Where the value is not what is compared between runs, as the environments behind durations. */
const valueLine = ({ id, base, head, unit }: ToldMetric): readonly string[] =>
  id.startsWith("required-concurrency") && base !== null && head !== null
    ? [`these are milliseconds of Lambda time per request; they need ${amount(base, unit)} and ${amount(head, unit)}`]
    : [];

const changeLine = ({ change }: ToldMetric): readonly string[] => {
  if (change === null || change.low === null || change.high === null) return [];
  if ("ratio" in change) {
    if (change.ratio === null) return [];
    return [
      `head / base = ${figure(change.ratio)}, a change of ${percent(change.ratio - 1)}; 95 % interval ${percent(change.low - 1)} to ${percent(change.high - 1)}`,
    ];
  }
  if (change.points === null) return [];
  return [`head - base = ${points(change.points)}; 95 % interval ${points(change.low)} to ${points(change.high)}`];
};

const modelLines = ({ how }: ToldMetric): readonly string[] => {
  const data = how?.data ?? null;
  if (data === null) return [];
  if (data.kind === "counts")
    return [
      "Exact conditional test of the two counts (Fisher), Newcombe's interval for their difference.",
      data.designEffect > 1
        ? `Failures come in clumps: they scatter ${figure(data.designEffect)} times as much as chance, so both sides count as so many fewer.`
        : "They scatter no more than chance allows.",
    ];
  return [
    MODEL[data.design],
    ...wholeLine(data),
    ...data.parts.map(partLine),
    ...priorLine(data),
    ...ownLine(data),
    halfLine(data),
  ];
};

const MODEL = {
  runs: "Logs of runs of the same code are normal, with one spread: a prediction interval for the head.",
  rounds: "Log-ratios of rounds are normal and independent: a t interval over rounds, and what a deployment adds.",
  arms: "Each arm was read once, over all rounds: its error is that of the service time of the same requests.",
} as const;

const PART_TEXT: Readonly<Record<HowPart["of"], string>> = {
  runs: "between runs, s x sqrt(1/n + 1/m)",
  rounds: "between rounds, s / sqrt(rounds)",
  arms: "of the arms, from the rounds' service times",
  deployment: "of the two deployments, sqrt(2) x sigma",
};

const partLine = ({ of, sd, df }: HowPart): string =>
  `standard error of the log-ratio ${PART_TEXT[of]}: ${figure(sd)} (${df === null ? "normal" : `Student's t with ${count(df)} degrees of freedom`})`;

type Logs = Extract<HowData, { kind: "logs" }>;

/** Which of AWS's figures were taken, and why. */
const wholeLine = ({ design, whole }: Logs): readonly string[] => {
  if (whole === undefined) return [];
  const has = `${count(whole.rounds)} of ${count(whole.of)} rounds have all their REPORT lines`;
  return [
    design === "rounds"
      ? `${has}: a round's figure is the mean of its own.`
      : `${has}, and ${LEAST_ROUNDS} are needed to compare round by round.`,
  ];
};

const priorLine = ({ prior, base }: Logs): readonly string[] =>
  prior === null
    ? []
    : [
        `a ${prior.calibrated ? "calibrated" : "documented"} spread of ${amount(prior.sd, "share")} between runs stands in for a short history; it counts like ${count(prior.weight)} further degrees of freedom beside ${count(base.length)} of the base`,
      ];

const ownLine = ({ own }: Logs): readonly string[] =>
  own === undefined
    ? []
    : [
        `what these runs scatter by themselves is behind the 95 % interval: ${figure(own.sd)} (Student's t with ${count(own.df)} degrees of freedom), never wider than the strict level with the spread above`,
      ];

const halfLine = ({ half, parts, design }: Logs): string => {
  const capped = design === "runs" && parts.some(({ df }) => df !== null && df > TAIL_DF);
  const believed = capped ? `, where no more than ${TAIL_DF} degrees of freedom are believed` : "";
  return `half width on the log scale${parts.length > 1 ? ", parts added in quadrature" : ""}: ${figure(half.interval)} for the 95 % interval, ${figure(half.strict)} at the strict level${believed}`;
};

const testLines = ({ how, detectable, unit }: ToldMetric): readonly string[] => {
  const test = how?.test ?? null;
  if (test === null) return [];
  const seen = detectable === null ? null : unit === "share" ? points(detectable) : percent(detectable);
  return [
    `worse: p = ${probability(test.pWorse)}, needed ${probability(test.level)} or less (${confidence(test.level)} confidence)`,
    `better: p = ${probability(test.pBetter)}, needed ${probability(test.levelBetter)} or less`,
    ...(seen === null ? [] : [`a true change of ${seen} would have failed 9 times in 10`]),
    ...(how?.doubt === null || how?.doubt === undefined ? [] : [`doubt: ${how.doubt}`]),
  ];
};

const limitLines = ({ how, unit }: ToldMetric): readonly string[] =>
  (how?.limits ?? []).map(({ text, role, absolute, effective }) => {
    const gate = role === "warn" ? ", which only warns" : "";
    if (effective === null) return `${text}${gate}: cannot be exceeded here`;
    const here = absolute ? amount(effective, unit) : unit === "share" ? points(effective) : percent(effective);
    return `${text}${gate}: ${absolute ? "a bound of" : "comes to"} ${here} here`;
  });

const ruleOf = ({ verdict, how, gates }: ToldMetric): string => {
  if (verdict === null) return "Without a limit that gates it, a metric is shown and not judged.";
  const bound = how !== null && how.limits.length > 0 && how.limits.every(({ absolute }) => absolute);
  return bound ? ABSOLUTE_RULE : gates || verdict !== "warn" ? RULES[verdict] : RULES.warn;
};

const ABSOLUTE_RULE =
  "An absolute limit is judged on the observed value: inside it passes; beyond it fails when noise cannot explain the excess at the strict level, and warns otherwise.";

const RULES: Readonly<Record<Verdict, string>> = {
  fail: "fail: worse than no change at the strict level, and the estimate is beyond the limit and its floor.",
  improved: "improved: better than no change at the strict level, by more than half of the limit.",
  warn: "warn: worse than no change at the strict level, the estimate is inside the limit; or a limit that only warns is broken.",
  pass: "pass: the whole 95 % interval lies inside the limit.",
  inconclusive:
    "inconclusive: neither proved worse and beyond the limit, nor shown to lie inside it; or the figure is missing.",
  invalid: "invalid: the measurement cannot carry a statement about this metric.",
  "no-baseline": "no-baseline: there is nothing to compare with.",
};

/** Four significant digits, never in scientific notation. */
const figure = (value: number): string => FOUR_DIGITS.format(value);
const FOUR_DIGITS = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });

const probability = (p: number): string => (p < 1e-6 ? "less than 0.000001" : TWO_DIGITS.format(p));
const TWO_DIGITS = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 2 });
