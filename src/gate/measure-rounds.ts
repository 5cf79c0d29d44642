import type { Problem } from "../errors.ts";
import { LOOKS, nextLook } from "../judge/looks.ts";
import type { Look } from "../judge/paired.ts";
import type { LoadPlan } from "../load/plan.ts";
import type { LoadResult } from "../load/result.ts";
import { type Arm, armsInOrder, orderOfRound, roundLength, type SegmentTimes, segmentPlan } from "../load/segment.ts";
import type { Clock, LoadEngine, Log, SigningAccess } from "../ports.ts";
import type { MeasuredRound } from "../record/paired-record.ts";
import { runProblems } from "../target/run-validity.ts";
import { type EpochMs, epochMs, type Millis } from "../units.ts";

export type MeasureRounds = {
  /** Of both arms, with all that is the same in every segment. */
  readonly plans: Readonly<Record<Arm, LoadPlan>>;
  readonly signing: Readonly<Record<Arm, SigningAccess | null>>;
  /** Lines that a scenario module logs. */
  readonly onLog: (line: string) => void;
  readonly times: SegmentTimes;
  /** Rounds at most; as many as the last look is after unless given. */
  readonly most?: number;
  /** From the first request on; a round is begun when it should end within it. */
  readonly maxDuration: Millis;
  /** What a look at the segments so far says; asked after 6, 12, 18 and 24 rounds. */
  readonly look: (measured: Measured) => Look | null;
  /** Gating metrics that fail as it stands; asked once, when no more rounds are measured. */
  readonly failing: (measured: Measured) => readonly string[];
  readonly ports: { readonly engine: LoadEngine; readonly clock: Clock; readonly log: Log };
  readonly signal: AbortSignal;
};

/** What was measured so far. */
export type Measured = {
  readonly rounds: readonly MeasuredRound[];
  /** All segments of each arm, in order; one that was cut short, or has no other side, is in no round. */
  readonly segments: Readonly<Record<Arm, readonly LoadResult[]>>;
  /** Segments of rounds that were measured again, because the load generator was disturbed; sent, and not measured. */
  readonly aside: Readonly<Record<Arm, readonly LoadResult[]>>;
  /** Why the rest is worthless: the measurement ended there. */
  readonly problems: readonly Problem[];
};

/** Rounds in which a `fail` is measured again, and how many of them say enough to begin with. */
const CONFIRMING = 6;
const LEAST_CONFIRMING = 4;
const mostRounds = ({ most }: MeasureRounds): number => most ?? Math.max(...LOOKS);
/** A runner that disturbs more rounds than these, and than half as many as it does not, is not fit to measure. */
const TOLERATED = { rounds: 4, share: 0.5 };

/**
 * Measures base and head in turns until every gating metric of the client is decided at a look, `max-duration` has no
 * room for another round, or something makes the measurement worthless. A `fail` is then measured once more. Every
 * segment of either arm opens connections of its own, so that those of a confirmation are fresh like all others. A round
 * in which the load generator was at its limit is left out whole and measured again: nothing of it is judged.
 */
export const measureRounds = async (asked: MeasureRounds): Promise<Measured> => {
  const session = newSession(asked);
  while (session.rounds.length < mostRounds(asked) && hasTime(session, 1)) {
    const end = await measureRound(session, false);
    if (end === "over" || (end === "measured" && !goesOn(session))) break;
  }
  await confirm(session);
  return { ...session, problems: [...session.problems, ...disturbedNote(session)] };
};

/** A measurement under way; grows. */
type Session = {
  readonly asked: MeasureRounds;
  readonly rounds: MeasuredRound[];
  readonly segments: Readonly<Record<Arm, LoadResult[]>>;
  readonly aside: Readonly<Record<Arm, LoadResult[]>>;
  readonly problems: Problem[];
  disturbed: number;
  readonly deadline: EpochMs;
  /** What a round takes here: as planned, or as long as the last one took. */
  roundTime: number;
  requestsLeft: number;
};

const newSession = (asked: MeasureRounds): Session => ({
  asked,
  rounds: [],
  segments: { base: [], head: [] },
  aside: { base: [], head: [] },
  problems: [],
  disturbed: 0,
  deadline: epochMs(asked.ports.clock.now() + asked.maxDuration),
  roundTime: roundLength(asked.times),
  requestsLeft: asked.plans.head.maxRequests,
});

const hasTime = ({ asked, deadline, roundTime }: Session, rounds: number): boolean =>
  asked.ports.clock.now() + rounds * roundTime <= deadline;

const isSound = ({ asked, problems, requestsLeft }: Session): boolean =>
  !asked.signal.aborted && problems.length === 0 && requestsLeft > 0;

type RoundEnd = "measured" | "disturbed" | "over";

/** Both segments of the next round. `over`: it did not come about, and no other will. */
const measureRound = async (session: Session, confirms: boolean): Promise<RoundEnd> => {
  const { asked, rounds, problems } = session;
  const { clock } = asked.ports;
  const round = rounds.length + 1;
  const order = orderOfRound(round, asked.plans.head.seed);
  const begun = clock.now();
  const loads = new Map<Arm, LoadResult>();
  for (const arm of armsInOrder(order)) {
    if (!isSound(session)) return "over";
    // Nothing waits before the first segment and behind the last one.
    if (segmentsOf(session, "base") + segmentsOf(session, "head") > 0)
      await clock.sleep(asked.times.settle, asked.signal);
    if (asked.signal.aborted) return "over";
    asked.ports.log.info(`${roundName(session, confirms)}, ${arm} segment.`);
    const { load, disturbance } = await measureSegment(session, arm, round);
    loads.set(arm, load);
    if (disturbance !== null) return setAside(session, { loads, disturbance });
  }
  const [base, head] = [loads.get("base"), loads.get("head")];
  if (base === undefined || head === undefined || [base, head].some(isCut) || problems.length > 0) return "over";
  rounds.push({ order, base, head, confirms });
  if (round > 1) session.roundTime = Math.max(roundLength(asked.times), clock.now() - begun);
  return "measured";
};

const segmentsOf = ({ segments, aside }: Session, arm: Arm): number => segments[arm].length + aside[arm].length;

type MeasuredSegment = { readonly load: LoadResult; readonly disturbance: Problem | null };

const measureSegment = async (session: Session, arm: Arm, round: number): Promise<MeasuredSegment> => {
  const { asked, segments, problems } = session;
  const plan = segmentPlan(asked.plans[arm], asked.times, {
    round,
    isFirst: segmentsOf(session, arm) === 0,
    maxRequests: session.requestsLeft,
  });
  const { engine, log } = asked.ports;
  const { signal, onLog } = asked;
  const load = await engine.run(plan, { signal, onProgress: log.progress, onLog, signing: asked.signing[arm] });
  segments[arm].push(load);
  session.requestsLeft -= requestsOf(load);
  if (load.stopped === "max-requests") {
    log.warn(`max-requests is spent in round ${round}: no more rounds are measured.`);
    return { load, disturbance: null };
  }
  const found = runProblems(load, plan).map(inSegment(round, arm));
  const [only] = found;
  if (found.length === 1 && only?.code === "generator-saturated") return { load, disturbance: only };
  problems.push(...found);
  return { load, disturbance: null };
};

/** Takes the segments of a disturbed round out, so that it is measured again; too many of them are the end. */
const setAside = (
  session: Session,
  { loads, disturbance }: { readonly loads: ReadonlyMap<Arm, LoadResult>; readonly disturbance: Problem },
): RoundEnd => {
  const { asked, segments, aside, rounds, problems } = session;
  session.disturbed++;
  if (session.disturbed > Math.max(TOLERATED.rounds, TOLERATED.share * rounds.length)) {
    const all = session.disturbed + rounds.length;
    problems.push({
      ...disturbance,
      message: `${session.disturbed} of ${all} rounds were disturbed, the last one so: ${disturbance.message}`,
    });
    return "over";
  }
  for (const [arm, load] of loads) {
    segments[arm].pop();
    aside[arm].push(load);
  }
  asked.ports.log.warn(`${disturbance.message} The round is measured again.`);
  return "disturbed";
};

const disturbedNote = ({ disturbed, problems }: Session): readonly Problem[] =>
  disturbed === 0 || problems.length > 0
    ? []
    : [
        {
          code: "generator-saturated",
          severity: "note",
          message: `${disturbed === 1 ? "One round was" : `${disturbed} rounds were`} left out and measured again, because the load generator was disturbed.`,
          hint: "Use a runner that does nothing else, or a larger one, where this happens often.",
        },
      ];

/** A rule of `stop-if` ends its segment, and what was measured until then is the segment. */
const isCut = ({ stopped }: LoadResult): boolean => stopped !== "run-time" && stopped !== "stop-if";

const requestsOf = (load: LoadResult): number =>
  [load.totals, load.warmUp, load.preWarm, load.setup, load.teardown].reduce((sum, { requests }) => sum + requests, 0);

const inSegment =
  (round: number, arm: Arm) =>
  (problem: Problem): Problem => ({ ...problem, message: `Round ${round}, ${arm}: ${problem.message}` });

const roundName = ({ asked, rounds }: Session, confirms: boolean): string => {
  if (!confirms) return `Round ${rounds.length + 1} of at most ${mostRounds(asked)}`;
  const again = rounds.filter((round) => round.confirms).length;
  return `Confirmation, round ${again + 1} of ${CONFIRMING}`;
};

/** Between the planned looks nothing is decided, so that nothing can be stopped either. */
const goesOn = (session: Session): boolean => {
  const { asked, rounds } = session;
  const planned: readonly number[] = LOOKS;
  const look = planned.includes(rounds.length) ? asked.look(session) : null;
  if (look === null) return true;
  asked.ports.log.info(lookLine(look));
  return look.goOn;
};

const lookLine = ({ rounds, decided, open, goOn }: Look): string => {
  const done = decided.length === 0 ? "nothing is decided" : `${decided.join(", ")} decided`;
  if (open.length === 0) return `After ${rounds} rounds: ${done}, which is all that gates.`;
  const next = goOn ? `; the next look is after ${nextLook(rounds) ?? rounds} rounds, if there is time` : "";
  return `After ${rounds} rounds: ${done}; ${open.join(", ")} open${next}.`;
};

const confirm = async (session: Session): Promise<void> => {
  const { asked, rounds } = session;
  if (!isSound(session) || rounds.length === 0) return;
  const failing = asked.failing(session);
  if (failing.length === 0) return;
  const what = failing.join(", ");
  if (!hasTime(session, LEAST_CONFIRMING)) {
    asked.ports.log.warn(`${what} failed, and max-duration leaves no time to confirm it.`);
    return;
  }
  asked.ports.log.info(`${what} failed: measured again, in ${CONFIRMING} rounds with fresh connections.`);
  const judged = rounds.length;
  while (rounds.length < judged + CONFIRMING && hasTime(session, 1)) {
    if ((await measureRound(session, true)) === "over") break;
  }
  // Rounds got longer than foreseen: so few of them could only seem to refute.
  if (rounds.length < judged + LEAST_CONFIRMING) rounds.length = judged;
};
