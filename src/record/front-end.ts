import { detectFrontEnd, FRONT_ENDS, type FrontEnd } from "../cloud/front-ends.ts";
import type { RunRecord } from "./record.ts";

/**
 * What the load went through: as AWS named it, else as it was told before the load (a record keeps no values of headers),
 * else by the target's host; `null` for a custom domain that nobody named.
 */
export const frontEndOf = ({
  cloud,
  fingerprint,
  plan,
}: Pick<RunRecord, "cloud" | "fingerprint" | "plan">): FrontEnd | null =>
  cloud?.facts?.frontEnd?.kind ??
  FRONT_ENDS.find((one) => one === fingerprint.system["frontEnd"]) ??
  detectFrontEnd(plan.url);
