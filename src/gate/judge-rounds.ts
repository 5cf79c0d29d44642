import { likeBase, matchTasks } from "../baseline/common-tasks.ts";
import type { DeploymentNoise } from "../config/config.ts";
import { effectiveLimits } from "../config/parse-limits.ts";
import type { Problem } from "../errors.ts";
import { confirmFails } from "../judge/confirm.ts";
import { deploymentFloor } from "../judge/deployment.ts";
import { judgePaired, type Look, lookAt, type PairedInput } from "../judge/paired.ts";
import type { Judgement } from "../judge/verdict.ts";
import type { RunRecord } from "../record/record.ts";
import { summarise } from "../record/summarise.ts";
import { type PairedSummary, roundOfRuns, summariseRounds } from "../record/summarise-rounds.ts";
import type { RoundSummary } from "../record/summary.ts";
import { systemNotes } from "../record/system-notes.ts";
import type { JudgePolicy } from "./judge-record.ts";

/**
 * Judges the rounds that a record holds: the planned looks are replayed, and a `fail` is held against the rounds that
 * were measured to confirm it. What is known of deployments is the record's own. `null` when the record was not measured
 * in rounds.
 */
export const judgePairedRecord = (policy: JudgePolicy, record: RunRecord): Judgement | null => {
  const summary = summariseRounds(record);
  if (summary === null) return null;
  const judgement = judgePaired(recordInput(policy, record, summary));
  if (summary.confirming.length === 0) return judgement;
  const again = judgePaired({
    ...recordInput(policy, record, summary),
    rounds: summary.confirming,
    arms: null,
    looks: "one",
  });
  return confirmFails(judgement, again, policy.gate);
};

/** A look at the rounds of a record that is still being measured: what is decided, and whether to go on. */
export const lookAtRecord = (policy: JudgePolicy, record: RunRecord): Look | null => {
  const summary = summariseRounds(record);
  return summary === null ? null : lookAt(recordInput(policy, record, summary));
};

export type Pairs = {
  readonly bases: readonly RunRecord[];
  /** As many. */
  readonly heads: readonly RunRecord[];
  /** What calibrations under this load say of deployments; `null` leaves the documented terms. */
  readonly deployment: DeploymentNoise | null;
};

/** Judges runs that were measured in pairs, the i-th base and the i-th head as one round: one look at all of them. */
export const judgePairs = (policy: JudgePolicy, { bases, heads, deployment }: Pairs): Judgement => {
  const measured = { base: bases.map(summarise), heads: heads.map(summarise) };
  const match = matchTasks(measured.base, measured.heads);
  const isAlike = match.kind === "comparable";
  const baseRuns = isAlike ? match.base : measured.base;
  const headRuns = isAlike ? likeBase(measured.heads, match.leftOut) : measured.heads;
  const rounds = headRuns.flatMap((head, i) => {
    const base = baseRuns[i];
    return base === undefined ? [] : [roundOfRuns(base, head)];
  });
  const [lastBase, lastHead] = [bases.at(-1), heads.at(-1)];
  return judgePaired({
    ...shared(policy),
    rounds,
    arms: null,
    looks: "one",
    problems: [
      ...(match.kind === "different" ? [mismatch(match.differences)] : []),
      ...heads.flatMap(({ validity }) => validity.problems),
    ],
    notes: [
      ...(match.kind === "different" ? [] : match.notes),
      ...deploymentNotes(deployment),
      ...sameRecord(rounds),
      ...systemNotes(lastBase?.fingerprint.system ?? {}, lastHead?.fingerprint.system ?? {}),
    ],
    noise: deployment === null ? null : deploymentFloor(deployment),
    base: { state: "file", sha: lastBase?.git.sha ?? null },
  });
};

const shared = ({
  gate,
  aws,
}: JudgePolicy): Pick<PairedInput, "limits" | "policy" | "referenceRps" | "configured"> => ({
  limits: effectiveLimits(gate.limits, "paired", aws),
  policy: gate,
  referenceRps: aws.referenceRps,
  configured: [],
});

const recordInput = (policy: JudgePolicy, record: RunRecord, { rounds, arms }: PairedSummary): PairedInput => ({
  ...shared(policy),
  rounds,
  arms,
  looks: "planned",
  problems: record.validity.problems,
  notes: [
    ...deploymentNotes(record.deployment ?? null),
    ...systemNotes(record.baseArm?.system ?? {}, record.fingerprint.system),
  ],
  noise: record.deployment === undefined ? null : deploymentFloor(record.deployment),
  base: { state: "latest", sha: record.baseArm?.sha ?? null },
});

const deploymentNotes = (deployment: DeploymentNoise | null): readonly string[] =>
  deployment === null
    ? []
    : [`calibrated: what two deployments of one code differ by was measured on ${pairsOf(deployment)}`];

const pairsOf = ({ pairs }: DeploymentNoise): string => (pairs === 1 ? "one pair" : `${pairs} pairs`);

/** All files of a comparison must have measured one load (SPEC 12.1, "Imports"). */
const mismatch = (differences: readonly string[]): Problem => ({
  code: "fingerprint-mismatch",
  severity: "invalid",
  message: `The files measured different loads: ${differences.join("; ")}.`,
  hint: "Compare runs of one configuration: measure both sides again with the same settings.",
});

const sameRecord = (rounds: readonly RoundSummary[]): readonly string[] =>
  rounds.some((round) => round.base.id === round.head.id) ? ["same-record: the same run stands on both sides"] : [];
