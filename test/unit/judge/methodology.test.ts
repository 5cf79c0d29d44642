import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { METRICS } from "../../../src/config/metric-catalog.ts";
import { explainMetric } from "../../../src/judge/explain.ts";
import { LOOKS, shareOfLook } from "../../../src/judge/looks.ts";
import { judgePaired } from "../../../src/judge/paired.ts";
import { parseResult } from "../../../src/judge/read-result.ts";
import type { Judgement } from "../../../src/judge/verdict.ts";
import { resultJson, resultText } from "../../../src/report/json.ts";
import { armOnce, loggedRounds, paired } from "./rounds.ts";
import { failures, found, judge, row, run, runsOf } from "./runs.ts";

const PAGE = new URL("../../../docs/methodology.md", import.meta.url);
const page = readFileSync(PAGE, "utf8");

/** As `swarmgate explain result.json METRIC` prints it. */
const explained = (judgement: Judgement, id: string): string => {
  const text = resultText(resultJson({ judgement, headline: "", runRecord: null }));
  const result = parseResult(text);
  const metric = result.ok ? result.value.metrics.find((one) => one.id === id) : undefined;
  if (metric === undefined) throw new Error(`the result has no ${id}`);
  return `${explainMetric(metric).join("\n")}\n`;
};

const history = [101, 96, 103, 99, 95, 104, 100, 98, 102, 97, 105, 99, 101, 96, 103, 100, 98, 102, 99, 104];
const head = (p50: number) => run({ day: 30, values: { p50 } });

const EXAMPLES: Readonly<Record<string, () => string>> = {
  history: () => explained(judge({ base: found(...runsOf("p50", history)), heads: [head(124)] }), "p50"),
  paired: () =>
    explained(
      judgePaired(
        paired(
          loggedRounds(12, 1.07, (i) => i !== 4),
          { arms: { base: armOnce(70), head: armOnce(75) } },
        ),
      ),
      "lambda-duration",
    ),
  counts: () =>
    explained(
      judge({
        base: found(...[2, 1, 3, 2].map((n, i) => run({ day: i + 1, counts: { "failure-rate": failures(n) } }))),
        heads: [run({ day: 9, counts: { "failure-rate": failures(24) } })],
      }),
      "failure-rate",
    ),
};

/** The smallest rise of p50 that one more run proves, against runs that differ by so much; by halving. */
const provable = (runs: number, sd: number): string => {
  const z = Array.from({ length: runs }, (_, i) => (runs === 1 ? 0 : i % 2 === 0 ? 1 : -1));
  const scale = runs === 1 ? 0 : sd / Math.sqrt((runs - (runs % 2) / runs) / (runs - 1));
  const base = found(
    ...runsOf(
      "p50",
      z.map((one) => 100 * Math.exp(scale * one)),
    ),
  );
  const proved = (factor: number) => {
    const result = judge({ base, heads: [head(100 * factor)], limits: "p50: +0%" });
    return row(result, "p50").finding.kind === "fail";
  };
  let [no, yes] = [1, 4];
  while (yes - no > 1e-4) {
    const middle = (no + yes) / 2;
    if (proved(middle)) yes = middle;
    else no = middle;
  }
  return `+${((yes - 1) * 100).toFixed(0)} %`;
};

const provableTable = (): string =>
  [1, 3, 8, 14, 20]
    .map((runs) => `| ${runs} | ${[0.1, 0.05, 0.025].map((sd) => provable(runs, sd)).join(" | ")} |\n`)
    .join("");

describe("docs/methodology.md", () => {
  it("shows what the code says", async () => {
    const fresh = page
      .replace(/(<!-- example: ([a-z]+) -->\n```text\n)[^`]*```/g, (_, lead: string, name: string) => {
        const example = EXAMPLES[name];
        if (example === undefined) throw new Error(`no example ${name}`);
        return `${lead}${example()}\`\`\``;
      })
      .replace(
        /(<!-- table: provable -->\n.*\n.*\n)(?:\|.*\n)*(<!-- end -->)/,
        (_, lead: string, end: string) => `${lead}${provableTable()}${end}`,
      );
    await expect(fresh).toMatchFileSnapshot(PAGE.pathname);
  });

  it("has every example once", () => {
    const names = [...page.matchAll(/<!-- example: ([a-z]+) -->/g)].map(([, name]) => name);
    expect(names.toSorted()).toEqual(Object.keys(EXAMPLES).toSorted());
  });

  it("names the looks, what they spend and the priors as the code has them", () => {
    const shares = LOOKS.map((look) => shareOfLook(look) * 100).map((share) => share.toFixed(0));
    expect(page).toContain(`After ${LOOKS.slice(0, 3).join(", ")} and ${LOOKS[3]} rounds`);
    expect(page.replace(/\s+/g, " ")).toContain(
      `The looks spend ${shares.slice(0, 3).join(", ")} and ${shares[3]} % of the error`,
    );
    const prior = (id: string) => `${((METRICS.find((metric) => metric.id === id)?.prior ?? 0) * 100).toFixed(0)} %`;
    expect(page).toContain(
      `p50 ${prior("p50")}, p95 ${prior("p95")}, throughput ${prior("throughput")}, \`lambda-duration\` ${prior("lambda-duration")}, its percentiles ${prior("lambda-duration-p95")}`,
    );
  });
});
