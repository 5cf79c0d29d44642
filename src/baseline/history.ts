import type { Parsed } from "../errors.ts";
import { type DocumentKind, parseDocument } from "../record/document.ts";
import { listOf, object, oneOf } from "../record/reader.ts";
import { forHistory } from "../record/row-summaries.ts";
import type { RunSummary } from "../record/summary.ts";
import { HISTORY_LENGTH, HISTORY_SCHEMA, type History, type KnownNoise } from "./baseline.ts";
import { CALIBRATIONS_KEPT, type Calibration, calibration, uniteCalibrations } from "./calibration.ts";
import { type DeploymentDraw, DRAWS_KEPT, deploymentDraw, uniteDraws } from "./deployment-draws.ts";
import { runSummary } from "./summary-readers.ts";

/** Reads a `history.json` that may come from anywhere: bounded, strict, every problem named, nothing thrown. */
export const parseHistory = (input: string): Parsed<History> => parseDocument(input, HISTORY);

/**
 * The history with one run more: united by id, in order of the window's start, the oldest dropped beyond 50. Invalid and
 * interrupted runs never enter, so that a bad measurement never becomes the norm; a regression that was measured does.
 */
export const appendHistory = (history: History | null, summary: RunSummary): History =>
  unite([...(history === null ? [] : [history]), { schema: HISTORY_SCHEMA, runs: [summary] }]);

/** Histories of runs that overlapped, as one. Of two summaries with one id the first stands. */
export const unite = (histories: readonly History[]): History => ({
  schema: HISTORY_SCHEMA,
  runs: uniteRuns(histories.map((history) => history.runs))
    .slice(-HISTORY_LENGTH)
    .map(forHistory),
  ...uniteNoise(histories),
});

/** The history with one calibration more, and the run that stands for its session. */
export const appendCalibration = (
  history: History | null,
  session: { readonly calibration: Calibration; readonly run: RunSummary },
): History => {
  const added = { schema: HISTORY_SCHEMA, runs: [session.run], calibrations: [session.calibration] } as const;
  return unite([...(history === null ? [] : [history]), added]);
};

/** The history with one draw more of what deployments differ by. */
export const appendDraw = (history: History | null, draw: DeploymentDraw): History =>
  unite([...(history === null ? [] : [history]), { schema: HISTORY_SCHEMA, runs: [], deployments: [draw] }]);

/** What several histories know beside their runs. */
export const uniteNoise = (known: readonly KnownNoise[]): KnownNoise => {
  const calibrations = uniteCalibrations(known.map((one) => one.calibrations ?? []));
  const deployments = uniteDraws(known.map((one) => one.deployments ?? []));
  return {
    ...(calibrations.length === 0 ? {} : { calibrations }),
    ...(deployments.length === 0 ? {} : { deployments }),
  };
};

/** Runs that may stand in a history, each once, oldest first. */
export const uniteRuns = (lists: readonly (readonly RunSummary[])[]): readonly RunSummary[] => {
  const byId = new Map<string, RunSummary>();
  for (const run of lists.flat()) if (isSound(run) && !byId.has(run.id)) byId.set(run.id, run);
  return [...byId.values()].toSorted(byStart);
};

/** Whether a run measured what it was meant to measure, to its end. */
export const isSound = (run: RunSummary): boolean => run.valid && !run.interrupted;

/** Instants are texts of one form, so they sort as texts; ids keep the order of equal ones the same everywhere. */
const byStart = (a: RunSummary, b: RunSummary): number => compareText(a.start, b.start) || compareText(a.id, b.id);

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const HISTORY: DocumentKind<History> = {
  what: "history",
  schema: HISTORY_SCHEMA,
  read: object<History>(
    {
      schema: oneOf(HISTORY_SCHEMA),
      runs: listOf(runSummary, HISTORY_LENGTH),
      calibrations: listOf(calibration, CALIBRATIONS_KEPT),
      deployments: listOf(deploymentDraw, DRAWS_KEPT),
    },
    { calibrations: undefined, deployments: undefined },
  ),
};
