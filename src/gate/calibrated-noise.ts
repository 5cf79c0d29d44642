import type { Baseline, KnownNoise } from "../baseline/baseline.ts";
import { CALIBRATED_ROUNDS } from "../baseline/calibration.ts";
import { drawsUnder } from "../baseline/deployment-draws.ts";
import { noiseFloor } from "../baseline/noise-floor.ts";
import type { DeploymentNoise } from "../config/config.ts";
import { deploymentNoise } from "../judge/deployment.ts";
import type { TestFingerprint } from "../record/record.ts";

type Found = Extract<Baseline, { readonly kind: "found" }>;

/** What sessions on pairs of deployments say under this load; `null` where there was none. */
export const deploymentNoiseOf = ({ deployments = [] }: KnownNoise, test: TestFingerprint): DeploymentNoise | null =>
  deploymentNoise(drawsUnder(deployments, test));

/** What calibrations under this load add to a baseline: the noise floor, and the sentence that says so. */
export const noiseOf = (
  { calibrations = [] }: KnownNoise,
  test: TestFingerprint,
): { readonly noise: Pick<Found, "noise">; readonly notes: readonly string[] } => {
  const noise = noiseFloor(calibrations, test);
  if (noise === null) return { noise: {}, notes: [] };
  const rounds =
    noise.rounds >= CALIBRATED_ROUNDS ? `${noise.rounds} rounds` : `${noise.rounds} of ${CALIBRATED_ROUNDS} rounds`;
  return { noise: { noise }, notes: [`calibrated: the spread between runs was measured in ${rounds}`] };
};
