import type { MetricInfo, MetricUnit } from "./metric-catalog.ts";

/** One condition of a limit; all conditions of a limit must be exceeded. Values in the metric's own unit, shares as 0.1. */
export type LimitTerm =
  /** `+10%`: share of the base value; negative for metrics where less is worse. */
  | { readonly kind: "relative"; readonly share: number }
  /** `+0.5pp`: difference of two shares, 0.005. */
  | { readonly kind: "points"; readonly points: number }
  /** `+5ms`, `+2`, `+7`: difference in the metric's unit, or in events for counts. */
  | { readonly kind: "amount"; readonly amount: number }
  /** `<= 500ms`, `<= 1%`. */
  | { readonly kind: "at-most"; readonly value: number }
  /** `>= 100`, for metrics where less is worse. */
  | { readonly kind: "at-least"; readonly value: number };

/** What a metric may not exceed. */
export type Limit = {
  readonly metric: string;
  /** Task or function of `p95@checkout`; `null` for the whole. */
  readonly scope: string | null;
  readonly role: "gate" | "warn" | "off";
  readonly terms: readonly LimitTerm[];
  /** As the user wrote it, without the role word. */
  readonly text: string;
  /** `default` limits follow the mode (p95 gates only in paired mode); what a user writes gates in both. */
  readonly origin: "default" | "user";
};

/** A term, or what is wrong with it as the end of a sentence, and what to write instead. */
export type TermRead =
  | { readonly ok: true; readonly value: LimitTerm }
  | { readonly ok: false; readonly problem: { readonly what: string; readonly hint: string } };

/**
 * One condition of a limit, checked against the metric: `+10%`, `+5ms`, `+0.5pp`, `+7`, `<= 500ms`, `>= 100`. A change has a
 * sign in the direction that is worse; a bound says what still holds.
 */
export const parseTerm = (text: string, metric: MetricInfo): TermRead => {
  const match = /^(\+|-|<=|>=|≤|≥)?\s*(\d+(?:\.\d+)?|\.\d+)\s*(%|pp|[a-zµ/]+)?$/i.exec(text);
  if (match === null) return wrong(text === "" ? "it is empty" : `"${text}" cannot be read`, metric);
  const [, sign = "", digits = "", suffix = ""] = match;
  if (sign === "") return wrong(`"${text}" has neither a sign nor <= or >=`, metric);
  if (Number(digits) > LARGEST) return wrong(`"${text}" is too large`, metric);
  const down = metric.worse === "down";
  if (["-", ">=", "≥"].includes(sign) !== down)
    return wrong(`${metric.id} is worse when it ${down ? "falls" : "rises"}`, metric);
  const written: Written = { text, digits, suffix: suffix.toLowerCase() };
  return sign === "+" || sign === "-" ? changeTerm(written, metric) : boundTerm(written, metric);
};

/** A term in the spelling of the grammar, without loss: `parseTerm(formatTerm(t))` is `t`. */
export const formatTerm = (term: LimitTerm, unit: MetricUnit): string => {
  switch (term.kind) {
    case "relative":
      return `${signed(term.share, 2)}%`;
    case "points":
      return `${signed(term.points, 2)}pp`;
    case "amount":
      return `${signed(term.amount)}${unit === "ms" ? "ms" : ""}`;
    case "at-most":
      return `<= ${bound(term.value, unit)}`;
    case "at-least":
      return `>= ${bound(term.value, unit)}`;
  }
};

/** Beyond it a number has no exact whole part any more. */
const LARGEST = Number.MAX_SAFE_INTEGER;

/** A term taken apart; its sign has been checked against the metric's worse direction. */
type Written = { readonly text: string; readonly digits: string; readonly suffix: string };

const boundTerm = (written: Written, metric: MetricInfo): TermRead => {
  const value = inUnit(written, SUFFIXES[metric.unit]);
  if (value === null) return wrong(`"${written.text}" is not in ${UNIT_NAME[metric.unit]}`, metric);
  if (metric.unit === "share" && value > 1) return wrong(`"${written.text}" is more than everything`, metric);
  return { ok: true, value: { kind: metric.worse === "down" ? "at-least" : "at-most", value } };
};

const changeTerm = (written: Written, metric: MetricInfo): TermRead => {
  const { text, digits, suffix } = written;
  const factor = metric.worse === "down" ? -1 : 1;
  const isShare = metric.unit === "share";
  if (suffix === "%")
    return isShare
      ? wrong(`"${text}" is ambiguous for a share`, metric)
      : { ok: true, value: { kind: "relative", share: factor * moved(digits, -2) } };
  if (suffix === "pp")
    return isShare
      ? { ok: true, value: { kind: "points", points: moved(digits, -2) } }
      : wrong(`"${text}" is in points and ${metric.id} is no share`, metric);
  // A change of a share in plain numbers counts events: +7 is seven failures more.
  const amount = inUnit(written, SUFFIXES[isShare ? "count" : metric.unit]);
  return amount === null
    ? wrong(`"${text}" is not in ${UNIT_NAME[metric.unit]}`, metric)
    : { ok: true, value: { kind: "amount", amount: factor * amount } };
};

/** The number in the metric's own unit, `null` when its suffix belongs to another one. */
const inUnit = (written: Written, suffixes: Readonly<Record<string, number>>): number | null => {
  const shift = Object.hasOwn(suffixes, written.suffix) ? suffixes[written.suffix] : undefined;
  return shift === undefined ? null : moved(written.digits, shift);
};

/** Suffix to powers of ten. Milliseconds are always written out: "<= 5" would be read as seconds by half of the readers. */
const SUFFIXES: Readonly<Record<MetricUnit, Readonly<Record<string, number>>>> = {
  ms: { ms: 0, s: 3, us: -3, µs: -3 },
  share: { "%": -2 },
  rps: { "": 0, rps: 0, "/s": 0 },
  environments: { "": 0 },
  usd: { "": 0, usd: 0 },
  count: { "": 0 },
};

const UNIT_NAME: Readonly<Record<MetricUnit, string>> = {
  ms: "ms, s or us",
  share: "points, failures or per cent",
  rps: "requests per second",
  environments: "environments",
  usd: "US dollars",
  count: "a plain number",
};

const EXAMPLE: Readonly<Record<MetricUnit, string>> = {
  ms: "+10%, +10% and +5ms or <= 500ms",
  share: "+0.5pp, +0.5pp and +7 or <= 1%",
  rps: "-10% or >= 100",
  environments: "+10% and +2 or <= 800",
  usd: "+10% or <= 5",
  count: "+10% or <= 5",
};

const wrong = (what: string, metric: MetricInfo): TermRead => ({
  ok: false,
  problem: { what, hint: `Limits of ${metric.id} look like ${EXAMPLE[metric.unit]}, with warn in front, or off.` },
});

const bound = (value: number, unit: MetricUnit): string => {
  if (unit === "share") return `${plain(value, 2)}%`;
  return unit === "ms" ? `${plain(value)}ms` : plain(value);
};

const signed = (value: number, places = 0): string =>
  `${value < 0 || Object.is(value, -0) ? "-" : "+"}${plain(Math.abs(value), places)}`;

/**
 * A number written out without an exponent, its point moved `places` to the right. Moved as text: 0.123 * 100 has lost
 * digits, and a limit must survive being written and read again.
 */
const plain = (value: number, places = 0): string => {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const point = whole.length + Number(exponent) + places;
  const digits = `${"0".repeat(Math.max(0, 1 - point))}${whole}${fraction}`.padEnd(point, "0");
  const at = Math.max(1, point);
  const [left, right] = [digits.slice(0, at), digits.slice(at).replace(/0+$/, "")];
  return `${left.replace(/^0+(?=\d)/, "")}${right === "" ? "" : `.${right}`}`;
};

/** The number with its point moved to the right, read from its text so that it is rounded only once. */
const moved = (digits: string, places: number): number => Number(`${digits}e${places}`);
