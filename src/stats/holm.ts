/**
 * The level at which each of several hypotheses is tested so that all together are rejected wrongly with probability
 * `total` at most (Holm, Scand. J. Stat. 6:65, 1979): the smallest p-value faces total / k, the next total / (k - 1), and
 * from the first that stands all others face its level. The level of hypothesis i never exceeds cap i; it is rejected when its
 * p-value is at most its level. Valid under any dependence.
 */
export const holmLevels = (pValues: readonly number[], total: number, caps: readonly number[]): readonly number[] => {
  const order = pValues.map((_, index) => index).sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
  const levels = new Map<number, number>();
  let left = pValues.length;
  for (const index of order) {
    const level = Math.min(caps[index] ?? 0, total / left);
    levels.set(index, level);
    if ((pValues[index] ?? 1) <= level) left -= 1;
  }
  return pValues.map((_, index) => levels.get(index) ?? 0);
};
