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
import { emptyLoad } from "../load/empty-load.ts";
import type { LoadResult } from "../load/result.ts";
import { ARMS, type Arm, type SegmentTimes, segmentTimes } from "../load/segment.ts";
import { joinSegments } from "../record/join-segments.ts";
import { worstStop } from "../record/merge-load.ts";
import { pairedRecord } from "../record/paired-record.ts";
import type { RunRecord } from "../record/record.ts";
import { scrubText } from "../record/scrub.ts";
import { summarise } from "../record/summarise.ts";
import type { RunSummary } from "../record/summary.ts";
import { systemNotes } from "../record/system-notes.ts";
import { rolloutRules } from "./await-target.ts";
import { deploymentNoiseOf } from "./calibrated-noise.ts";
import { stackNote } from "./find-stack.ts";
import { findTarget } from "./find-target.ts";
import type { GatePorts, RunIdentity } from "./gate-contract.ts";
import { judgePairedRecord } from "./judge-rounds.ts";
import { type Measured, measureRounds } from "./measure-rounds.ts";
import { type Arms, awaitArms, changesDuring, type Doors, prepareArms } from "./paired-arms.ts";
import { askAboutPair } from "./paired-durations.ts";
import { withSecrets } from "./prepare-signing.ts";
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
export const measurePair = async (
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
  const measured = ready.problem === null ? await measure({ arms, times, rounds }, doors) : NOT_MEASURED;
  const loads = { base: joined("base", { arms, measured }, doors), head: joined("head", { arms, measured }, doors) };
  const changed = ready.problem === null ? await changesDuring(arms, doors) : [];
  const { saw, durations } = await askAboutPair(arms, { loads, ready, rounds: measured.rounds }, doors);
  const found = ready.problem === null ? measured.problems : [ready.problem];
  const record = pairedRecord({
    head: {
      ...identity,
      config: withSecrets(config, arms.head.signing),
      plan: { ...arms.head.plan, ramp: times.ramp, runTime: times.measured },
      load: loads.head,
      cloud: saw.cloud.head,
      probes: ready.probes.head.length,
      problems: [...changed, ...found, ...saw.problems, ...stack.notes.map(stackNote)],
    },
    rounds: measured.rounds,
    durations,
    base: { url: arms.base.config.target.url ?? "", cloud: saw.cloud.base },
  });
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

const NOT_MEASURED: Measured = {
  rounds: [],
  segments: { base: [], head: [] },
  aside: { base: [], head: [] },
  problems: [],
};

const measure = (
  { arms, times, rounds }: { readonly arms: Arms; readonly times: SegmentTimes; readonly rounds: number },
  doors: Doors,
): Promise<Measured> => {
  const { head, base } = arms;
  const { config } = head;
  return measureRounds({
    plans: { head: head.plan, base: base.plan },
    signing: { head: head.signing?.access ?? null, base: base.signing?.access ?? null },
    onLog: (line) => doors.ports.log.info(scrubText(line, config.secrets)),
    times,
    most: rounds,
    maxDuration: config.baseline.maxDuration,
    look: () => null,
    failing: () => [],
    ...doors,
  });
};

/** One arm's load over its segments, those of disturbed rounds beside them. */
const joined = (
  arm: Arm,
  { arms, measured }: { readonly arms: Arms; readonly measured: Measured },
  { ports, signal }: Doors,
): LoadResult => {
  const { segments, aside } = measured;
  const all = ARMS.flatMap((one) => segments[one]);
  const stopped = signal.aborted ? "interrupted" : worstStop(all.map((load) => load.stopped));
  return segments[arm].length === 0
    ? { ...emptyLoad(arms[arm].plan, ports.clock.now()), stopped }
    : joinSegments({ segments: segments[arm], aside: aside[arm] }, stopped);
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
