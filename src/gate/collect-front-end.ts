import type { CloudFacts, FrontEndFacts } from "../cloud/facts.ts";
import { frontEndCounts, frontEndFacts, frontEndQueries } from "../cloud/front-end-metrics.ts";
import type { FrontEndRef } from "../cloud/front-end-ref.ts";
import { FRONT_END_NAMES } from "../cloud/front-ends.ts";
import type { MetricQuery } from "../cloud/queries.ts";
import { type Subject, settleRules } from "../cloud/settle.ts";
import type { CollectCloud } from "./collect-cloud.ts";
import { type Collected, collectMetrics } from "./collect-cloud.ts";

export type CollectFrontEnd = Omit<CollectCloud, "functions"> & {
  readonly ref: FrontEndRef & { readonly name: string };
  /** Questions beside the front end's own. */
  readonly beside: readonly MetricQuery[];
  /** `true` where this count, and not Lambda's, decides how far AWS has come. */
  readonly decides: boolean;
};

export type FrontEndSaw = {
  readonly collected: Collected;
  readonly facts: FrontEndFacts | null;
  readonly metricsRequested: number;
  readonly notes: readonly string[];
};

/** Asks a front end's metrics until it has counted what was sent. Its times count only when its count is ours. */
export const collectFrontEnd = async (options: CollectFrontEnd): Promise<FrontEndSaw> => {
  const { ref, beside, decides, expected, loadEnd, timeout, span, ports, signal } = options;
  const queries = [...frontEndQueries(ref), ...beside];
  const rules = { ...settleRules([], expected, { loadEnd, timeout }), subject: subjectOf(ref, decides) };
  const collected = await collectMetrics({ rules, queries, span, ports, signal });
  const facts = frontEndFacts(ref, collected.values, collected.state === "complete");
  const unconfirmed = !ref.sure && facts.count === null;
  return {
    collected,
    facts: unconfirmed ? null : facts,
    metricsRequested: collected.polls * queries.length,
    notes:
      decides || collected.state === "complete" || unconfirmed ? [] : [`${collected.reason} Its times are left out.`],
  };
};

const subjectOf = (ref: FrontEndRef, decides: boolean): Subject => ({
  names: [`the ${FRONT_END_NAMES[ref.kind]} ${ref.name ?? ""}`.trim()],
  what: `the ${FRONT_END_NAMES[ref.kind]}`,
  several: false,
  twice: decides,
  count: frontEndCounts,
});

/** A front end that is known and has no name in CloudWatch: its habits still explain failures. */
export const namelessFacts = (ref: FrontEndRef | null): CloudFacts["frontEnd"] =>
  ref === null || !ref.sure ? null : frontEndFacts(ref, {}, false);
