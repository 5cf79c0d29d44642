/** Counting outcomes, with Wilson's interval around every share. */
export type Share = { readonly hits: number; readonly of: number };

/** Wilson, J. Am. Stat. Assoc. 22:209 (1927), two-sided 95 %. Written here again: the bench shares no code with the judge's statistics. */
export const wilson = ({ hits, of }: Share): readonly [low: number, high: number] => {
  if (of === 0) return [0, 1];
  const z = 1.959964;
  const share = hits / of;
  const centre = share + (z * z) / (2 * of);
  const half = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return [hits === 0 ? 0 : (centre - half) / scale, hits === of ? 1 : (centre + half) / scale];
};

/** `0.53 % (0.33-0.86)`. */
export const shareText = (share: Share): string => {
  if (share.of === 0) return "-";
  const [low, high] = wilson(share);
  return `${percent(share.hits / share.of)} % (${percent(low)}-${percent(high)})`;
};

/** Two digits below 10 %, none where all or nothing. */
export const percent = (share: number): string => {
  const value = share * 100;
  if (value === 0 || value === 100) return String(value);
  return value < 10 || value > 99 ? value.toFixed(2) : value.toFixed(1);
};

/** Counts by name. */
export type Counter = Record<string, number>;

export const count = (counter: Counter, name: string): void => {
  counter[name] = (counter[name] ?? 0) + 1;
};

/** What stands under a name, made when there is nothing yet. */
export const under = <T>(table: Record<string, T>, name: string | number, make: () => T): T => {
  const known = table[name];
  if (known !== undefined) return known;
  const made = make();
  table[name] = made;
  return made;
};

/** The counter of a cell in a table of tables. */
export const counterIn = (
  table: Record<string, Record<string, Counter>>,
  row: string | number,
  name: string,
): Counter =>
  under(
    under(table, row, () => ({})),
    name,
    () => ({}),
  );

export const shareIn = (counter: Counter | undefined, ...names: readonly string[]): Share => {
  const all = Object.values(counter ?? {}).reduce((sum, value) => sum + value, 0);
  return { hits: names.reduce((sum, name) => sum + (counter?.[name] ?? 0), 0), of: all };
};
