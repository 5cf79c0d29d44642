/** A measured value over the repetitions. */
export type Series = { readonly median: number; readonly min: number; readonly max: number; readonly count: number };

/** `null` when there is no value at all; the median of an even count is the mean of its middle two. */
export const series = (values: readonly (number | null)[]): Series | null => {
  const sorted = values
    .filter((value) => value !== null && Number.isFinite(value))
    .sort((a, b) => Number(a) - Number(b));
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  if (sorted.length === 0) return null;
  const upper = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? at(upper) : (at(upper - 1) + at(upper)) / 2;
  return { median, min: at(0), max: at(sorted.length - 1), count: sorted.length };
};

/** Values of a repetition divided pair by pair, so that noise which hit both sides cancels. */
export const ratios = (above: readonly (number | null)[], below: readonly (number | null)[]): Series | null =>
  series(
    above.map((value, index) => {
      const other = below[index] ?? null;
      return value === null || other === null || other === 0 ? null : value / other;
    }),
  );
