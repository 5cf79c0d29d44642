/** What is no pair of deployments of the same code, said before anything is sent. */
import { matchCode } from "../cloud/same-code.ts";
import type { Config } from "../config/config.ts";
import { formatDuration } from "../config/durations.ts";
import { type Problem, UserError, usageProblem } from "../errors.ts";
import { roundLength, type SegmentTimes } from "../load/segment.ts";
import { millis } from "../units.ts";
import { type Arms, sharedFunctions } from "./paired-arms.ts";

/** The same address is one deployment, whatever stands behind it. */
export const refuseOneAddress = ({ target }: Config): void => {
  if (target.url === null || target.baseUrl === null || !isOneAddress(target.url, target.baseUrl)) return;
  throw new UserError([oneDeployment(`url and base-url are both ${new URL(target.url).origin}`)]);
};

const isOneAddress = (one: string, other: string): boolean => new URL(one).href === new URL(other).href;

/** Rounds that cannot all be measured would leave one order in more of them than the other. */
export const refuseShortTime = (
  { baseline }: Config,
  { rounds, times }: { readonly rounds: number; readonly times: SegmentTimes },
): void => {
  const needed = millis(Math.ceil((rounds * roundLength(times)) / 1000) * 1000);
  if (needed <= baseline.maxDuration) return;
  throw new UserError([
    usageProblem(
      "conflicting-values",
      `max-duration is ${formatDuration(baseline.maxDuration)}, and ${rounds} rounds take ${formatDuration(needed)} at least.`,
      `Raise max-duration to more than ${formatDuration(needed)}, or measure fewer rounds.`,
    ),
  ]);
};

/** Whether the code is known to be the same. Throws when it is known not to be, or when there is only one deployment. */
export const refuseUnlike = (arms: Arms): boolean => {
  const shared = sharedFunctions(arms);
  if (shared.length > 0)
    throw new UserError([oneDeployment(`functions and base-functions both name ${shared.join(", ")}`)]);
  const match = matchCode(arms.base.deployment.reads, arms.head.deployment.reads);
  if (match.kind === "one-deployment")
    throw new UserError([oneDeployment(`${match.functions.join("; ")} are one version of one function`)]);
  if (match.kind === "different")
    throw new UserError([
      usageProblem(
        "conflicting-values",
        `The two deployments are not the same: other ${match.differences.join("; other ")}.`,
        "Deploy the same build with the same settings to both; what is measured must be the deployment alone.",
      ),
    ]);
  return match.known;
};

const oneDeployment = (what: string): Problem =>
  usageProblem(
    "conflicting-values",
    `${what}: that is one deployment, and what it differs by from itself is nothing.`,
    "Deploy the same code a second time, and give that deployment as base-url.",
  );
