/** What `calibrate` with `base-url` has learned of a world: pairs of deployments of the same code, each one draw. */
import type { NoiseFloor } from "../../src/baseline/noise-floor.ts";
import { deploymentFloor, deploymentNoise } from "../../src/judge/deployment.ts";
import { normal, type Words } from "./random.ts";
import type { World } from "./worlds.ts";

/** Three months of weekly sessions. */
export const PAIRS = 12;
/** What the 16 rounds of a session leave open: rounds differ by about 3 %. */
const ERROR = { sd: 0.008, df: 14 };
/** 95 of 100 requests lie below so many SD of the body. */
const Z95 = 1.645;

export const calibratedOn = (next: Words, { deployment, body }: World): NoiseFloor | null => {
  const differenceOf = (sd: number) => ({
    log: Math.SQRT2 * sd * normal(next) + ERROR.sd * normal(next),
    error: ERROR,
  });
  const draws = Array.from({ length: PAIRS }, () => ({
    metrics: {
      p50: differenceOf(deployment.shared),
      p95: differenceOf(Math.hypot(deployment.shared, Z95 * body.sd * deployment.tail)),
      "lambda-duration": differenceOf(deployment.shared),
    },
  }));
  const noise = deploymentNoise(draws);
  return noise === null ? null : deploymentFloor(noise);
};
