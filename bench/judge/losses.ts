/** Every cell in which a rival beats the judge, or the judge misses what was asked of it. */
import { COVERED, KNOWN } from "./evaluate-history.ts";
import { type Results, table } from "./results.ts";
import { DIFFERENT_RULES, type Rule } from "./rivals.ts";
import { percent, shareIn, wilson } from "./tally.ts";
import { BASES, EQUAL_RATE, SWARMGATE } from "./tuning.ts";

const EFFECTS = ["+10 %", "+20 %", "x1.5", "x2"];

export const losses = (results: Results): string =>
  [
    `More than 1 % of identical code fails: ${list(falseFails(results))}`,
    `95 % intervals cover less than 93 %, by more than chance: ${list(uncovered(results))}`,
    `In how many of ${results.history.sizes.length} worlds a rival proves more on p50 than swarmgate's p-value does, by more than chance, all tuned
to ${percent(EQUAL_RATE)} % of false alarms: first with one setting for all worlds; in brackets, tuned in that very world, as only who knows its
noise can. How often swarmgate proves more than the rival stands behind the bar.\n\n${beatenTable(results)}`,
  ].join("\n");

const list = (items: readonly string[]): string =>
  items.length === 0 ? "nowhere.\n" : `\n\n${items.map((item) => `- ${item}`).join("\n")}\n`;

const falseFails = ({ history: { sizes: history }, paired: { sizes: paired } }: Results): readonly string[] => [
  ...history.flatMap((result) =>
    BASES.flatMap((n) => {
      const share = shareIn(result.outcomes[n]?.["0"], "fail");
      return share.hits > 0.01 * share.of ? [`${result.world}, ${n} runs: ${percent(share.hits / share.of)} %`] : [];
    }),
  ),
  ...paired.flatMap((result) => {
    const share = shareIn(result.planned["0"], "fail");
    return share.hits > 0.01 * share.of ? [`${result.world}, paired: ${percent(share.hits / share.of)} %`] : [];
  }),
];

const beatenTable = (results: Results): string =>
  table(
    ["runs of the base", "change", ...DIFFERENT_RULES.map((rule) => rule.name.replace(/,.*/, ""))],
    BASES.flatMap((n) =>
      EFFECTS.map((effect) => [
        String(n),
        effect,
        ...DIFFERENT_RULES.map((rule) => {
          if (n < rule.needs) return "-";
          const [all, own] = KNOWN.map((known) => duel(results, { n, effect, rule, known }));
          return `${all?.lost} (${own?.lost}) / ${all?.won} (${own?.won})`;
        }),
      ]),
    ),
  );

type Match = {
  readonly n: number;
  readonly effect: string;
  readonly rule: Rule;
  readonly known: (typeof KNOWN)[number];
};

/** In how many worlds the rival proves more, and in how many less. */
const duel = ({ history: { sizes } }: Results, { n, effect, rule, known }: Match) => {
  const pairs = sizes.map((result) => {
    const of = (name: string) => shareIn(result.matched[known][name]?.[n]?.[effect], "fail");
    return { own: of(SWARMGATE), theirs: of(rule.name) };
  });
  return {
    lost: pairs.filter(({ own, theirs }) => wilson(theirs)[0] > wilson(own)[1]).length,
    won: pairs.filter(({ own, theirs }) => wilson(own)[0] > wilson(theirs)[1]).length,
  };
};

const uncovered = ({ history: { sizes: history }, paired: { sizes: paired } }: Results): readonly string[] => [
  ...history.flatMap((result) =>
    BASES.flatMap((n) =>
      COVERED.flatMap((id) => {
        const share = shareIn(result.coverage[n]?.[id], "held");
        return wilson(share)[1] < 0.93
          ? [`${result.world}, ${id}, ${n} runs: ${percent(share.hits / share.of)} %`]
          : [];
      }),
    ),
  ),
  ...paired.flatMap((result) =>
    Object.entries(result.coverage).flatMap(([name, counter]) => {
      const share = shareIn(counter, "held");
      return wilson(share)[1] < 0.93
        ? [`${result.world}, paired, ${name.replace(", 0", ", identical")}: ${percent(share.hits / share.of)} %`]
        : [];
    }),
  ),
];
