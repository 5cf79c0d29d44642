import { detectFrontEnd, type FrontEnd } from "../cloud/front-ends.ts";
import type { RunRecord } from "./record.ts";

/** What the load went through: as AWS named it, else by the target's host; `null` for a custom domain that nobody named. */
export const frontEndOf = ({ cloud, plan }: Pick<RunRecord, "cloud" | "plan">): FrontEnd | null =>
  cloud?.facts?.frontEnd?.kind ?? detectFrontEnd(plan.url);
