/** Seeded randomness of the corpus. Nothing of the judge is used here, so that truth and judge share no mistake. */

/** Uniform 32-bit words: sfc32 (Chris Doty-Humphrey, PractRand), mixed from one number. */
export type Words = () => number;

export const words = (seed: number): Words => {
  let [a, b, c, counter] = [0x9e3779b9 ^ seed, 0x243f6a88, 0xb7e15162 ^ Math.imul(seed, 0x85ebca6b), 1];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 16; i++) next();
  return next;
};

/** Uniform in (0, 1). */
export const uniform = (next: Words): number => (next() + 0.5) / 4_294_967_296;

/** Standard normal (Box and Muller, Ann. Math. Stat. 29:610, 1958). */
export const normal = (next: Words): number =>
  Math.sqrt(-2 * Math.log(uniform(next))) * Math.cos(2 * Math.PI * uniform(next));

/** Student's t with `df` degrees of freedom, scaled to a variance of 1; df > 2. */
export const heavy = (next: Words, df: number): number => {
  let chi = 0;
  for (let i = 0; i < df; i++) chi += normal(next) ** 2;
  return normal(next) / Math.sqrt(chi / df) / Math.sqrt(df / (df - 2));
};

/** Poisson by multiplication (Knuth), for small means. */
export const poisson = (next: Words, mean: number): number => {
  const stop = Math.exp(-mean);
  let [k, product] = [0, uniform(next)];
  while (product > stop) {
    k += 1;
    product *= uniform(next);
  }
  return k;
};

const CELLS = 65_536;

/** Normal quantiles of 65,536 equal slices: one lookup a request. Slices of the tail are cut at 4.2. */
export const NORMAL_TABLE: Float64Array = (() => {
  const table = new Float64Array(CELLS);
  // Sums of the density by small steps of z are exact enough to fill 65,536 cells.
  const STEP = 1e-4;
  let [z, below] = [-5, 2.8665e-7];
  for (let i = 0; i < CELLS; i++) {
    const target = (i + 0.5) / CELLS;
    while (below < target) {
      below += (STEP * Math.exp(-((z + STEP / 2) ** 2) / 2)) / Math.sqrt(2 * Math.PI);
      z += STEP;
    }
    table[i] = z;
  }
  return table;
})();
