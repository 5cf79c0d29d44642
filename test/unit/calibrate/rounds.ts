import type { RunSummary } from "../../../src/record/summary.ts";
import { run } from "../judge/runs.ts";

/** Normal deviates of one seed: Lehmer's generator, Box and Muller's transform. */
export const normals = (seed: number): (() => number) => {
  let state = seed * 7919 + 17;
  const uniform = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
};

/** Rounds of one target whose p50 has these logs around 100 ms; p95 scatters alike around 200 ms. */
export const roundsOf = (logs: readonly number[]): readonly RunSummary[] =>
  logs.map((log, i) => ({
    ...run({ day: (i % 28) + 1, values: { p50: 100 * Math.exp(log), p95: 200 * Math.exp(log) } }),
    id: `round-${i + 1}`,
    start: `2026-11-20T12:${String(i).padStart(2, "0")}:00.000Z`,
  }));
