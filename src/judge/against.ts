import type { RunSummary } from "../record/summary.ts";
import { isAcceptedStep } from "./accepted-steps.ts";
import { baseGap } from "./gaps.ts";
import { LEAST_ROUNDS } from "./looks.ts";
import type { Against, Plateau, Question, Sides } from "./measured.ts";

/** A step is still felt when the current plateau lies this much above the level before it. */
const FELT = 1.05;

/** A plateau with all its runs, oldest first. */
export type UsedPlateau = Plateau & { readonly runs: readonly RunSummary[] };

/** The runs since the last of `steps` (indices into the usable runs); `null` without any. `level` is the value of several runs. */
export const plateauOf = (
  question: Question,
  usable: readonly RunSummary[],
  steps: readonly number[],
  level: (runs: readonly RunSummary[]) => number,
): UsedPlateau | null => {
  const runs = usable.slice(steps.at(-1) ?? 0);
  const [first] = runs;
  if (first === undefined) return null;
  const up = question.info.worse === "up";
  const now = level(runs);
  const worseSteps = steps.flatMap((cut, i) => {
    const run = usable[cut];
    const before = level(usable.slice(steps[i - 1] ?? 0, cut));
    const after = level(usable.slice(cut, steps[i + 1] ?? usable.length));
    const felt = up ? after > before && now > before * FELT : after < before && now * FELT < before;
    const accepted = isAcceptedStep(question, usable, { cut, before, after });
    return run !== undefined && felt && !accepted ? [{ run, before, after }] : [];
  });
  return { cut: steps.length > 0, first, worseSteps, runs };
};

const unripe = ({ design, heads }: Sides): string | null =>
  design.kind === "rounds" && heads.length < LEAST_ROUNDS
    ? `${heads.length === 1 ? "one round is" : `${heads.length} rounds are`} too few to decide, ${LEAST_ROUNDS} are needed`
    : null;

/** The base's part of a measurement: compared with the plateau, or why it is not. */
export const against = (
  question: Question,
  sides: Sides,
  plateau: UsedPlateau | null,
  compare: (runs: readonly RunSummary[]) => Pick<Extract<Against, { kind: "compared" }>, "comparison" | "samples">,
): Against => {
  if (plateau !== null) {
    const { runs } = plateau;
    return { kind: "compared", runs: runs.length, plateau, unripe: unripe(sides), ...compare(runs) };
  }
  const gap = baseGap(question, sides);
  if (gap !== null) return { kind: "gap", gap };
  const reason = sides.base.length === 0 ? sides.noBase : `no run of the base has ${question.id}`;
  return { kind: "no-base", reason };
};
