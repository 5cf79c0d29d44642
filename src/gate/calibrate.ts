import type { History } from "../baseline/baseline.ts";
import { CALIBRATED_ROUNDS, type Calibration, LEAST_ROUNDS } from "../baseline/calibration.ts";
import { loadDifferences } from "../baseline/compatible.ts";
import { appendCalibration } from "../baseline/history.ts";
import { noiseFloor } from "../baseline/noise-floor.ts";
import type { Config } from "../config/config.ts";
import { type Problem, UserError } from "../errors.ts";
import { deploymentFloor } from "../judge/deployment.ts";
import { measureNoise } from "../judge/noise.ts";
import { type Proposal, proposeForHistory, proposeForPairs } from "../judge/proposals.ts";
import type { Log } from "../ports.ts";
import type { RunRecord } from "../record/record.ts";
import { summarise } from "../record/summarise.ts";
import type { RunSummary } from "../record/summary.ts";
import { deploymentNoiseOf } from "./calibrated-noise.ts";
import { runGate } from "./gate.ts";
import type { GatePorts, RunIdentity } from "./gate-contract.ts";

/** Rounds when nobody says how many: as many as a calibration needs. */
export const DEFAULT_ROUNDS = CALIBRATED_ROUNDS;
/** So many invalid rounds on end are no accident: the next one would be invalid too. */
const MOST_IN_A_ROW = 5;

/** Rounds that are measured at most: those that were asked for, and half as many in the place of those that do not count. */
const mostAttempts = (asked: number): number => asked + Math.ceil(asked / 2);

export type CalibrationRequest = {
  readonly config: Config;
  readonly identity: Omit<RunIdentity, "id">;
  /** Id of a round's record; different each time. */
  readonly newId: () => string;
  readonly rounds: number;
};

/** A round that does not count: which of all that were measured, from 1, and why as a sentence. */
export type RefusedRound = { readonly attempt: number; readonly reason: string };

export type Session = {
  readonly asked: number;
  /** Rounds that count, in the order in which they were measured. */
  readonly rounds: readonly RunSummary[];
  readonly refused: readonly RefusedRound[];
};

/** What a session of enough rounds says, with the history that holds it. */
export type Calibrated = {
  readonly calibration: Calibration;
  readonly history: History;
  /** What is proposed for runs apart, against the history as it is now, and for rounds of base and head. */
  readonly proposals: { readonly history: readonly Proposal[]; readonly paired: readonly Proposal[] };
};

/**
 * Measures one target again and again with one plan: each round is a whole run as the gate makes it, with its own
 * connections, warm-up and wait for AWS, because it is runs that the gate compares. A round that is invalid, was
 * interrupted or met another deployment does not count, and is measured again: half as many spare rounds as were asked
 * for at most, and no more after five in a row. Throws `UserError` before anything is sent.
 */
export const measureRounds = async (
  request: CalibrationRequest,
  ports: GatePorts,
  signal: AbortSignal,
): Promise<Session> => {
  const { rounds: asked } = request;
  const log = quieter(ports.log);
  const rounds: RunSummary[] = [];
  const refused: RefusedRound[] = [];
  let inARow = 0;
  for (let attempt = 1; rounds.length < asked && attempt <= mostAttempts(asked); attempt++) {
    if (signal.aborted || inARow === MOST_IN_A_ROW) break;
    const name = `Round ${rounds.length + 1} of ${asked}`;
    log.info(name);
    const outcome = await measureRound(request, { ...ports, history: null, log }, { attempt, signal });
    const reason = outcome.kind === "record" ? whyNot(outcome.record, rounds[0]) : outcome.reason;
    if (outcome.kind === "record" && reason === null) rounds.push(summarise(outcome.record));
    else refused.push({ attempt, reason: reason ?? "it was not measured" });
    inARow = reason === null ? 0 : inARow + 1;
    log.info(`${name} ${reason === null ? figuresOf(rounds.at(-1)) : `does not count: ${reason}`}`);
  }
  return { asked, rounds, refused };
};

/** What a session says about the noise; `null` when fewer than 6 of its rounds count. `before` is what was known already. */
export const concludeSession = ({ rounds }: Session, before: History | null): Calibrated | null => {
  const [first] = rounds;
  const run = rounds.at(-1);
  if (first === undefined || run === undefined || rounds.length < LEAST_ROUNDS) return null;
  const calibration: Calibration = {
    id: first.id,
    start: first.start,
    sha: first.sha,
    fingerprint: first.fingerprint,
    rounds: rounds.length,
    metrics: measureNoise(rounds),
  };
  // One run stands for the session: fifteen runs of one hour would outvote as many of as many days.
  const history = appendCalibration(before, { calibration, run });
  const noise = noiseFloor(history.calibrations ?? [], first.fingerprint.test) ?? { floor: {}, rounds: 0 };
  const deployment = deploymentNoiseOf(history, first.fingerprint.test);
  const base = history.runs.filter(
    ({ fingerprint }) => loadDifferences(fingerprint.test, first.fingerprint.test).length === 0,
  );
  return {
    calibration,
    history,
    proposals: {
      history: proposeForHistory(base, noise),
      paired: proposeForPairs(calibration, deployment === null ? null : deploymentFloor(deployment)),
    },
  };
};

type RoundOutcome =
  | { readonly kind: "record"; readonly record: RunRecord }
  | { readonly kind: "refused"; readonly reason: string };

/** Wrong usage shows in the first round; later it is something that changed meanwhile, and costs that round only. */
const measureRound = async (
  { config, identity, newId, rounds }: CalibrationRequest,
  ports: GatePorts,
  { attempt, signal }: { readonly attempt: number; readonly signal: AbortSignal },
): Promise<RoundOutcome> => {
  const alone: Config = {
    ...config,
    mode: "gate",
    baseline: { ...config.baseline, source: { kind: "none" } },
    aws: { ...config.aws, maxCost: config.aws.maxCost / mostAttempts(rounds) },
  };
  try {
    const { record } = await runGate(alone, { ...identity, id: newId() }, ports, signal);
    return { kind: "record", record };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const problems = error.problems.map((problem) => ofAllRounds(problem, mostAttempts(rounds)));
    if (attempt === 1) throw new UserError(problems);
    return { kind: "refused", reason: problems.map(({ message }) => message).join(" ") };
  }
};

const ofAllRounds = (problem: Problem, rounds: number): Problem =>
  problem.code === "max-cost-exceeded"
    ? { ...problem, hint: `${problem.hint} max-cost is for all of up to ${rounds} rounds together.` }
    : problem;

/** Why a round does not count; `null` when it does. */
const whyNot = (record: RunRecord, first: RunSummary | undefined): string | null => {
  if (record.validity.stopped === "interrupted") return "it was interrupted.";
  if (!record.validity.valid) {
    const reason = record.validity.problems.find(({ severity }) => severity === "invalid");
    return reason?.message ?? "it is invalid.";
  }
  if (first === undefined) return null;
  const { test, system } = record.fingerprint;
  const differences = loadDifferences(first.fingerprint.test, test);
  if (differences.length > 0) return `it measured another load: ${differences.join("; ")}.`;
  const keys = new Set([...Object.keys(first.fingerprint.system), ...Object.keys(system)]);
  const changed = [...keys].filter((key) => first.fingerprint.system[key] !== system[key]);
  return changed.length === 0 ? null : `another deployment answered than in the first round (${changed.join(", ")}).`;
};

const figuresOf = (round: RunSummary | undefined): string => {
  const { p50, p95 } = round?.values ?? {};
  const figures = [...figure("p50", p50), ...figure("p95", p95), `${round?.requests ?? 0} requests`];
  return `counts: ${figures.join(", ")}`;
};

const figure = (name: string, ms: number | undefined): readonly string[] =>
  ms === undefined ? [] : [`${name} ${ms.toPrecision(3)} ms`];

/** The same warning in every round is one warning; parts of a run are not told apart where there are many runs. */
const quieter = (log: Log): Log => {
  const said = new Set<string>();
  return {
    ...log,
    stage: () => {},
    warn: (line) => {
      if (!said.has(line)) log.warn(line);
      said.add(line);
    },
  };
};
