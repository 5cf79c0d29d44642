/** What is drawn and judged: T first, then E with the thresholds that T gave. */
import { type Thresholds, thresholdsOf, type WorldTuning } from "./tuning.ts";
import type { Task } from "./worker.ts";
import { EFFECTS, SHAPES, WORLDS } from "./worlds.ts";

/** Draws of E that were looked at before something was changed (9,100,000 and 9,200,000) are not reported. */
export const SEEDS = { T: 1_000, E: 9_300_000 };

export type Amounts = { readonly identical: number; readonly changed: number; readonly tuning: number };

export const AMOUNTS: Readonly<Record<"full" | "small" | "quick", Amounts>> = {
  full: { identical: 3_000, changed: 400, tuning: 2_000 },
  small: { identical: 1_000, changed: 150, tuning: 750 },
  quick: { identical: 150, changed: 30, tuning: 150 },
};

/** The world in which changes of other shapes are asked about. */
const SHAPED = "typical";

export const tuningTasks = ({ tuning }: Amounts): readonly Task[] =>
  WORLDS.map((world, i) => ({ kind: "tune", world, seed: SEEDS.T + i, cases: tuning }));

export const evaluationTasks = (tuned: readonly WorldTuning[], { identical, changed }: Amounts): readonly Task[] => {
  const worlds = thresholdsOf(tuned.filter((_, i) => WORLDS[i]?.adversarial === false));
  return WORLDS.flatMap((world, i): readonly Task[] => {
    const own = tuned[i];
    const thresholds: Readonly<Record<"worlds" | "world", Thresholds>> = {
      worlds,
      world: own === undefined ? worlds : thresholdsOf([own]),
    };
    const sizes = { world, seed: SEEDS.E + i, identical, changed, effects: EFFECTS };
    const shapes = { world, seed: SEEDS.E + 1_000 + i, identical: changed, changed, effects: SHAPES };
    const both = world.name === SHAPED ? [sizes, shapes] : [sizes];
    return both.flatMap((asked): readonly Task[] => [
      { kind: "history", asked: { ...asked, thresholds } },
      { kind: "paired", asked },
    ]);
  });
};
