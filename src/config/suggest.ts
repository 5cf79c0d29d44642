import type { InputRow } from "./input-row.ts";

/**
 * The candidate that was probably meant, or `null`. Spelling is compared in kebab-case, so that `runTime` and `run_time`
 * are `run-time`; beyond that by edit distance, at most a third of the letters.
 */
export const nearest = (word: string, candidates: readonly string[]): string | null => {
  const spelled = kebab(word);
  const distances = candidates.map((candidate) => ({ candidate, distance: distance(spelled, kebab(candidate)) }));
  const best = distances.reduce((a, b) => (b.distance < a.distance ? b : a), { candidate: "", distance: Infinity });
  return best.distance <= Math.floor(spelled.length / 3) ? best.candidate : null;
};

/** The name of the input that was probably meant, by its own names and by those of other tools, or `null`. */
export const nearestInput = (word: string, rows: readonly InputRow[]): string | null => {
  const namesOf = (row: InputRow): readonly string[] => [row.name, ...(row.aliases ?? []), ...(row.knownAs ?? [])];
  const guess = nearest(word, rows.flatMap(namesOf));
  return rows.find((row) => guess !== null && namesOf(row).includes(guess))?.name ?? null;
};

/** `Did you mean users?`, or the other sentence. */
export const didYouMean = (guess: string | null, otherwise: string): string =>
  guess === null ? otherwise : `Did you mean ${guess}?`;

const LONGEST_WORD = 64;

const kebab = (word: string): string =>
  word
    .slice(0, LONGEST_WORD)
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/[_\s.]+/g, "-")
    .toLowerCase();

/** Edit distance with swaps of neighbours as one step (optimal string alignment). */
const distance = (a: string, b: string): number => {
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          at(last, j) + 1,
          at(row, j - 1) + 1,
          at(last, j - 1) + (same ? 0 : 1),
          swapped ? at(before, j - 2) + 1 : Infinity,
        ),
      );
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
};

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;
