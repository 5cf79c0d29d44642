/** results.json keeps every scenario's last result; RESULTS.md is written from it. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "./machine.ts";
import type { Column, Section } from "./section.ts";
import type { Series } from "./statistics.ts";

/** A section with the circumstances of its measurement. */
export type Entry = Section & {
  readonly date: string;
  readonly minutes: number;
  readonly machine: Machine;
  /** What others used of the machine just before, in percent of one core. */
  readonly othersPercentBefore: number | null;
  readonly versions: Readonly<Record<string, string>>;
  /** Sentences: which generators could not be had and why. */
  readonly missing: readonly string[];
};

export type Results = { readonly schema: "swarmgate.bench/v1"; readonly scenarios: Readonly<Record<string, Entry>> };

/** Earlier results, none when there is no readable file. */
export const readResults = (folder: string): Results => {
  const path = join(folder, "results.json");
  const empty: Results = { schema: "swarmgate.bench/v1", scenarios: {} };
  if (!existsSync(path)) return empty;
  const found: Partial<Results> = JSON.parse(readFileSync(path, "utf8"), unpacked);
  return found.schema === empty.schema && found.scenarios !== undefined
    ? { ...empty, scenarios: found.scenarios }
    : empty;
};

export const writeResults = (folder: string, results: Results, order: readonly string[]): void => {
  const path = join(folder, "results.json");
  writeFileSync(path, JSON.stringify(results, packed, 2));
  // It is checked like every other file of the repository; elsewhere, and without the formatter, it may look as it likes.
  spawnSync(join("node_modules", ".bin", "biome"), ["format", "--write", path], { stdio: "ignore" });
  writeFileSync(join(folder, "RESULTS.md"), renderResults(results, order));
};

const INTRODUCTION = `# Benchmarks

Written by \`npm run bench\`; do not edit. \`npm run bench -- flat --repetitions 5\` measures one table again and keeps the others.

The target is a process of its own on the first core, the generator is bound to the second, everything is on the loopback. A cell is the median of the repetitions, with the lowest and the highest in brackets where they differ; "-" was not measured or is not said by that generator. Ratios are divided repetition by repetition. Absolute values belong to this machine; ratios travel better.
`;

const renderResults = ({ scenarios }: Results, order: readonly string[]): string => {
  const chapters = order.flatMap((name) => {
    const entry = scenarios[name];
    return entry === undefined ? [`## ${name}\n\nNot measured.\n`] : [chapter(entry)];
  });
  return [INTRODUCTION, ...chapters].join("\n");
};

const chapter = (entry: Entry): string => {
  const notes = [...shared(entry), ...entry.missing, ...repeated(entry.notes)];
  return [
    `## ${entry.title}`,
    "",
    ...entry.setting.flatMap((sentence) => [sentence, ""]),
    table(entry),
    "",
    ...(notes.length === 0 ? [] : [...notes.map((note) => `- ${note}`), ""]),
    circumstances(entry),
    "",
  ].join("\n");
};

const table = ({ columns, rows }: Section): string => {
  const head = ["", ...columns.map(({ title }) => title)];
  const body = rows.map((row) => [row.name, ...columns.map((column) => cell(row.values[column.key] ?? null, column))]);
  const align = ["---", ...columns.map(() => "---:")];
  return [head, align, ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
};

const cell = (value: Series | null, { digits }: Column): string => {
  if (value === null) return "-";
  const text = (number: number): string =>
    number.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const [median, min, max] = [text(value.median), text(value.min), text(value.max)];
  return min === max ? median : `${median} (${min} to ${max})`;
};

/** The same sentence of several repetitions once, with how often it was said. */
const repeated = (notes: readonly string[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const note of notes) counts.set(note, (counts.get(note) ?? 0) + 1);
  return [...counts].map(([note, count]) => (count === 1 ? note : `${note} (${count} times)`));
};

const circumstances = ({ date, minutes, machine, versions }: Entry): string => {
  const { cores, cpu, memoryGb, kernel, node, build } = machine;
  const tools = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured ${date.slice(0, 16).replace("T", " ")} UTC in ${minutes} min; ${cpu}, ${cores} cores, ${memoryGb} GB, ${kernel}, Node ${node}, build of commit ${build ?? "unknown"}.`,
    ...(tools.length === 0 ? [] : [`Versions: ${tools.join(", ")}.`]),
  ].join(" ");
};

const shared = ({ othersPercentBefore }: Entry): readonly string[] =>
  othersPercentBefore === null || othersPercentBefore < SHARED_PERCENT
    ? []
    : [`The machine was shared: just before this, other programs used ${othersPercentBefore} % of a core.`];

const SHARED_PERCENT = 10;

/** A series is `[median, lowest, highest, count]` in the file, at six significant digits: more than a measurement has. */
const packed = (_: string, value: unknown): unknown => {
  if (!isSeries(value)) return value;
  const { median, min, max, count } = value;
  return [...[median, min, max].map((number) => Number(number.toPrecision(6))), count];
};

const unpacked = (_: string, value: unknown): unknown => {
  if (!Array.isArray(value) || value.length !== 4 || !value.every((one) => typeof one === "number")) return value;
  const [median, min, max, count] = value;
  return { median, min, max, count };
};

const isSeries = (value: unknown): value is Series => typeof value === "object" && value !== null && "median" in value;
