/**
 * Paired mode, on one page: both deployments made ready, rounds of base and head measured in turns, AWS asked once about
 * each and its logs by round, and everything judged from the record that is kept.
 *
 *   config -> targets -> plans -> rounds (look, go on, confirm) -> cloud -> run record -> judge -> report
 */
import type { Baseline, History } from "../baseline/baseline.ts";
import type { Config } from "../config/config.ts";
import { foreseenTooFew } from "../config/explain.ts";
import type { Problem } from "../errors.ts";
import type { Judgement } from "../judge/verdict.ts";
import { emptyLoad } from "../load/empty-load.ts";
import type { LoadPlan } from "../load/plan.ts";
import type { LoadResult, StopReason } from "../load/result.ts";
import { ARMS, type Arm, type SegmentTimes, segmentTimes } from "../load/segment.ts";
import { joinSegments } from "../record/join-segments.ts";
import { worstStop } from "../record/merge-load.ts";
import { type ArmDurations, pairedRecord } from "../record/paired-record.ts";
import type { RunRecord } from "../record/record.ts";
import { scrubText } from "../record/scrub.ts";
import { summarise } from "../record/summarise.ts";
import { rolloutRules } from "./await-target.ts";
import { findBaseline } from "./find-baseline.ts";
import { stackNote } from "./find-stack.ts";
import { findTarget } from "./find-target.ts";
import type { GatePorts, GateResult, RunIdentity } from "./gate-contract.ts";
import { interruptedResult } from "./interrupted.ts";
import { judgePairedRecord, lookAtRecord } from "./judge-rounds.ts";
import { type Measured, measureRounds } from "./measure-rounds.ts";
import {
  type Arms,
  type ArmsReady,
  type ArmsSaw,
  awaitArms,
  changesDuring,
  type Doors,
  prepareArms,
} from "./paired-arms.ts";
import { askAboutPair, type PairSaw } from "./paired-durations.ts";
import { withSecrets } from "./prepare-signing.ts";

/**
 * Measures `base-url` beside the target and judges the rounds. Throws `UserError` before anything is sent; what happens
 * later is in the result, which `compare --head` reaches again from the record alone.
 */
export const runPaired = async (
  asked: Config,
  identity: RunIdentity,
  ports: GatePorts,
  signal: AbortSignal,
): Promise<GateResult> => {
  const doors: Doors = { ports, signal };
  ports.log.stage("waiting");
  const rules = rolloutRules(asked, ports.clock);
  const stack = await findTarget(asked, { sha: identity.git.sha, rules, ...doors });
  const { config } = stack;
  for (const sentence of foreseenTooFew(config)) ports.log.warn(sentence);
  const arms = await prepareArms(config, { identity, rules }, doors);
  const ready = await awaitArms(arms, { identity, rules, problem: stack.problem }, doors);
  const pair: Pair = { identity, arms, ready, times: segmentTimes(config.load, config.baseline.segmentTime) };
  if (ready.problem === null) ports.log.stage("load");
  const measured = ready.problem === null ? await measure(pair, doors) : NOT_MEASURED;
  ports.log.stage("aws");
  const loads = joined(pair, measured, doors);
  const changed = ready.problem === null ? await changesDuring(arms, doors) : [];
  const { saw, durations } = await askAboutPair(arms, { loads, ready, rounds: measured.rounds }, doors);
  const problems = [
    ...changed,
    ...(ready.problem === null ? measured.problems : [ready.problem]),
    ...interruptedBetween(measured, signal),
    ...deploymentWarnings(arms),
    ...saw.problems,
    ...stack.notes.map(stackNote),
  ];
  ports.log.stage("judge");
  const record = recordOf(pair, { measured, loads, saw, durations, problems });
  const result = {
    record,
    ...(await besides(config, { record, identity }, doors)),
    judgement: judgedRounds(config, record),
  };
  return signal.aborted ? interruptedResult(result, config) : result;
};

/** What is the same for the whole measurement. */
type Pair = {
  readonly identity: RunIdentity;
  readonly arms: Arms;
  readonly ready: ArmsReady;
  readonly times: SegmentTimes;
};

const NOT_MEASURED: Measured = {
  rounds: [],
  segments: { base: [], head: [] },
  aside: { base: [], head: [] },
  problems: [],
};
const NOT_ASKED: PairSaw = {
  saw: { cloud: { base: null, head: null }, problems: [] },
  durations: { base: null, head: null },
};

const measure = (pair: Pair, doors: Doors): Promise<Measured> => {
  const { head, base } = pair.arms;
  const { config } = head;
  // Looks are at the client's metrics: AWS is asked at the end.
  const soFar = (measured: Measured): RunRecord =>
    recordOf(pair, { measured, loads: joined(pair, measured, doors), ...NOT_ASKED, problems: [] });
  return measureRounds({
    plans: { head: head.plan, base: base.plan },
    signing: { head: head.signing?.access ?? null, base: base.signing?.access ?? null },
    onLog: (line) => doors.ports.log.info(scrubText(line, config.secrets)),
    times: pair.times,
    maxDuration: config.baseline.maxDuration,
    look: (measured) => lookAtRecord(config, soFar(measured)),
    failing: (measured) => failedMetrics(judgePairedRecord(config, soFar(measured))),
    ...doors,
  });
};

const failedMetrics = (judgement: Judgement | null): readonly string[] =>
  (judgement?.metrics ?? []).flatMap(({ id, gates, finding }) => (gates && finding.kind === "fail" ? [id] : []));

/** Each arm's load over all its segments; an arm that got none has an empty one. */
const joined = (
  { arms }: Pair,
  { segments, aside }: Measured,
  { ports, signal }: Doors,
): Readonly<Record<Arm, LoadResult>> => {
  const all = ARMS.flatMap((arm) => segments[arm]);
  const stopped: StopReason = signal.aborted ? "interrupted" : worstStop(all.map((load) => load.stopped));
  const join = (arm: Arm): LoadResult => {
    // Where nothing but disturbed rounds is left the measurement is invalid, and shows what there was.
    const parts =
      segments[arm].length > 0 ? { segments: segments[arm], aside: aside[arm] } : { segments: aside[arm], aside: [] };
    return parts.segments.length === 0
      ? { ...emptyLoad(arms[arm].plan, ports.clock.now()), stopped }
      : joinSegments(parts, stopped);
  };
  return { base: join("base"), head: join("head") };
};

const recordOf = (
  { identity, arms, ready, times }: Pair,
  of: {
    readonly measured: Measured;
    readonly loads: Readonly<Record<Arm, LoadResult>>;
    readonly saw: ArmsSaw;
    readonly durations: ArmDurations;
    readonly problems: readonly Problem[];
  },
): RunRecord => {
  const { config, plan, signing } = arms.head;
  return pairedRecord({
    head: {
      ...identity,
      config: withSecrets(config, signing),
      plan: recordedPlan(plan, times),
      load: of.loads.head,
      cloud: of.saw.cloud.head,
      probes: ready.probes.head.length,
      problems: of.problems,
    },
    rounds: of.measured.rounds,
    durations: of.durations,
    base: { url: arms.base.config.target.url ?? arms.base.plan.origin, cloud: of.saw.cloud.base },
  });
};

/** As one segment was planned, without what differs between them. */
const recordedPlan = (plan: LoadPlan, { ramp, measured }: SegmentTimes): LoadPlan => ({
  ...plan,
  ramp,
  runTime: measured,
});

/** What is true of the account is said by both. */
const deploymentWarnings = ({ head, base }: Arms): readonly Problem[] => [
  ...head.deployment.warnings,
  ...base.deployment.warnings.filter((one) => head.deployment.warnings.every(({ message }) => message !== one.message)),
];

/** A cancel between two segments has left no segment that says so. */
const interruptedBetween = ({ problems }: Measured, signal: AbortSignal): readonly Problem[] =>
  !signal.aborted || problems.some(({ code }) => code === "interrupted")
    ? []
    : [
        {
          code: "interrupted",
          severity: "invalid",
          message: "The measurement was interrupted between two segments.",
          hint: "Run it again to the end.",
        },
      ];

const judgedRounds = (config: Config, record: RunRecord): Judgement => {
  const judgement = judgePairedRecord(config, record);
  if (judgement === null) throw new Error("a paired record has rounds, be it none");
  return judgement;
};

/** The base was measured beside the head; a run on the base branch still carries the history of its runs forward. */
const besides = async (
  config: Config,
  { record, identity }: { readonly record: RunRecord; readonly identity: RunIdentity },
  { ports, signal }: Doors,
): Promise<{ readonly baseline: Baseline; readonly history: History | null }> => {
  const { git, workflow } = identity;
  if (ports.history === null || git.pullRequest !== null) return { baseline: BESIDE_IT, history: null };
  const found = await findBaseline({ config, head: summarise(record), git, workflow, file: null, ports, signal });
  return { baseline: BESIDE_IT, history: found.history };
};

const BESIDE_IT: Baseline = {
  kind: "none",
  problem: {
    code: "no-baseline",
    severity: "note",
    message: "The base was measured beside the head, and no stored run was looked for.",
    hint: "Leave base-url out to compare with the runs of the base branch.",
  },
  notes: [],
};
