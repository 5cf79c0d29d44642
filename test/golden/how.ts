/** How a made-up metric was decided, in figures that fit its evidence. */
import type { Limit, LimitTerm } from "../../src/config/limits.ts";
import type { How, HowData } from "../../src/judge/how.ts";
import type { Evidence, Finding } from "../../src/judge/verdict.ts";

/** `undefined` where nothing was measured, as the judge has it. */
export const howOf = (finding: Finding, limits: readonly Limit[]): How | undefined => {
  if (!("evidence" in finding)) return undefined;
  const { evidence } = finding;
  return {
    data: dataOf(evidence),
    test:
      evidence.change === null
        ? null
        : TESTS[finding.kind === "fail" || finding.kind === "improved" ? finding.kind : "open"],
    limits: limits.map(({ text, role, terms }) => ({
      text,
      role,
      absolute: terms.some(isAbsolute),
      effective: effectiveOf(terms, evidence),
    })),
    doubt: null,
  };
};

const TESTS: Readonly<Record<"fail" | "improved" | "open", NonNullable<How["test"]>>> = {
  fail: { pWorse: 0.00001, pBetter: 0.99999, level: 0.0025, levelBetter: 0.0025 },
  improved: { pWorse: 0.99999, pBetter: 0.00001, level: 0.0025, levelBetter: 0.0025 },
  open: { pWorse: 0.21, pBetter: 0.79, level: 0.0025, levelBetter: 0.0025 },
};

const isAbsolute = ({ kind }: LimitTerm): boolean => kind === "at-most" || kind === "at-least";

const effectiveOf = (terms: readonly LimitTerm[], { base }: Evidence): number | null => {
  const shares = terms.flatMap((term) => {
    if (term.kind === "at-most" || term.kind === "at-least") return [term.value];
    if (term.kind === "relative") return [term.share];
    if (term.kind === "points") return [term.points];
    return base !== null && base > 1 ? [term.amount / base] : [];
  });
  return shares.length === 0 ? null : Math.max(...shares);
};

const dataOf = ({ base, head, change, baseRuns, headRuns, baseSamples, headSamples }: Evidence): HowData | null => {
  if (base === null || change === null) return null;
  if (change.kind === "points")
    return {
      kind: "counts",
      base: { events: Math.round(base * (baseSamples ?? 0)), trials: baseSamples ?? 0 },
      head: { events: Math.round(head * headSamples), trials: headSamples },
      designEffect: 1,
    };
  const design = headRuns > 1 ? "rounds" : "runs";
  const interval = Math.log(change.high / change.low) / 2;
  const around = (value: number, count: number): readonly number[] =>
    Array.from({ length: count }, (_, i) => (count === 1 ? value : value * (1 + 0.02 * Math.sin(i * 2.1))));
  return {
    kind: "logs",
    design,
    base: around(base, baseRuns),
    head: around(head, headRuns),
    prior: design === "runs" ? { sd: 0.1, weight: 3 } : null,
    parts: [
      { of: design, sd: interval / 2.2, df: baseRuns + 2 },
      ...(design === "rounds" ? [{ of: "deployment" as const, sd: interval / 8, df: null }] : []),
    ],
    half: { interval, strict: interval * 1.4 },
  };
};
