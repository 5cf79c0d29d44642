/** What `calibrate` found, for people and programs: how much the target scatters, and limits that such noise allows. */
import { CALIBRATED_ROUNDS, type Calibration, LEAST_ROUNDS } from "../baseline/calibration.ts";
import { METRICS, type MetricUnit, splitMetricId } from "../config/metric-catalog.ts";
import { formatLimit } from "../config/parse-limits.ts";
import type { Problem } from "../errors.ts";
import { hasDrifted, spreadInterval } from "../judge/noise.ts";
import { PAIRED_ROUNDS, type Proposal } from "../judge/proposals.ts";
import { countOf, formatDetectable, formatDuration } from "./format.ts";

export type CalibrationInput = {
  readonly asked: number;
  readonly counted: number;
  readonly refused: readonly { readonly attempt: number; readonly reason: string }[];
  /** Wall time of the session in seconds. */
  readonly seconds: number;
  /** `null` when too few rounds count. */
  readonly result: {
    readonly calibration: Calibration;
    readonly proposals: { readonly history: readonly Proposal[]; readonly paired: readonly Proposal[] };
  } | null;
  /** Where the history was written; `null` where nothing was. */
  readonly writtenTo: string | null;
};

/** One metric: standard deviations of the log, the 95 % interval of the first, and the documented one that it replaces. */
export type NoiseRow = {
  readonly id: string;
  readonly unit: MetricUnit;
  /** Geometric mean over the rounds; `null` where what is compared is not the metric itself. */
  readonly level: number | null;
  readonly runToRun: { readonly sd: number; readonly low: number; readonly high: number };
  readonly round: number;
  readonly documented: number;
  readonly drifted: boolean;
};

/** One metric of two deployments of the same code, all on the scale of the natural log. */
export type DeploymentRow = {
  readonly id: string;
  /** Head less base. */
  readonly log: number;
  /** Standard error of it that the rounds leave. */
  readonly error: number;
  /** SD that one deployment adds: as documented, and as it is known with this session. */
  readonly documented: number;
  readonly term: { readonly sd: number; readonly df: number };
};

export type ProposalRow = {
  readonly id: string;
  /** As the limit is written, without the metric. */
  readonly limit: string;
  readonly detectable: number | null;
  /** The same for people; `null` where nothing is compared. */
  readonly shown: string | null;
};

export type CalibrationReport = {
  readonly state: "calibrated" | "learning" | "too-few";
  readonly headline: string;
  readonly rows: readonly NoiseRow[];
  /** Of a session on two deployments; such a session has no `rows`. */
  readonly deployments: readonly DeploymentRow[];
  readonly history: readonly ProposalRow[];
  readonly paired: readonly ProposalRow[];
  /** `p50: +12% and +5ms`, ready to paste. */
  readonly limits: readonly string[];
  readonly pairedLimits: readonly string[];
  readonly pairedRounds: number;
  readonly refused: CalibrationInput["refused"];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  readonly rounds: { readonly asked: number; readonly counted: number };
  readonly seconds: number;
  readonly writtenTo: string | null;
};

export const buildCalibrationReport = (input: CalibrationInput): CalibrationReport => {
  const { result, asked, counted, refused, seconds, writtenTo } = input;
  const state = result === null ? "too-few" : counted >= CALIBRATED_ROUNDS ? "calibrated" : "learning";
  const { history = [], paired = [] } = result?.proposals ?? {};
  const rows = result === null ? [] : noiseRows(result.calibration);
  return {
    state,
    headline: headlineOf(input, state),
    rows,
    deployments: [],
    history: history.map(proposalRow),
    paired: paired.map(proposalRow),
    limits: history.map(({ limit }) => formatLimit(limit)),
    pairedLimits: paired.map(({ limit }) => formatLimit(limit)),
    pairedRounds: PAIRED_ROUNDS,
    refused,
    problems: state === "too-few" ? [tooFew(input)] : [],
    notes: result === null ? [] : notesOf(rows, result),
    rounds: { asked, counted },
    seconds,
    writtenTo,
  };
};

const headlineOf = ({ counted, asked, seconds }: CalibrationInput, state: CalibrationReport["state"]): string => {
  const rounds = counted === asked ? countOf(counted, "round") : `${counted} of ${countOf(asked, "round")}`;
  const measured = `${rounds} in ${formatDuration(Math.round(seconds))}`;
  if (state === "too-few") return `Not calibrated: ${measured} count, and ${LEAST_ROUNDS} are needed`;
  return state === "calibrated"
    ? `Calibrated: the noise of the target is known from ${measured}`
    : `Learning: the noise of the target is known from ${measured}, ${CALIBRATED_ROUNDS} make it calibrated`;
};

const tooFew = ({ counted, asked, refused }: CalibrationInput): Problem => ({
  code: "too-few-rounds",
  severity: "invalid",
  message: `${counted} of ${countOf(asked, "round")} count, fewer than the ${LEAST_ROUNDS} that a noise floor needs; nothing was written.`,
  hint: refused[0] === undefined ? "Let it run to its end." : "Mend what the refused rounds name, and calibrate again.",
});

/** In the catalogue's order, the whole before its tasks and functions. */
const noiseRows = ({ metrics }: Calibration): readonly NoiseRow[] =>
  METRICS.flatMap((info) =>
    Object.entries(metrics)
      .filter(([id]) => splitMetricId(id).metric === info.id)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, noise]) => ({
        id,
        unit: info.unit,
        // Its noise is that of the milliseconds behind a request, whatever the rate.
        level: info.id === "required-concurrency" ? null : noise.level,
        runToRun: { sd: noise.runToRun.sd, ...spreadInterval(noise) },
        round: noise.round.sd,
        documented: info.prior ?? 0,
        drifted: hasDrifted(noise),
      })),
  );

export const proposalRow = ({ id, limit, detectable }: Proposal): ProposalRow => {
  const info = METRICS.find((metric) => metric.id === splitMetricId(id).metric);
  const shown = detectable === null || info === undefined ? null : formatDetectable(info.unit, info.worse, detectable);
  return { id, limit: limit.text, detectable, shown };
};

/** Beyond two points a limit of the failure rate says that a run is short, not that the target is restless. */
const WIDE_POINTS = 0.02;

const notesOf = (
  rows: readonly NoiseRow[],
  { proposals }: NonNullable<CalibrationInput["result"]>,
): readonly string[] => {
  const drifted = rows.filter((row) => row.drifted).map(({ id }) => id);
  const missing = ["p50", "p95"].filter((id) => rows.every((row) => row.id !== id));
  const wide = proposals.history.some(({ limit }) =>
    limit.terms.some((term) => term.kind === "points" && term.points > WIDE_POINTS),
  );
  return [
    "A tighter limit than a proposed one raises no false alarm; it leaves more runs inconclusive.",
    "One session sees one hour: half of the documented spread is added for what differs between days. Calibrate every week.",
    "One target has one deployment: what two of the same code differ by is measured with base-url.",
    ...missing.map((id) => `${id} was not measured: too few responses in a round. A longer run-time mends it.`),
    ...(wide
      ? ["The limit of the failure rate is wide because a run has few requests. A longer run-time mends it."]
      : []),
    ...(drifted.length === 0
      ? []
      : [`The target drifted during the session (${drifted.join(", ")}): the spread between runs holds that drift.`]),
  ];
};
