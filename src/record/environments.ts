import { environmentsFor } from "../cloud/capacity.ts";
import type { FunctionSummary } from "./summary.ts";

/**
 * Execution environments that a rate of requests per second needs, not rounded: the sum over all functions, each at its
 * own share of the rate (SPEC 5.4). `shift` raises the log of all times.
 */
export const environmentsNeeded = (functions: readonly FunctionSummary[], rate: number, shift = 0): number =>
  functions.reduce((sum, { callsPerRequest, durationMs, coldMs, perEnvironment }) => {
    const factor = Math.exp(shift);
    const demand = {
      callsPerRequest,
      durationMs: durationMs * factor,
      coldMs: (coldMs ?? 0) * factor,
      perEnvironment: perEnvironment ?? null,
    };
    return sum + environmentsFor(demand, rate);
  }, 0);

/** Milliseconds of an environment behind one call: mean Duration and what cold starts add. */
export const timePerCall = ({ durationMs, coldMs }: FunctionSummary): number => durationMs + (coldMs ?? 0);
