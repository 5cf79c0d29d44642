/** What a session on two deployments of the same code found, for people and programs. */
import { LEAST_ROUNDS } from "../baseline/calibration.ts";
import type { Difference } from "../baseline/deployment-draws.ts";
import type { DeploymentNoise } from "../config/config.ts";
import { METRICS } from "../config/metric-catalog.ts";
import { formatLimit } from "../config/parse-limits.ts";
import type { Problem } from "../errors.ts";
import { documentedDeployment } from "../judge/deployment.ts";
import { PAIRED_ROUNDS, type Proposal } from "../judge/proposals.ts";
import { type CalibrationReport, type DeploymentRow, proposalRow } from "./calibration.ts";
import { countOf, formatDuration } from "./format.ts";

export type DeploymentInput = {
  readonly asked: number;
  readonly counted: number;
  /** Wall time of the session in seconds. */
  readonly seconds: number;
  /** Why the session is no measurement. */
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  /** `null` when it is none. */
  readonly result: {
    readonly draw: { readonly metrics: Readonly<Record<string, Difference>> };
    readonly noise: DeploymentNoise;
    readonly proposals: readonly Proposal[];
  } | null;
  /** Where the history was written; `null` where nothing was. */
  readonly writtenTo: string | null;
};

/** From so many pairs on draws count for more than the documented term. */
const OUTWEIGHED = 5;

export const buildDeploymentReport = (input: DeploymentInput): CalibrationReport => {
  const { asked, counted, seconds, result, writtenTo } = input;
  const paired = result?.proposals ?? [];
  return {
    state: stateOf(input),
    headline: headlineOf(input),
    rows: [],
    deployments: result === null ? [] : rowsOf(result),
    history: [],
    paired: paired.map(proposalRow),
    limits: [],
    pairedLimits: paired.map(({ limit }) => formatLimit(limit)),
    pairedRounds: PAIRED_ROUNDS,
    refused: [],
    problems: result === null ? problemsOf(input) : [],
    notes: result === null ? input.notes : [...input.notes, ...NOTES],
    rounds: { asked, counted },
    seconds,
    writtenTo,
  };
};

const NOTES = [
  "One pair is one draw: deploy anew, or another preview, and measure again. The same pair replaces its earlier draw.",
  "A measured term rests on few draws, and widens the interval more than the documented one of the same size, which is taken as known.",
];

const stateOf = ({ result }: DeploymentInput): CalibrationReport["state"] => {
  if (result === null) return "too-few";
  return result.noise.pairs >= OUTWEIGHED ? "calibrated" : "learning";
};

const headlineOf = ({ counted, asked, seconds, result }: DeploymentInput): string => {
  const rounds = counted === asked ? countOf(counted, "round") : `${counted} of ${countOf(asked, "round")}`;
  const measured = `${rounds} in ${formatDuration(Math.round(seconds))}`;
  if (result === null) return `Not calibrated: ${measured} are no measurement`;
  const { pairs } = result.noise;
  const before = `what deployments of one code differ by is known from ${countOf(pairs, "pair")}, the last one in ${measured}`;
  return pairs >= OUTWEIGHED
    ? `Calibrated: ${before}`
    : `Learning: ${before}; from ${OUTWEIGHED} on they outweigh the documented term`;
};

const problemsOf = ({ counted, asked, problems }: DeploymentInput): readonly Problem[] =>
  problems.length > 0
    ? problems
    : [
        {
          code: "too-few-rounds",
          severity: "invalid",
          message: `${counted} of ${countOf(asked, "round")} were measured to their end, and ${LEAST_ROUNDS} are needed; nothing was written.`,
          hint: "Let it run to its end, and raise max-duration where it was short.",
        },
      ];

/** In the catalogue's order. */
const rowsOf = ({ draw, noise }: NonNullable<DeploymentInput["result"]>): readonly DeploymentRow[] =>
  METRICS.flatMap(({ id }) => {
    const [difference, term] = [draw.metrics[id], noise.terms[id]];
    if (difference === undefined || term === undefined) return [];
    return [{ id, log: difference.log, error: difference.error.sd, documented: documentedDeployment(id), term }];
  });
