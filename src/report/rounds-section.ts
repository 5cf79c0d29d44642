import type { Change } from "../judge/verdict.ts";
import type { RunRecord } from "../record/record.ts";
import { summariseRounds } from "../record/summarise-rounds.ts";
import type { RoundSummary } from "../record/summary.ts";
import type { RoundMedians } from "./chart.ts";
import { countOf, formatChange, formatMs, formatShare } from "./format.ts";
import type { Column, Section } from "./report.ts";

/** One line per round of paired mode, those that were measured to confirm a `fail` behind the others. */
export const roundsSection = (record: RunRecord): Section | null => {
  const paired = summariseRounds(record);
  if (paired === null) return null;
  const all = [
    ...paired.rounds.map((round, at) => rowOf(`${at + 1}`, round)),
    ...paired.confirming.map((round, at) => rowOf(`confirming ${at + 1}`, round)),
  ];
  const again = paired.confirming.length === 0 ? "" : `, ${paired.confirming.length} to confirm`;
  return {
    id: "rounds",
    title: `Rounds (${paired.rounds.length}${again})`,
    chart: mediansOf(paired.rounds),
    lines: slowerLines(paired.rounds),
    table: { columns: COLUMNS, rows: all },
  };
};

const number = (title: string): Column => ({ title, kind: "number" });
const COLUMNS: readonly Column[] = [
  { title: "round", kind: "text" },
  { title: "first", kind: "text" },
  ...["p50 base", "p50 head", "change", "p95 base", "p95 head", "change", "failures base / head"].map(number),
];

const rowOf = (name: string, { first, base, head }: RoundSummary): readonly string[] => [
  name,
  first ?? "-",
  ...["p50", "p95"].flatMap((id) => [
    msOf(base.values[id]),
    msOf(head.values[id]),
    changeText(changeOf(base, head, id)),
  ]),
  `${formatShare(base.failureShare)} / ${formatShare(head.failureShare)}`,
];

const msOf = (ms: number | undefined): string => (ms === undefined ? "-" : formatMs(ms));

type Arm = RoundSummary["base"];

/** Head over base; `null` where an arm has no figure. */
const changeOf = (base: Arm, head: Arm, id: string): number | null => {
  const [old, now] = [base.values[id], head.values[id]];
  return old === undefined || now === undefined || old <= 0 ? null : now / old;
};

const changeText = (ratio: number | null): string => {
  if (ratio === null) return "-";
  const change: Change = { kind: "ratio", ratio, low: ratio, high: ratio };
  return formatChange(change);
};

/** In how many rounds the head was the slower one: what a reader would count. */
const slowerLines = (rounds: readonly RoundSummary[]): readonly string[] =>
  ["p50", "p95", "lambda-duration"].flatMap((id) => {
    const ratios = rounds.map(({ base, head }) => changeOf(base, head, id)).filter((ratio) => ratio !== null);
    if (ratios.length === 0) return [];
    const slower = ratios.filter((ratio) => ratio > 1).length;
    const range = `${changeText(Math.min(...ratios))} to ${changeText(Math.max(...ratios))}`;
    return [`${id}: the head was slower in ${slower} of ${countOf(ratios.length, "round")}, ${range}`];
  });

/** A round without a figure would be a made-up point of the line. */
const mediansOf = (rounds: readonly RoundSummary[]): RoundMedians | null => {
  const medians = rounds.map(({ base, head }) => [base.values["p50"], head.values["p50"]] as const);
  const base = medians.flatMap(([old]) => old ?? []);
  const head = medians.flatMap(([, now]) => now ?? []);
  const whole = base.length === rounds.length && head.length === rounds.length && rounds.length > 1;
  return whole ? { kind: "rounds", base, head } : null;
};
