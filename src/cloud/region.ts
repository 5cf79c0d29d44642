import { type Parsed, parsed, refused, usageProblem } from "../errors.ts";
import type { FunctionRef } from "./cloud.ts";

/**
 * The one region to ask: the configured one, else that of the functions' ARNs, else `null` (the SDK's `AWS_REGION`).
 * Functions of two regions, or of another one than configured, cannot be read in one call and are refused.
 */
export const cloudRegion = (functions: readonly FunctionRef[], configured: string | null): Parsed<string | null> => {
  const named = functions.flatMap((ref) => (ref.region === null ? [] : [ref.region]));
  const regions = [...new Set([...(configured === null ? [] : [configured]), ...named])];
  if (regions.length <= 1) return parsed(regions[0] ?? null);
  const message = `The functions and aws-region name ${regions.length} regions (${regions.join(", ")}); one gate reads one region.`;
  return refused([
    usageProblem("conflicting-values", message, "Name functions of one region, or use one gate a region."),
  ]);
};
