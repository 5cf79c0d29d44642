/**
 * What the judge gets right and wrong, on corpora whose truth is hidden from it:
 *
 *   npm run bench:judge              all of it, about 10 minutes, writes bench/JUDGE.md
 *   npm run bench:judge -- --quick   a twentieth of the cases, under a minute, to stdout
 *
 * T is where rivals' thresholds, and once the judge's own constants, were tuned; E is looked at for the report only.
 */
import { writeFileSync } from "node:fs";
import type { HistoryResult } from "./judge/evaluate-history.ts";
import type { PairedResult } from "./judge/evaluate-paired.ts";
import { renderReport } from "./judge/report.ts";
import { runTasks } from "./judge/run-tasks.ts";
import { thresholdsOf, type WorldTuning } from "./judge/tuning.ts";
import type { Task } from "./judge/worker.ts";
import { EFFECTS, SHAPES, WORLDS } from "./judge/worlds.ts";

const T = 1_000;
const E = 9_000_000;
const AMOUNTS = {
  full: { identical: 3_000, changed: 400, tuning: 2_000 },
  quick: { identical: 150, changed: 30, tuning: 150 },
};
/** The world in which changes of other shapes are asked about. */
const SHAPED = "typical";

const quick = process.argv.includes("--quick");
const { identical, changed, tuning } = AMOUNTS[quick ? "quick" : "full"];
const started = performance.now();
const progress = (what: string, all: number) => {
  let done = 0;
  return () => {
    done += 1;
    console.error(`${((performance.now() - started) / 1000).toFixed(0)} s: ${what} ${done} of ${all}`);
  };
};

const tuningTasks = WORLDS.map((world, i): Task => ({ kind: "tune", world, seed: T + i, cases: tuning }));
const tuned = (await runTasks(tuningTasks, progress("tuning", tuningTasks.length))).flatMap(
  (done): readonly WorldTuning[] => (done.kind === "tune" ? [done.result] : []),
);
const worlds = thresholdsOf(tuned.filter((_, i) => WORLDS[i]?.adversarial === false));

const tasks = WORLDS.flatMap((world, i): readonly Task[] => {
  const own = tuned[i];
  const thresholds = { worlds, world: own === undefined ? worlds : thresholdsOf([own]) };
  const sizes = { world, seed: E + i, identical, changed, effects: EFFECTS };
  const shapes = { world, seed: E + 1_000 + i, identical: changed, changed, effects: SHAPES };
  const both = world.name === SHAPED ? [sizes, shapes] : [sizes];
  return both.flatMap((asked): readonly Task[] => [
    { kind: "history", asked: { ...asked, thresholds } },
    { kind: "paired", asked },
  ]);
});
const done = await runTasks(tasks, progress("evaluation", tasks.length));
const history = done.flatMap((one): readonly HistoryResult[] => (one.kind === "history" ? [one.result] : []));
const paired = done.flatMap((one): readonly PairedResult[] => (one.kind === "paired" ? [one.result] : []));
const ofSizes = <R extends HistoryResult | PairedResult>(all: readonly R[]) => ({
  sizes: all.filter((one) => !isShaped(one)),
  shapes: all.find(isShaped),
});
const isShaped = (one: HistoryResult | PairedResult): boolean =>
  SHAPES.some(({ name }) => ("planned" in one ? one.planned : (one.outcomes[1] ?? {}))[name] !== undefined);

const text = renderReport(
  { history: ofSizes(history), paired: ofSizes(paired), tuned },
  { identical, changed, tuning, seeds: { T, E } },
);
if (quick) console.log(text);
else writeFileSync(new URL("JUDGE.md", import.meta.url), text);
