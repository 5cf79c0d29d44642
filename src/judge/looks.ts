/** Rounds after which the judge looks at the client's metrics (SPEC section 6). */
export const LOOKS = [6, 12, 18, 24] as const;
/** Fewer rounds decide nothing (SPEC 12.1). */
export const LEAST_ROUNDS = LOOKS[0];

/**
 * Share of the error that each look may spend. Rising: an early look must not stop at a lucky streak, and most pull
 * requests that change nothing are shown to be inside their limits long before the last one (docs/methodology.md).
 */
const SPENT = [0.1, 0.2, 0.3, 0.4] as const;

/** Share of the error that a look after so many rounds spends when the measurement may go on; 0 where none is planned. */
export const shareOfLook = (rounds: number): number => {
  const planned: readonly number[] = LOOKS;
  return SPENT[planned.indexOf(rounds)] ?? 0;
};

/** What the last look may spend: all that earlier looks have left. */
export const shareOfLastLook = (rounds: number): number =>
  1 - LOOKS.reduce((sum, planned, i) => (planned < rounds && i < LOOKS.length - 1 ? sum + (SPENT[i] ?? 0) : sum), 0);

/** Rounds at the next planned look, `null` after the last one. */
export const nextLook = (rounds: number): number | null => LOOKS.find((planned) => planned > rounds) ?? null;
