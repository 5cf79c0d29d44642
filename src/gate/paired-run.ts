/**
 * Paired mode, on one page: both deployments made ready, rounds of base and head measured in turns, AWS asked once about
 * each and its logs by round, and everything judged from the record that is kept.
 *
 *   config -> targets -> plans -> rounds (look, go on, confirm) -> cloud -> run record -> judge -> report
 */
import type { Baseline, History } from "../baseline/baseline.ts";
import type { Config } from "../config/config.ts";
import { foreseenTooFew } from "../config/explain.ts";
import type { Judgement } from "../judge/verdict.ts";
import { segmentTimes } from "../load/segment.ts";
import type { RunRecord } from "../record/record.ts";
import { summarise } from "../record/summarise.ts";
import { rolloutRules } from "./await-target.ts";
import { findBaseline } from "./find-baseline.ts";
import { stackNote } from "./find-stack.ts";
import { findTarget } from "./find-target.ts";
import type { GatePorts, GateResult, RunIdentity } from "./gate-contract.ts";
import { interruptedResult } from "./interrupted.ts";
import { judgePairedRecord, lookAtRecord } from "./judge-rounds.ts";
import type { MeasureRounds } from "./measure-rounds.ts";
import { measurePair, type Pair, recordPair, recordSoFar } from "./pair.ts";
import { awaitArms, type Doors, prepareArms } from "./paired-arms.ts";

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
  const measured = await measurePair(pair, decidingIn(pair, doors), doors);
  ports.log.stage("aws");
  const record = await recordPair(pair, { measured, notes: stack.notes.map(stackNote) }, doors);
  ports.log.stage("judge");
  const result = {
    record,
    ...(await besides(config, { record, identity }, doors)),
    judgement: judgedRounds(config, record),
  };
  return signal.aborted ? interruptedResult(result, config) : result;
};

/** Looks are at the client's metrics: AWS is asked at the end. */
const decidingIn = (pair: Pair, doors: Doors): Pick<MeasureRounds, "look" | "failing"> => {
  const { config } = pair.arms.head;
  return {
    look: (measured) => lookAtRecord(config, recordSoFar(pair, measured, doors)),
    failing: (measured) => failedMetrics(judgePairedRecord(config, recordSoFar(pair, measured, doors))),
  };
};

const failedMetrics = (judgement: Judgement | null): readonly string[] =>
  (judgement?.metrics ?? []).flatMap(({ id, gates, finding }) => (gates && finding.kind === "fail" ? [id] : []));

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
