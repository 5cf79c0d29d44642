import { countRequests } from "../load/outcome.ts";
import { namedAlike } from "./align-functions.ts";
import { summariseCloud } from "./cloud-summary.ts";
import { failureCounts } from "./failure-counts.ts";
import { frontEndOf } from "./front-end.ts";
import { armLayers } from "./layers.ts";
import type { BaseArm, Round, RoundArm, RunRecord } from "./record.ts";
import { type DurationFigures, durationFigures, NO_DURATIONS } from "./round-durations.ts";
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
  const all = roundSummaries(record, rounds);
  return {
    rounds: all.filter((_, at) => rounds[at]?.confirms !== true),
    confirming: all.filter((_, at) => rounds[at]?.confirms === true),
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

const roundSummaries = (record: RunRecord, rounds: readonly Round[]): readonly RoundSummary[] => {
  const heads = rounds.map(({ head }) => head);
  const named = heads.find(({ durations }) => durations !== undefined)?.durations ?? [];
  const names = named.map((one) => one.function);
  const base = durationFigures(
    rounds.map((round) => round.base),
    names,
  );
  const head = durationFigures(heads, names);
  return rounds.map((round, at) => ({
    first: round.order === "base-first" ? "base" : "head",
    base: armSummary(record, round.base, { id: `${record.id}.${at + 1}.base`, durations: base[at] }),
    head: armSummary(record, round.head, { id: `${record.id}.${at + 1}.head`, durations: head[at] }),
    serviceMean: { base: round.base.service.mean, head: round.head.service.mean },
  }));
};

/** One segment, as if it were a run. Whether the load was sound is known of the whole only. */
const armSummary = (
  record: RunRecord,
  arm: RoundArm,
  { id, durations = NO_DURATIONS }: { readonly id: string; readonly durations: DurationFigures | undefined },
): RunSummary => {
  const counts = failureCounts(arm.outcomes, null);
  const figures = loadFigures(arm, counts);
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
    ...figures,
    values: { ...figures.values, ...durations.values },
    samples: { ...figures.samples, ...durations.samples },
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
    counts: { ...figures.counts, ...failuresOf(rounds) },
    layers: armLayers(rounds, cloud, figures.functions),
  };
};

/** All failures of an arm: what AWS counted of them is held against these. */
const failuresOf = (rounds: readonly RoundArm[]): RunSummary["counts"] => {
  const counts = rounds.map(({ outcomes }) => failureCounts(outcomes, null));
  const events = counts.reduce((sum, one) => sum + one.events, 0);
  const trials = counts.reduce((sum, one) => sum + one.trials, 0);
  return trials === 0 ? {} : { "failure-rate": { events, trials, parts: null } };
};
