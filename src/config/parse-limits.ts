import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import { formatTerm, type Limit, type LimitTerm, parseTerm } from "./limits.ts";
import { joinMetricId, METRICS, type MetricInfo, metricInfo, splitMetricId } from "./metric-catalog.ts";

/**
 * The limits a user wrote (SPEC section 12): one `metric: limit` a line, several limits of one metric or of several
 * metrics separated by `;`, or a map from metric to limits. Returns all of them in the order written, or every problem.
 */
export const parseLimits = (source: string | Readonly<Record<string, string>>): Parsed<readonly Limit[]> => {
  const written = typeof source === "string" ? partsOfText(source) : partsOfMap(source);
  const read = written.map(parseLimit);
  const limits = read.flatMap((one) => (one.ok ? [one.value] : []));
  const problems = [...read.flatMap((one) => (one.ok ? [] : one.problems)), ...contradictions(limits)];
  return problems.length > 0 ? refused(problems) : parsed(limits);
};

/** How this run is judged; decides which defaults gate (p95 only in paired mode, where its noise cancels). */
export type JudgeMode = "history" | "paired" | "absolute";

/**
 * The limits that hold: the catalog's defaults, replaced for every metric that the user names, and the bound that
 * `max-concurrency` stands for. What the user wrote keeps its own role in every mode; `off` is gone.
 */
export const effectiveLimits = (
  user: readonly Limit[],
  mode: JudgeMode,
  options: { readonly maxConcurrency: number | null },
): readonly Limit[] => {
  const named = new Set(user.map((limit) => joinMetricId(limit.metric, limit.scope)));
  const defaults = METRICS.filter((metric) => !named.has(metric.id)).flatMap((metric) => defaultLimits(metric, mode));
  return [
    ...defaults,
    ...user.filter((limit) => limit.role !== "off"),
    ...(options.maxConcurrency === null ? [] : [concurrencyBound(options.maxConcurrency)]),
  ];
};

/** `p95@checkout: warn +10% and +5ms`, in the grammar; parsed again it is the same limit. */
export const formatLimit = (limit: Limit): string => {
  const terms = limit.role === "off" ? "off" : formatTerms(limit);
  return `${joinMetricId(limit.metric, limit.scope)}: ${limit.role === "warn" ? "warn " : ""}${terms}`;
};

/** The terms alone, `+10% and +5ms`, whatever spelling the user chose. */
export const formatTerms = (limit: Limit): string =>
  limit.terms.map((term) => formatTerm(term, metricInfo(limit.metric)?.unit ?? "count")).join(" and ");

/** One limit as written; `id` is `null` when nothing says which metric it is for. */
type Written = { readonly id: string | null; readonly limit: string };

/** A part without a metric of its own belongs to the metric before it on the same line. */
const partsOfText = (text: string): readonly Written[] =>
  text.split(/\r?\n/).flatMap((line) => {
    let current: string | null = null;
    return nonEmptyParts(line).map((part) => {
      // A task's name may hold a colon, a limit never does.
      const colon = part.lastIndexOf(":");
      if (colon >= 0) current = part.slice(0, colon).trim();
      return { id: current, limit: part.slice(colon + 1).trim() };
    });
  });

const partsOfMap = (map: Readonly<Record<string, string>>): readonly Written[] =>
  Object.entries(map).flatMap(([id, text]): readonly Written[] => {
    const parts = nonEmptyParts(text);
    return parts.length === 0 ? [{ id, limit: "" }] : parts.map((limit) => ({ id, limit }));
  });

const nonEmptyParts = (line: string): readonly string[] =>
  line
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "");

const parseLimit = (written: Written): Parsed<Limit> => {
  if (written.id === null || written.id === "")
    return refusal(
      `The limit "${written.limit}" names no metric.`,
      "Write metric: limit, for example p95: +10% and +5ms.",
    );
  const { metric, scope } = splitMetricId(written.id);
  const info = metricInfo(metric);
  if (info === undefined)
    return refusal(`There is no metric "${metric}".`, `Metrics are ${METRICS.map((known) => known.id).join(", ")}.`);
  if (scope === "")
    return refusal(`"${written.id}" names no task or function after the @.`, `Write ${metric}@checkout.`);
  const terms = parseTerms(written, info);
  return terms.ok ? parsed({ metric, scope, ...terms.value, origin: "user" }) : terms;
};

/** The role word, then terms joined by `and`. */
const parseTerms = (written: Written, info: MetricInfo): Parsed<Pick<Limit, "role" | "terms" | "text">> => {
  const words = written.limit.replaceAll(/\s+/g, " ");
  if (words === "off") return parsed({ role: "off", terms: [], text: "off" });
  const warns = words.startsWith("warn ");
  const text = warns ? words.slice("warn ".length) : words;
  const read = text.split(/ and /i).map((term) => parseTerm(term.trim(), info));
  const problems = read.flatMap((term) => (term.ok ? [] : [inPlace(term.problem, written)]));
  if (problems.length > 0) return refused(problems);
  const terms = read.flatMap((term) => (term.ok ? [term.value] : []));
  const clash = clashOf(terms, written);
  return clash === null ? parsed({ role: warns ? "warn" : "gate", terms, text }) : refused([clash]);
};

/** `and` means that all must be exceeded, so a bound inside it would never hold by itself, as its reader expects. */
const clashOf = (terms: readonly LimitTerm[], written: Written): Problem | null => {
  const kinds = terms.map((term) => term.kind);
  if (terms.length > 1 && (kinds.includes("at-most") || kinds.includes("at-least")))
    return problem(
      `"${written.id}: ${written.limit}" joins an absolute bound with "and".`,
      `Separate limits that hold by themselves with ";", for example ${written.id}: +10%; <= 500ms.`,
    );
  if (new Set(kinds).size < kinds.length)
    return problem(`"${written.id}: ${written.limit}" says the same kind of condition twice.`, "Keep the larger one.");
  return null;
};

/** `off` beside another limit of the same metric. */
const contradictions = (limits: readonly Limit[]): readonly Problem[] =>
  limits.flatMap((limit, index) => {
    const rest = limits.filter(
      (other, i) => i !== index && other.metric === limit.metric && other.scope === limit.scope,
    );
    if (limit.role !== "off" || rest.length === 0) return [];
    return [problem(`"${limit.metric}" is off and has another limit ("${rest[0]?.text}").`, "Keep one of the two.")];
  });

const inPlace = (found: { readonly what: string; readonly hint: string }, written: Written): Problem =>
  problem(`"${written.id}: ${written.limit}" is not a limit: ${found.what}.`, found.hint);
const problem = (message: string, hint: string): Problem => usageProblem("bad-value", message, hint);
const refusal = (message: string, hint: string) => refused([problem(message, hint)]);

const defaultLimits = (metric: MetricInfo, mode: JudgeMode): readonly Limit[] => {
  if (metric.byDefault === null) return [];
  const read = parseLimits({ [metric.id]: metric.byDefault.limit });
  if (!read.ok) throw new Error(`the catalog's limit of ${metric.id} cannot be read: ${metric.byDefault.limit}`);
  const role = mode === "paired" ? metric.byDefault.paired : metric.byDefault.history;
  return read.value.map((limit) => ({ ...limit, role, origin: "default" }));
};

const concurrencyBound = (environments: number): Limit => ({
  metric: "required-concurrency",
  scope: null,
  role: "gate",
  terms: [{ kind: "at-most", value: environments }],
  text: `<= ${environments}`,
  origin: "user",
});
