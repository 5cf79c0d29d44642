/**
 * What the judge gets right and wrong, on corpora whose truth is hidden from it:
 *
 *   npm run bench:judge              a third of the cases, three to five minutes on two cores, writes bench/JUDGE.md
 *   npm run bench:judge -- --full    all of them, more than 10 minutes, writes bench/JUDGE.md
 *   npm run bench:judge -- --quick   a twentieth of the cases, about a minute, to stdout
 *
 * T is where rivals' thresholds, and once the judge's own constants, were tuned; E is looked at for the report only.
 */
import { writeFileSync } from "node:fs";
import { AMOUNTS, evaluationTasks, tuningTasks } from "./judge/plan.ts";
import { renderReport } from "./judge/report.ts";
import { collect } from "./judge/results.ts";
import { runTasks } from "./judge/run-tasks.ts";
import type { WorldTuning } from "./judge/tuning.ts";

const quick = process.argv.includes("--quick");
const size = quick ? "quick" : process.argv.includes("--full") ? "full" : "small";
const amounts = AMOUNTS[size];
const started = performance.now();
const progress = (what: string, all: number) => {
  let done = 0;
  return () => {
    done += 1;
    console.error(`${((performance.now() - started) / 1000).toFixed(0)} s: ${what} ${done} of ${all}`);
  };
};

const tuning = tuningTasks(amounts);
const tuned = (await runTasks(tuning, progress("tuning", tuning.length))).flatMap((done): readonly WorldTuning[] =>
  done.kind === "tune" ? [done.result] : [],
);
const evaluation = evaluationTasks(tuned, amounts);
const done = await runTasks(evaluation, progress("evaluation", evaluation.length));
const text = renderReport(collect(tuned, done), amounts);
if (quick) console.log(text);
else writeFileSync(new URL("JUDGE.md", import.meta.url), text);
