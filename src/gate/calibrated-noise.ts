import type { Baseline } from "../baseline/baseline.ts";
import { CALIBRATED_ROUNDS, type Calibration } from "../baseline/calibration.ts";
import { noiseFloor } from "../baseline/noise-floor.ts";
import type { TestFingerprint } from "../record/record.ts";

type Found = Extract<Baseline, { readonly kind: "found" }>;

/** What calibrations under this load add to a baseline: the noise floor, and the sentence that says so. */
export const noiseOf = (
  calibrations: readonly Calibration[],
  test: TestFingerprint,
): { readonly noise: Pick<Found, "noise">; readonly notes: readonly string[] } => {
  const noise = noiseFloor(calibrations, test);
  if (noise === null) return { noise: {}, notes: [] };
  const rounds =
    noise.rounds >= CALIBRATED_ROUNDS ? `${noise.rounds} rounds` : `${noise.rounds} of ${CALIBRATED_ROUNDS} rounds`;
  return { noise: { noise }, notes: [`calibrated: the spread between runs was measured in ${rounds}`] };
};
