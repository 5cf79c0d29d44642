/** A seeded source of numbers: the same seed gives the same sequence on every machine. */
export type Random = {
  /** A number in [0, 1). */
  readonly uniform: () => number;
  /** A standard normal deviate. */
  readonly normal: () => number;
};

/** The sfc32 generator of Chris Doty-Humphrey (PractRand), seeded from one 32-bit number and warmed up by 12 rounds. */
export function createRandom(seed: number): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let round = 0; round < 12; round++) next();
  return {
    uniform: next,
    // Box-Muller without keeping the second deviate: every call consumes two numbers, so the sequence is easy to follow.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** A lognormal factor whose mean is 1; `logSd` is the standard deviation of its logarithm. */
export const lognormalFactor = (random: Random, logSd: number): number =>
  Math.exp(logSd * random.normal() - (logSd * logSd) / 2);

/** A 32-bit seed from a text (FNV-1a), so that two functions of one simulator do not share a sequence. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
