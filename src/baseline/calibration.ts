import { BAD, between, count, mapOf, object, orNull, type Reader } from "../record/reader.ts";
import { fingerprints, identifier, isoTime } from "../record/run-readers.ts";
import type { RunSummary } from "../record/summary.ts";
import type { MeasuredSd } from "./noise-floor.ts";

/** Fewer A/A rounds say too little about how much they scatter (SPEC section 6). */
export const LEAST_ROUNDS = 6;
/** From this many on the noise of a target counts as known (SPEC section 6). */
export const CALIBRATED_ROUNDS = 15;
/** More add nothing that another day would not show better. */
export const MOST_ROUNDS = 100;
/** Calibrations that a history carries: of the last weeks, and of a few loads. */
export const CALIBRATIONS_KEPT = 10;
const MAX_METRICS = 20_000;

/** How one metric scattered over the rounds; standard deviations of the natural log. */
export type MetricNoise = {
  /** Geometric mean over the rounds, in the metric's unit. */
  readonly level: number;
  /** Between runs that are measured apart: everything that moved during the session. */
  readonly runToRun: MeasuredSd;
  /** Of one round against its neighbour: what is left where base and head take turns. */
  readonly round: MeasuredSd;
};

/** One session of A/A rounds on one target, as the history keeps it. */
export type Calibration = {
  /** Of its first round. */
  readonly id: string;
  /** Start of the first round's window, ISO 8601. */
  readonly start: string;
  readonly sha: string | null;
  readonly fingerprint: RunSummary["fingerprint"];
  /** Valid ones only. */
  readonly rounds: number;
  readonly metrics: Readonly<Record<string, MetricNoise>>;
};

/** Each once, oldest first, the newest ten. */
export const uniteCalibrations = (lists: readonly (readonly Calibration[])[]): readonly Calibration[] =>
  oldestFirst(lists.flat()).slice(-CALIBRATIONS_KEPT);

type Session = Pick<Calibration, "id" | "start">;

/** Sessions each once, in order of their start. */
export const oldestFirst = <One extends Session>(sessions: readonly One[]): readonly One[] => {
  const byId = new Map<string, One>();
  for (const one of sessions) if (!byId.has(one.id)) byId.set(one.id, one);
  return [...byId.values()].toSorted(byStart);
};

const byStart = (a: Session, b: Session): number => compareText(a.start, b.start) || compareText(a.id, b.id);

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export const roundCount: Reader<number> = (value, path, faults) => {
  const rounds = count(value, path, faults);
  return rounds === BAD || (rounds >= LEAST_ROUNDS && rounds <= MOST_ROUNDS)
    ? rounds
    : faults.say(path, `must be from ${LEAST_ROUNDS} to ${MOST_ROUNDS}`);
};

/** 0 degrees of freedom or a spread beyond e^10 would make an interval of nothing, or of everything. */
export const measuredSd = object<MeasuredSd>({ sd: between(0, 10), df: between(1, MOST_ROUNDS) });

export const calibration: Reader<Calibration> = object<Calibration>({
  id: identifier,
  start: isoTime,
  sha: orNull(identifier),
  fingerprint: fingerprints,
  rounds: roundCount,
  metrics: mapOf(
    object<MetricNoise>({ level: between(0, 1e15), runToRun: measuredSd, round: measuredSd }),
    MAX_METRICS,
  ),
});
