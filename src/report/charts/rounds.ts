import type { RunRecord } from "../../record/record.ts";
import { summariseRounds } from "../../record/summarise-rounds.ts";
import type { Chart, Series } from "../chart.ts";
import { formatChange } from "../format.ts";
import { numberColumn, textColumn } from "./shape.ts";

const PERCENTILES = [
  { id: "p50", tone: "head" },
  { id: "p95", tone: "high" },
] as const;

/** How much slower the head was in each round, the confirming ones last; `null` when nothing was measured in rounds. */
export const roundsChart = (record: RunRecord): Chart | null => {
  const paired = summariseRounds(record);
  if (paired === null) return null;
  const rounds = [...paired.rounds, ...paired.confirming];
  const numbers = rounds.map((_, at) => at + 1);
  const names = numbers.map((number) => nameOf(number, paired.rounds.length));
  const series = PERCENTILES.map(
    ({ id, tone }): Series => ({
      name: id,
      values: rounds.map(({ base, head }) => changeOf(base.values[id], head.values[id])),
      axis: "left",
      look: "dots",
      tone,
    }),
  ).filter(({ values }) => values.some((value) => value !== null));
  if (series.length === 0 || rounds.length < 2) return null;
  return {
    id: "rounds",
    title: "Head against base, round by round",
    text: `${series.map(sentence).join("; ")}. 0 % is no change.`,
    x: {
      label: "round",
      values: numbers,
      names,
      ticks: numbers.map((number) => ({ at: number, label: String(number) })),
    },
    left: { label: "change of the response time", unit: "change", scale: "linear" },
    right: null,
    series: [{ name: "no change", values: numbers.map(() => 0), axis: "left", look: "line", tone: "base" }, ...series],
    table: {
      columns: [textColumn("round"), ...series.map(({ name }) => numberColumn(name))],
      rows: names.map((name, at) => [name, ...series.map(({ values }) => changeText(values[at] ?? null))]),
    },
  };
};

const nameOf = (number: number, first: number): string =>
  number <= first ? `round ${number}` : `confirming ${number - first}`;

/** Signed share; `null` where an arm has no figure. */
const changeOf = (base: number | undefined, head: number | undefined): number | null =>
  base === undefined || head === undefined || base <= 0 ? null : head / base - 1;

const changeText = (share: number | null): string =>
  share === null ? "-" : formatChange({ kind: "ratio", ratio: 1 + share, low: 1 + share, high: 1 + share });

const sentence = ({ name, values }: Series): string => {
  const known = values.filter((value) => value !== null);
  return `${name}: ${changeText(Math.min(...known))} to ${changeText(Math.max(...known))}`;
};
