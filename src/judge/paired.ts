import { isSound } from "../baseline/history.ts";
import type { NoiseFloor } from "../baseline/noise-floor.ts";
import type { Limit } from "../config/limits.ts";
import type { Problem } from "../errors.ts";
import type { RoundSummary, RunSummary } from "../record/summary.ts";
import { attribute } from "./attribution.ts";
import type { Measurement } from "./base-side.ts";
import type { Policy } from "./combine.ts";
import { conclude, levelsOf } from "./conclude.ts";
import { isDecided } from "./decide.ts";
import type { Compared } from "./layer-parts.ts";
import { LEAST_ROUNDS, nextLook, shareOfLastLook, shareOfLook } from "./looks.ts";
import { measure } from "./measure.ts";
import type { Question, Sides, WholeRounds } from "./measured.ts";
import { gates } from "./metric.ts";
import { questionsOf } from "./questions.ts";
import type { BaselineFacts, Judgement } from "./verdict.ts";

export type PairedInput = {
  /** In the order in which they were measured, at least one. */
  readonly rounds: readonly RoundSummary[];
  /**
   * Each arm once, over all its rounds, with what was read of it at the end (AWS's figures); `null` where every round
   * brings its own.
   */
  readonly arms: { readonly base: RunSummary; readonly head: RunSummary } | null;
  /** `planned`: the rounds were looked at on the way and could have ended there. `one`: they are all looked at once. */
  readonly looks: "planned" | "one";
  /** The limits that hold: `effectiveLimits` of paired mode. */
  readonly limits: readonly Limit[];
  readonly policy: Policy;
  /** Rate at which required concurrency is stated, requests per second; `null` takes the base arm's. */
  readonly referenceRps: number | null;
  readonly configured: readonly string[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  readonly noise: NoiseFloor | null;
  /** Where the base stands to the change. */
  readonly base: Pick<BaselineFacts, "state" | "sha">;
};

/** What a look between two rounds tells the measurement. */
export type Look = {
  readonly rounds: number;
  /** Gating metrics of the rounds that no further round is needed for, and those that are still open. */
  readonly decided: readonly string[];
  readonly open: readonly string[];
  /** Whether to go on, if there is time: something is open and another look is planned. */
  readonly goOn: boolean;
  /** Rounds at which the next look is due; `null` when this was the last. */
  readonly next: number | null;
};

/**
 * Looks at rounds on the way: which gating metrics are decided at the share of the error that this look may spend. What
 * AWS is asked for once at the end takes no part. Between planned looks nothing is decided.
 */
export const lookAt = (input: PairedInput): Look => {
  const measurements = measurementsOf(input);
  const share = shareOfLook(input.rounds.length);
  const gating = measurements.filter(({ question }) => gates(question) && isOfRounds(question, input));
  const levels = levelsOf(measurements, shareOf(input, share));
  const decided = gating.filter(
    (measurement) => share > 0 && isDecided(measurement.question, measurement.measured, levels(measurement)),
  );
  const open = gating.filter((measurement) => !decided.includes(measurement));
  const next = nextLook(input.rounds.length);
  return {
    rounds: input.rounds.length,
    decided: decided.map(({ question }) => question.id),
    open: open.map(({ question }) => question.id),
    goOn: open.length > 0 && next !== null,
    next,
  };
};

/**
 * Judges rounds of base and head: paired mode of SPEC 6 and 12.1. Planned looks are replayed from the number of rounds
 * alone: where everything was decided the measurement ended, and the verdict spends that look's share of the error;
 * otherwise it was the last look, which spends all that is left. Pure: the same rounds give the same judgement.
 */
export const judgePaired = (input: PairedInput): Judgement => {
  const measurements = measurementsOf(input);
  const heads = input.rounds.map((round) => round.head);
  const { length } = input.rounds;
  const judgement = conclude({
    mode: "paired",
    heads: input.arms === null || length === 0 ? heads : [...heads, input.arms.head],
    policy: input.policy,
    measurements,
    known: [...input.problems, ...armProblems(input)],
    shareOf: shareOf(input, shareSpent(input)),
    baseline: length === 0 ? null : { ...input.base, runs: length, used: length, spread: "paired", notes: input.notes },
    attribution: (metrics, fault) => attribute({ ...wholeArms(input), metrics, fault }),
    notes: () => [...input.notes, ...orderNotes(input.rounds)],
  });
  return judgement.verdict === "fail" ? { ...judgement, confirmation: "unconfirmed" } : judgement;
};

/** Where the layers are accounted for: each arm once, or the rounds when they are runs of their own. */
const wholeArms = ({ rounds, arms }: PairedInput): Compared =>
  arms === null
    ? { base: rounds.map((round) => round.base), heads: rounds.map((round) => round.head) }
    : { base: [arms.base], heads: [arms.head] };

const shareSpent = (input: PairedInput): number => {
  if (input.looks === "one") return 1;
  const { length } = input.rounds;
  const look = lookAt(input);
  return look.open.length === 0 && look.next !== null && length >= LEAST_ROUNDS
    ? shareOfLook(length)
    : shareOfLastLook(length);
};

const shareOf =
  (input: PairedInput, share: number) =>
  ({ question }: Measurement): number =>
    isOfRounds(question, input) ? share : 1;

/**
 * The client's metrics exist in every round, and are looked at on the way; AWS's only where the rounds are whole runs.
 * What REPORT lines tell by round was not there to be looked at: it is tested once, when the measurement is over.
 */
const isOfRounds = ({ info }: Question, { arms }: PairedInput): boolean => info.source === "client" || arms === null;

const measurementsOf = (input: PairedInput): readonly Measurement[] => {
  const { rounds, arms } = input;
  const heads = [...rounds.map((round) => round.head), ...(arms === null ? [] : [arms.head])];
  const shared = { noise: input.noise, noBase: "no round has a base", referenceRps: input.referenceRps };
  const ofRounds = (some: readonly RoundSummary[], whole?: WholeRounds): Sides => ({
    ...shared,
    design: { kind: "rounds", first: some.map((round) => round.first), ...(whole === undefined ? {} : { whole }) },
    base: some.map((round) => round.base),
    heads: some.map((round) => round.head),
  });
  const sidesOf = (question: Question): Sides => {
    if (arms === null || isOfRounds(question, input)) return ofRounds(rounds);
    const told = rounds.filter((round) => tells(round, question));
    const whole = isToldByLogs(question) ? { rounds: told.length, of: rounds.length } : undefined;
    if (told.length >= LEAST_ROUNDS) return ofRounds(told, whole);
    const design = { kind: "arms", rounds, ...(whole === undefined ? {} : { whole }) } as const;
    return { ...shared, design, base: [arms.base], heads: [arms.head] };
  };
  return questionsOf({ ...input, heads, absoluteOnly: false }).flatMap((question) => {
    const measured = measure(question, sidesOf(question));
    return measured === null ? [] : [{ question, measured }];
  });
};

/** Whether a round brings the figure of both its arms, though AWS was asked once an arm: by REPORT lines (ADR 0022). */
const tells = ({ base, head }: RoundSummary, { id }: Question): boolean =>
  base.values[id] !== undefined && head.values[id] !== undefined;

const isToldByLogs = ({ info }: Question): boolean => info.id === "lambda-duration";

/** A base arm that cannot be trusted is no base: the comparison is worthless. */
const armProblems = ({ rounds, arms, problems }: PairedInput): readonly Problem[] => {
  // The arms of one record share its validity: what is wrong with it has been said.
  if (arms !== null && problems.some(({ severity }) => severity === "invalid")) return [];
  const bases = [...rounds.map((round) => round.base), ...(arms === null ? [] : [arms.base])];
  const flawed = bases.find((base) => !isSound(base));
  if (flawed === undefined) return [];
  return [
    {
      code: "baseline-refused",
      severity: "invalid",
      message: `A round's base is no valid measurement: it ${flawed.interrupted ? "was interrupted" : "is marked invalid"}.`,
      hint: "Measure both sides again, to the end.",
    },
  ];
};

/** An effect of the order cancels only when both orders occur equally often. */
const orderNotes = (rounds: readonly RoundSummary[]): readonly string[] => {
  const of = (first: RoundSummary["first"]): number => rounds.filter((round) => round.first === first).length;
  if (of(null) > 0 || Math.abs(of("base") - of("head")) <= 1) return [];
  return [
    `order: the base was measured first in ${of("base")} of ${rounds.length} rounds; an effect of the order cannot be told from a change`,
  ];
};
