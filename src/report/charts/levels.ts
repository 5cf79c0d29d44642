import type { LimitTerm } from "../../config/limits.ts";
import type { Judgement, MetricJudgement } from "../../judge/verdict.ts";
import type { RunRecord } from "../../record/record.ts";
import type { Bars } from "../chart.ts";
import { clipMiddle } from "../escape.ts";
import { formatCount, formatMs, formatShare, formatValue } from "../format.ts";
import { baseOf, headOf, limitText } from "../rows.ts";

type Row = Bars["rows"][number];
type FunctionMetrics = NonNullable<RunRecord["cloud"]>["functions"][number];

/** Figures of the whole window that have no course over time: Lambda, concurrency, cold starts, the generator itself. */
export const levelBars = (judgement: Judgement, record: RunRecord): readonly Bars[] =>
  [lambdaBars(record), concurrencyBars(judgement, record), coldStartBars(judgement), generatorBars(record)].filter(
    (bars) => bars !== null,
  );

const LONGEST_NAME = 60;
/** Functions drawn; the table of functions has all. */
const MOST_FUNCTIONS = 8;

/** What the client waited, and how much of it was the handler. */
const lambdaBars = ({ cloud, response }: RunRecord): Bars | null => {
  const measured = (cloud?.functions ?? []).filter(({ duration }) => duration.p50 !== null);
  if (measured.length === 0 || response.p50 === null) return null;
  const timed = [
    { label: "client p50", ms: response.p50, tone: "plain" as const },
    { label: "client p95", ms: response.p95, tone: "plain" as const },
    ...measured.slice(0, MOST_FUNCTIONS).flatMap((fn) => [
      { label: `${clipMiddle(fn.function, LONGEST_NAME)} Duration p50`, ms: fn.duration.p50, tone: "head" as const },
      { label: `${clipMiddle(fn.function, LONGEST_NAME)} Duration p95`, ms: fn.duration.p95, tone: "head" as const },
    ]),
  ];
  const full = Math.max(...timed.map(({ ms }) => ms ?? 0));
  return {
    id: "lambda",
    title: "Lambda Duration against the client's time",
    text: lambdaText(response.p50, measured),
    rows: timed.map(({ label, ms, tone }) => ({
      label,
      figure: ms === null ? "-" : formatMs(ms),
      share: ms === null ? null : part(ms, full),
      limit: null,
      tone,
    })),
  };
};

/** With one function behind the requests, what the handler does not take is on the way to it. */
const lambdaText = (clientMs: number, functions: readonly FunctionMetrics[]): string => {
  const [only, ...others] = functions;
  const inside = only?.duration.p50 ?? null;
  const client = `The client's p50 is ${formatMs(clientMs)}`;
  if (only === undefined || inside === null || others.length > 0) return `${client}.`;
  const rest = inside < clientMs ? "; the rest is network, front end and queue" : "";
  return `${client}, the Duration of ${clipMiddle(only.function, LONGEST_NAME)} ${formatMs(inside)}${rest}.`;
};

/** Environments needed and seen, beside the limit where there is a fixed one. */
const concurrencyBars = (judgement: Judgement, { cloud }: RunRecord): Bars | null => {
  const required = judgement.metrics.find(({ id }) => id === "required-concurrency");
  const head = required === undefined ? null : headOf(required);
  const seen = sumOf((cloud?.functions ?? []).map(({ concurrencyMax }) => concurrencyMax));
  if (required === undefined || head === null) return null;
  const base = baseOf(required);
  const ceiling = fixedLimit(required);
  const full = Math.max(head, base ?? 0, seen ?? 0, ceiling ?? 0) * (ceiling === null ? 1 : 1.1);
  const row = (label: string, value: number | null, tone: Row["tone"]): readonly Row[] =>
    value === null
      ? []
      : [
          {
            label,
            figure: formatValue("environments", value),
            share: part(value, full),
            limit: ceiling === null ? null : part(ceiling, full),
            tone,
          },
        ];
  const limit = limitText(required);
  return {
    id: "concurrency",
    title: "Concurrency",
    text: `Required concurrency is ${formatValue("environments", head)} environments${base === null ? "" : `, on the base ${formatValue("environments", base)}`}${limit === null ? "" : `; the limit is ${limit}`}.`,
    rows: [
      ...row("required, base", base, "base"),
      ...row("required, head", head, "head"),
      ...row("seen at most (sampled)", seen, "plain"),
      ...row("limit", ceiling, "plain"),
    ],
  };
};

const coldStartBars = ({ metrics }: Judgement): Bars | null => {
  const metric = metrics.find(({ id }) => id === "lambda-cold-starts");
  const head = metric === undefined ? null : headOf(metric);
  if (metric === undefined || head === null) return null;
  const base = baseOf(metric);
  const row = (label: string, share: number, tone: Row["tone"]): Row => ({
    label,
    figure: formatShare(share),
    share,
    limit: null,
    tone,
  });
  return {
    id: "cold-starts",
    title: "Cold starts",
    text: `${formatShare(head)} of the invocations started a new environment${base === null ? "" : `, on the base ${formatShare(base)}`}.`,
    rows: [...(base === null ? [] : [row("base", base, "base")]), row("head", head, "head")],
  };
};

/** Share of a second from which the event loop cannot keep a schedule (reference/load-generators.md section 5). */
const BUSY = 0.8;

const generatorBars = ({ generator, imported }: RunRecord): Bars | null => {
  if (imported !== undefined) return null;
  const { utilisation, cpuShare, loopDelayMs, scheduleLagMs, usersReached, usersAsked } = generator;
  const share = (label: string, value: number, limit: number | null): Row => ({
    label,
    figure: formatShare(Math.round(value * 1000) / 1000),
    share: Math.min(1, value),
    limit,
    tone: "plain",
  });
  const figure = (label: string, text: string): Row => ({
    label,
    figure: text,
    share: null,
    limit: null,
    tone: "plain",
  });
  return {
    id: "generator",
    title: "The load generator itself",
    text: `Its event loop was ${formatShare(Math.round(utilisation.mean * 100) / 100)} busy, more than 80 % in ${formatShare(Math.round(utilisation.shareAbove80 * 1000) / 1000)} of the seconds; a generator at its limit makes a run invalid.`,
    rows: [
      share("event loop busy, mean", utilisation.mean, BUSY),
      share("event loop busy, most", utilisation.max, BUSY),
      share("seconds above 80 % busy", utilisation.shareAbove80, null),
      share("CPU", cpuShare, null),
      {
        ...share("users reached", usersAsked === 0 ? 0 : usersReached / usersAsked, null),
        figure: `${formatCount(usersReached)} of ${formatCount(usersAsked)}`,
      },
      figure("event loop late, p99", formatMs(loopDelayMs.p99)),
      figure("requests late, p99", formatMs(scheduleLagMs.p99)),
    ],
  };
};

/** `<= 800`, as limit or as max-concurrency. */
const fixedLimit = ({ limits }: MetricJudgement): number | null =>
  limits.flatMap(({ terms }) => terms.flatMap(atMost))[0] ?? null;

const atMost = (term: LimitTerm): readonly number[] => (term.kind === "at-most" ? [term.value] : []);

const sumOf = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
};

const part = (value: number, full: number): number => (full > 0 ? Math.min(1, value / full) : 0);
