/** Runs a parsed Logs Insights query over log events. */
import { evaluate, type LogRecord, numberOf, type Value } from "./insights-expression.ts";
import { recordOf } from "./insights-fields.ts";
import type { Aggregate, Column, Stage } from "./insights-parser.ts";
import type { LogEvent } from "./log-events.ts";

export type Row = readonly { readonly field: string; readonly value: string }[];

export type QueryResult = { readonly rows: readonly Row[]; readonly matched: number; readonly scanned: number };

type Table = {
  readonly records: readonly LogRecord[];
  /** What the rows show; null until a command says so: `@timestamp` and `@message`. */
  readonly columns: readonly Column[] | null;
  readonly grouped: boolean;
};

/** `limit` is the most rows returned. Without `sort` and `stats` the newest come first. */
export function runQuery(stages: readonly Stage[], events: readonly LogEvent[], limit: number): QueryResult {
  const start: Table = { records: events.toReversed().map(recordOf), columns: null, grouped: false };
  const matched = stages.filter(({ kind }) => ["filter", "parse", "fields"].includes(kind)).reduce(apply, start);
  const end = stages.reduce(apply, start);
  const columns = end.columns ?? [field("@timestamp"), field("@message")];
  const shown = end.grouped ? columns : [...columns, field("@ptr")];
  const rows = end.records.slice(0, limit).map((record) => rowOf(shown, record));
  return { rows, matched: matched.records.length, scanned: events.length };
}

const field = (name: string): Column => ({ name, of: { kind: "field", name } });

function apply(table: Table, stage: Stage): Table {
  const { records } = table;
  switch (stage.kind) {
    case "filter":
      return { ...table, records: records.filter((record) => evaluate(stage.by, record) === true) };
    case "limit":
      return { ...table, records: records.slice(0, stage.count) };
    case "fields":
      return { ...table, records: records.map((one) => extended(one, stage.columns)), columns: stage.columns };
    case "parse":
      return { ...table, records: records.map((one) => parsed(one, stage)) };
    case "sort":
      return { ...table, records: sorted(records, stage) };
    case "stats":
      return aggregated(records, stage);
  }
}

const extended = (record: LogRecord, columns: readonly Column[]): LogRecord => ({
  ...record,
  ...Object.fromEntries(columns.flatMap(({ name, of }) => present(name, evaluate(of, record)))),
});

const parsed = (record: LogRecord, { of, pattern }: Extract<Stage, { readonly kind: "parse" }>): LogRecord => ({
  ...record,
  ...pattern.exec(String(evaluate(of, record) ?? ""))?.groups,
});

function sorted(
  records: readonly LogRecord[],
  { by, descending }: Extract<Stage, { readonly kind: "sort" }>,
): readonly LogRecord[] {
  const order = (a: LogRecord, b: LogRecord): number => {
    const [x, y] = [evaluate(by, a), evaluate(by, b)];
    const [p, q] = [numberOf(x), numberOf(y)];
    return p === undefined || q === undefined ? String(x ?? "").localeCompare(String(y ?? "")) : p - q;
  };
  return records.toSorted(descending ? (a, b) => order(b, a) : order);
}

function aggregated(
  records: readonly LogRecord[],
  { aggregates, by }: Extract<Stage, { readonly kind: "stats" }>,
): Table {
  const groups = new Map<string, LogRecord[]>();
  for (const record of records) {
    const key = JSON.stringify(by.map(({ of }) => evaluate(of, record) ?? null));
    const group = groups.get(key) ?? [];
    group.push(record);
    groups.set(key, group);
  }
  const rows = [...groups.values()].map((group): LogRecord => {
    const [first = {}] = group;
    return Object.fromEntries([
      ...by.flatMap(({ name, of }) => present(name, evaluate(of, first))),
      ...aggregates.flatMap((one) => present(one.name, aggregate(one, group))),
    ]);
  });
  return {
    records: rows,
    columns: [...by.map(({ name }) => field(name)), ...aggregates.map(({ name }) => field(name))],
    grouped: true,
  };
}

function aggregate({ function: kind, of, level }: Aggregate, records: readonly LogRecord[]): number | undefined {
  if (of === null) return records.length;
  const values = records.map((record) => evaluate(of, record)).filter((value) => value !== undefined);
  if (kind === "count") return values.length;
  const numbers = values.flatMap((value) => numberOf(value) ?? []).sort((a, b) => a - b);
  if (numbers.length === 0) return undefined;
  return statistics[kind](numbers, level);
}

const total = (sorted: readonly number[]): number => sorted.reduce((sum, value) => sum + value, 0);

const statistics: Readonly<
  Record<Exclude<Aggregate["function"], "count">, (sorted: readonly number[], level: number) => number | undefined>
> = {
  sum: total,
  avg: (sorted) => total(sorted) / sorted.length,
  min: (sorted) => sorted[0],
  max: (sorted) => sorted.at(-1),
  pct: (sorted, level) => sorted[Math.max(0, Math.ceil((level / 100) * sorted.length) - 1)],
};

const present = (name: string, value: Value): readonly (readonly [string, string | number])[] =>
  value === undefined ? [] : [[name, typeof value === "boolean" ? Number(value) : value]];

/** Every value is a text; a missing one has no field at all. */
const rowOf = (columns: readonly Column[], record: LogRecord): Row =>
  columns.flatMap(({ name }) => {
    const value = record[name];
    return value === undefined ? [] : [{ field: name, value: typeof value === "number" ? shortened(value) : value }];
  });

/** Four decimals, as the service gives them. */
const shortened = (value: number): string => String(Math.round(value * 10_000) / 10_000);
