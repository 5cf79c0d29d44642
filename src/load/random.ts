/** Independent uses of randomness by one user: a change of the wait time must not change the picks. */
export type RandomStream = "picks" | "waits" | "rows" | "values" | "arrivals";

const STREAMS: Readonly<Record<RandomStream, number>> = { picks: 1, waits: 2, rows: 3, values: 4, arrivals: 5 };
/** Rounds that mix the seed into all 128 bits of state before the first number is used. */
const MIXING_ROUNDS = 16;

/**
 * Numbers in [0, 1), fixed by seed, user index and stream, whatever the worker. sfc32 (Chris Doty-Humphrey, PractRand):
 * 128 bits of state, passes PractRand and BigCrush, four additions and three shifts a number.
 */
export const userRandom = (seed: number, user: number, stream: RandomStream): (() => number) => {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) ^ Math.imul(STREAMS[stream], 0x9e3779b9);
  let c = user | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < MIXING_ROUNDS; round++) next();
  return next;
};

/** Picks before a user's picks are shuffled anew. */
const STRATA = 16;

/**
 * Numbers in [0, 1) that fall into each sixteenth once in sixteen calls, in random order: shares of picks come out as
 * weighted after far fewer requests than with independent numbers (stratified sampling), and each alone is uniform.
 */
export const stratified = (random: () => number): (() => number) => {
  const order = Uint8Array.from({ length: STRATA }, (_, stratum) => stratum);
  let used = STRATA;
  return () => {
    if (used === STRATA) {
      shuffle(order, random);
      used = 0;
    }
    return ((order[used++] ?? 0) + random()) / STRATA;
  };
};

/** Fisher and Yates. */
const shuffle = (items: Uint8Array, random: () => number): void => {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const item = items[last] ?? 0;
    items[last] = items[other] ?? 0;
    items[other] = item;
  }
};

/** Turns weights into a function from a random number in [0, 1) to an index, in proportion to the weights. */
export const weightedPick = (weights: readonly number[]): ((random01: number) => number) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const bounds = weights.map((weight) => {
    sum += weight;
    return sum;
  });
  return (random01) => {
    const index = bounds.findIndex((bound) => random01 * total < bound);
    return index < 0 ? weights.length - 1 : index;
  };
};
