/**
 * Calibrating the deployment term: two deployments of the same code measured in turns, as paired mode measures base and
 * head, and how far they are apart kept as one draw (docs/adr/0023-deployment-term.md).
 */
import type { History } from "../baseline/baseline.ts";
import type { DeploymentDraw } from "../baseline/deployment-draws.ts";
import { appendDraw } from "../baseline/history.ts";
import type { Config, DeploymentNoise } from "../config/config.ts";
import type { Problem } from "../errors.ts";
import { deploymentFloor } from "../judge/deployment.ts";
import { differencesOf } from "../judge/deployment-draw.ts";
import { LEAST_ROUNDS } from "../judge/looks.ts";
import { type Proposal, proposeForDraw } from "../judge/proposals.ts";
import { segmentTimes } from "../load/segment.ts";
import type { RunRecord } from "../record/record.ts";
import { summarise } from "../record/summarise.ts";
import type { RunSummary } from "../record/summary.ts";
import { systemNotes } from "../record/system-notes.ts";
import { rolloutRules } from "./await-target.ts";
import { deploymentNoiseOf } from "./calibrated-noise.ts";
import { stackNote } from "./find-stack.ts";
import { findTarget } from "./find-target.ts";
import type { GatePorts, RunIdentity } from "./gate-contract.ts";
import { judgePairedRecord } from "./judge-rounds.ts";
import { measurePair, type Pair, recordPair } from "./pair.ts";
import { awaitArms, type Doors, prepareArms } from "./paired-arms.ts";
import { refuseOneAddress, refuseShortTime, refuseUnlike } from "./refuse-pair.ts";

/** Rounds when nobody says how many: what is left of their own scatter is less than the term, and both orders occur alike. */
export const PAIR_ROUNDS = 16;

export type PairRequest = {
  readonly config: Config;
  readonly identity: RunIdentity;
  readonly rounds: number;
};

export type PairSession = {
  readonly asked: number;
  readonly rounds: number;
  /** The load as a run, by which what is known of it is found. */
  readonly head: RunSummary;
  /** `null` when the session is no measurement. */
  readonly draw: DeploymentDraw | null;
  /** Why it is none. */
  readonly problems: readonly Problem[];
  /** What is to be known about the two, as sentences. */
  readonly notes: readonly string[];
};

/**
 * Measures two deployments in rounds, all of them: nothing is decided on the way, so that the draw does not depend on when
 * it looked good. Throws `UserError` before anything is sent, also when the two are one deployment, or differ in code.
 */
export const calibratePair = async (
  { config: asked, identity, rounds }: PairRequest,
  ports: GatePorts,
  signal: AbortSignal,
): Promise<PairSession> => {
  const doors: Doors = { ports, signal };
  const rules = rolloutRules(asked, ports.clock);
  const stack = await findTarget(asked, { sha: identity.git.sha, rules, ...doors });
  const config: Config = { ...stack.config, mode: "gate", gate: { ...asked.gate, limits: [] } };
  const times = segmentTimes(config.load, config.baseline.segmentTime);
  refuseOneAddress(config);
  refuseShortTime(config, { rounds, times });
  const arms = await prepareArms(config, { identity, rules }, doors);
  const codeIsKnown = refuseUnlike(arms);
  const ready = await awaitArms(arms, { identity, rules, problem: stack.problem }, doors);
  const pair: Pair = { identity, arms, ready, times };
  // Nothing is decided on the way.
  const measured = await measurePair(pair, { most: rounds, look: () => null, failing: () => [] }, doors);
  const record = await recordPair(pair, { measured, notes: stack.notes.map(stackNote) }, doors);
  return concludeRounds(record, { asked: rounds, config, codeIsKnown });
};

/** What a draw adds to what is known. */
export type CalibratedPair = {
  readonly draw: DeploymentDraw;
  readonly history: History;
  /** With this draw. */
  readonly noise: DeploymentNoise;
  /** For rounds of base and head that scatter like these. */
  readonly proposals: readonly Proposal[];
};

/** The history with the session's draw; `null` when it is no measurement. `before` is what was known already. */
export const concludePair = ({ draw }: PairSession, before: History | null): CalibratedPair | null => {
  if (draw === null) return null;
  const history = appendDraw(before, draw);
  const noise = deploymentNoiseOf(history, draw.test);
  return noise === null ? null : { draw, history, noise, proposals: proposeForDraw(draw, deploymentFloor(noise)) };
};

/** The draw that a record of rounds is, or why it is none. */
const concludeRounds = (
  record: RunRecord,
  { asked, config, codeIsKnown }: { readonly asked: number; readonly config: Config; readonly codeIsKnown: boolean },
): PairSession => {
  const { fingerprint, baseArm, validity } = record;
  const system = baseArm?.system ?? {};
  const rounds = record.rounds?.length ?? 0;
  const head = summarise(record);
  const invalid = validity.problems.filter(({ severity }) => severity === "invalid");
  const judgement = judgePairedRecord(config, record);
  const isMeasured = validity.valid && validity.stopped !== "interrupted" && rounds >= LEAST_ROUNDS;
  const draw =
    judgement === null || !isMeasured
      ? null
      : {
          id: record.id,
          start: record.window.start,
          sha: record.git.sha,
          test: fingerprint.test,
          base: deploymentName(baseArm?.url ?? "", system, record.git.sha),
          head: deploymentName(record.plan.url, fingerprint.system, record.git.sha),
          rounds,
          metrics: differencesOf(judgement),
        };
  return {
    asked,
    rounds,
    head,
    draw,
    problems: draw === null ? invalid : [],
    notes: [...(codeIsKnown ? [] : [VOUCHED]), ...systemNotes(system, fingerprint.system)],
  };
};

const VOUCHED =
  "That both deployments run the same code is what you say: it was not read from AWS. A difference of the code would be taken for one of deployments.";

/** Address without its query, functions, and their code; the commit stands for code that is not known. */
const deploymentName = (url: string, system: RunSummary["fingerprint"]["system"], sha: string | null): string => {
  const { origin, pathname } = new URL(url);
  const of = (key: string): readonly string[] =>
    Object.entries(system).flatMap(([name, value]) =>
      name.endsWith(`.${key}`) && value !== null ? [String(value)] : [],
    );
  const code = of("codeSha256");
  return [`${origin}${pathname}`, ...of("name"), ...(code.length > 0 ? code : [sha ?? "unknown"])].join(" ");
};
