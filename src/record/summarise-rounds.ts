import { countRequests } from "../load/outcome.ts";
import { namedAlike } from "./align-functions.ts";
import { summariseCloud } from "./cloud-summary.ts";
import { failureCounts } from "./failure-counts.ts";
import { frontEndOf } from "./front-end.ts";
import { armLayers } from "./layers.ts";
import type { BaseArm, Round, RoundArm, RunRecord } from "./record.ts";
import { loadFigures, summarise } from "./summarise.ts";
import type { RoundSummary, RunSummary } from "./summary.ts";

/** The rounds of a paired record as the judge sees them, the confirming ones apart, and each arm once with AWS's figures. */
export type PairedSummary = {
  readonly rounds: readonly RoundSummary[];
  readonly confirming: readonly RoundSummary[];
  readonly arms: { readonly base: RunSummary; readonly head: RunSummary };
};

/** `null` when the record was not measured in rounds; one that ended before its first round has none and is paired. */
export const summariseRounds = (record: RunRecord): PairedSummary | null => {
  const { rounds, baseArm } = record;
  if (rounds === undefined) return null;
  const of = (some: readonly Round[]): readonly RoundSummary[] =>
    some.map((round) => roundSummary(record, round, rounds.indexOf(round) + 1));
  return {
    rounds: of(rounds.filter((round) => round.confirms !== true)),
    confirming: of(rounds.filter((round) => round.confirms === true)),
    arms: { base: baseOf(record, baseArm), head: summarise(record) },
  };
};

/** Two runs that were measured as one round; their windows say which came first. */
export const roundOfRuns = (base: RunSummary, head: RunSummary): RoundSummary => ({
  first: base.start === head.start ? null : base.start < head.start ? "base" : "head",
  base,
  head,
  serviceMean: { base: base.layers?.serviceMs ?? null, head: head.layers?.serviceMs ?? null },
});

const roundSummary = (record: RunRecord, round: Round, number: number): RoundSummary => ({
  first: round.order === "base-first" ? "base" : "head",
  base: armSummary(record, round.base, `${record.id}.${number}.base`),
  head: armSummary(record, round.head, `${record.id}.${number}.head`),
  serviceMean: { base: round.base.service.mean, head: round.head.service.mean },
});

/** One segment, as if it were a run. Whether the load was sound is known of the whole only. */
const armSummary = (record: RunRecord, arm: RoundArm, id: string): RunSummary => {
  const counts = failureCounts(arm.outcomes, null);
  const requests = countRequests(arm.outcomes);
  return {
    id,
    sha: record.git.sha,
    runId: record.git.runId,
    start: arm.window.start,
    fingerprint: record.fingerprint,
    rate: arm.window.seconds > 0 ? requests / arm.window.seconds : 0,
    requests,
    failureShare: counts.trials === 0 ? 0 : counts.events / counts.trials,
    valid: record.validity.valid,
    interrupted: record.validity.stopped === "interrupted",
    ...loadFigures(arm, counts),
    functions: [],
    layers: null,
  };
};

/** The base arm once, over all its rounds: what AWS says of it, and the rate at which it was called. */
const baseOf = (record: RunRecord, baseArm: BaseArm | undefined): RunSummary => {
  const rounds = (record.rounds ?? []).map((round) => round.base);
  const requests = rounds.reduce((sum, arm) => sum + countRequests(arm.outcomes), 0);
  const seconds = rounds.reduce((sum, arm) => sum + arm.window.seconds, 0);
  const cloud = namedAlike(baseArm?.cloud ?? null, record.cloud);
  const fingerprint = { ...record.fingerprint, system: baseArm?.system ?? {} };
  const plan = { ...record.plan, url: baseArm?.url ?? record.plan.url };
  const figures =
    cloud === null
      ? { values: {}, samples: {}, counts: {}, unmeasured: {}, functions: [] }
      : summariseCloud(cloud, frontEndOf({ cloud, fingerprint, plan }));
  return {
    id: `${record.id}.base`,
    sha: baseArm?.sha ?? null,
    runId: record.git.runId,
    start: record.window.start,
    fingerprint,
    rate: seconds > 0 ? requests / seconds : 0,
    requests,
    failureShare: 0,
    valid: record.validity.valid,
    interrupted: record.validity.stopped === "interrupted",
    ...figures,
    layers: armLayers(rounds, cloud, figures.functions),
  };
};
