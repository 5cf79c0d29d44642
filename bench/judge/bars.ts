/** What was asked of the judge, and what it reached. */
import { PAIRS } from "./calibrated.ts";
import { COVERED } from "./evaluate-history.ts";
import { type Results, table } from "./results.ts";
import { type Counter, percent, type Share, shareIn, wilson } from "./tally.ts";
import { BASES } from "./tuning.ts";
import { WORLDS } from "./worlds.ts";

/** Worlds that are made to break a rule: what they show is a loss by design, listed and not counted here. */
const ADVERSARIAL = new Set(WORLDS.filter((world) => world.adversarial).map((world) => world.name));

type Bar = {
  readonly asked: string;
  readonly cells: readonly { readonly where: string; readonly share: Share }[];
  readonly holds: (share: Share) => boolean;
  readonly worst: "highest" | "lowest";
};

export const bars = (results: Results): string =>
  table(
    ["asked", "cells", "worst", "met"],
    allBars(results).map(({ asked, cells, holds, worst }) => {
      const sorted = cells.toSorted((a, b) => rate(a.share) - rate(b.share));
      const last = worst === "highest" ? sorted.at(-1) : sorted[0];
      const missed = cells.filter(({ share }) => !holds(share)).length;
      const text = last === undefined ? "-" : `${percent(rate(last.share))} % (${last.where})`;
      return [asked, String(cells.length), text, missed === 0 ? "yes" : `${cells.length - missed} of ${cells.length}`];
    }),
  );

const rate = ({ hits, of }: Share): number => (of === 0 ? 0 : hits / of);

/** Met unless chance can be excluded as the reason for a miss: the bar lies outside Wilson's interval. */
const atMost =
  (bar: number) =>
  (share: Share): boolean =>
    wilson(share)[0] <= bar;
const atLeast =
  (bar: number) =>
  (share: Share): boolean =>
    wilson(share)[1] >= bar;

const allBars = (results: Results): readonly Bar[] => [
  ...calmBars(results),
  ...powerBars(results),
  ...pairedPowerBars(results),
  ...coverageBars(results),
];

const calmBars = ({ history, paired }: Results): readonly Bar[] => {
  const ofHistory = (outcome: string) =>
    history.sizes
      .filter(isFair)
      .flatMap((result) => BASES.map((n) => cell(`${result.world}, ${n}`, result.outcomes[n]?.["0"], outcome)));
  const withoutFunctions = history.sizes
    .filter(isFair)
    .flatMap((result) => BASES.map((n) => cell(`${result.world}, ${n}`, result.client[n]?.["0"], "fail")));
  const ofPaired = (outcome: string) =>
    paired.sizes.filter(isFair).map((result) => cell(result.world, result.planned["0"], outcome));
  return [
    {
      asked: "identical code fails in at most 1 % of pull requests, history",
      cells: ofHistory("fail"),
      holds: atMost(0.01),
      worst: "highest",
    },
    {
      asked: "the same without functions: p50 and failure rate alone",
      cells: withoutFunctions,
      holds: atMost(0.01),
      worst: "highest",
    },
    { asked: "the same, paired", cells: ofPaired("fail"), holds: atMost(0.01), worst: "highest" },
    {
      asked: "identical code is called improved in at most 0.5 %, history",
      cells: ofHistory("improved"),
      holds: atMost(0.005),
      worst: "highest",
    },
    { asked: "the same, paired", cells: ofPaired("improved"), holds: atMost(0.005), worst: "highest" },
  ];
};

const powerBars = ({ history, paired }: Results): readonly Bar[] => {
  const inWorlds = (names: readonly string[], n: number, effect: string, of: "outcomes" | "client" = "outcomes") =>
    history.sizes
      .filter(({ world }) => names.includes(world))
      .map((result) => cell(`${result.world}, ${n}`, result[of][n]?.[effect], "fail"));
  const everywhere = [
    ...history.sizes.flatMap((result) =>
      BASES.map((n) => cell(`${result.world}, ${n}`, result.outcomes[n]?.["x90"], "fail")),
    ),
    ...paired.sizes.map((result) => cell(`${result.world}, paired`, result.planned["x90"], "fail")),
  ];
  const fivePoints = [
    ...BASES.map((n) => cell(`history, ${n}`, history.shapes?.outcomes[n]?.["failure rate +5 pp"], "fail")),
    cell("paired", paired.shapes?.planned["failure rate +5 pp"], "fail"),
  ];
  return [
    {
      asked: "x2 against one run fails in 90 %",
      cells: inWorlds(["quiet", "typical", "noisy"], 1, "x2"),
      holds: atLeast(0.9),
      worst: "lowest",
    },
    {
      asked: "x1.5 against 20 runs fails in 90 %, quiet and typical noise",
      cells: inWorlds(["quiet", "typical"], 20, "x1.5"),
      holds: atLeast(0.9),
      worst: "lowest",
    },
    {
      asked: "x2 against one run fails in 90 %, without functions",
      cells: inWorlds(["quiet", "typical", "noisy"], 1, "x2", "client"),
      holds: atLeast(0.9),
      worst: "lowest",
    },
    {
      asked: "x1.5 against 20 runs fails in 90 %, quiet and typical noise, without functions",
      cells: inWorlds(["quiet", "typical"], 20, "x1.5", "client"),
      holds: atLeast(0.9),
      worst: "lowest",
    },
    { asked: "x90 always fails, history and paired", cells: everywhere, holds: always, worst: "lowest" },
    { asked: "failure rate +5 pp always fails", cells: fivePoints, holds: always, worst: "lowest" },
  ];
};

const pairedPowerBars = ({ paired }: Results): readonly Bar[] => {
  const calm = paired.sizes.filter(({ world }) => world === "quiet" || world === "typical");
  return [
    {
      asked: "12 rounds: +20 % of p50 fails in 97 %, quiet and typical",
      cells: calm.map((result) => cell(result.world, result.offline["+20 %"], "fail")),
      holds: atLeast(0.97),
      worst: "lowest",
    },
    {
      asked: "12 rounds, `p50: +5%`: +10 % fails in 90 %, quiet and typical",
      cells: calm.map((result) => cell(result.world, result.tight["+10 %"], "fail")),
      holds: atLeast(0.9),
      worst: "lowest",
    },
  ];
};

const coverageBars = ({ history, paired }: Results): readonly Bar[] => {
  const ofHistory = (bases: readonly number[]) =>
    history.sizes
      .filter(isFair)
      .flatMap((result) =>
        bases.flatMap((n) =>
          COVERED.map((id) => cell(`${result.world}, ${id}, ${n}`, result.coverage[n]?.[id], "held")),
        ),
      );
  const ofPaired = (known: string) =>
    paired.sizes
      .filter(isFair)
      .flatMap((result) =>
        COVERED.map((id) => cell(`${result.world}, ${id}`, result.coverage[`${id}${known}, 0`], "held")),
      );
  return [
    {
      asked: "95 % intervals cover 93 to 97 %, 3, 8 and 20 runs",
      cells: ofHistory([3, 8, 20]),
      holds: covered,
      worst: "lowest",
    },
    { asked: "the same, 1 run (the documented spread)", cells: ofHistory([1]), holds: covered, worst: "lowest" },
    { asked: "the same, paired, identical code", cells: ofPaired(""), holds: covered, worst: "lowest" },
    {
      asked: `the same, after ${PAIRS} sessions of \`calibrate\` on two deployments`,
      cells: ofPaired(" calibrated"),
      holds: covered,
      worst: "lowest",
    },
  ];
};

const always = ({ hits, of }: Share): boolean => hits === of;
const covered = (share: Share): boolean => wilson(share)[1] >= 0.93 && wilson(share)[0] <= 0.97;
const isFair = ({ world }: { readonly world: string }): boolean => !ADVERSARIAL.has(world);

const cell = (where: string, counter: Counter | undefined, outcome: string) => ({
  where,
  share: shareIn(counter, outcome),
});
