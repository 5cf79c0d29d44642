import { randomUUID } from "node:crypto";
import { nodeClock } from "../adapters/node/clock.ts";
import type { History } from "../baseline/baseline.ts";
import type { Config } from "../config/config.ts";
import { concludeSession, DEFAULT_ROUNDS, measureRounds } from "../gate/calibrate.ts";
import { calibratePair, concludePair, PAIR_ROUNDS } from "../gate/calibrate-pair.ts";
import type { GatePorts, RunIdentity } from "../gate/gate-contract.ts";
import type { RunSummary } from "../record/summary.ts";
import { buildCalibrationReport, type CalibrationReport } from "../report/calibration.ts";
import { buildDeploymentReport } from "../report/deployment-calibration.ts";

/** A session that was measured, and what it comes to beside what was known before. */
export type CalibrationSession = {
  /** The load as a run, by which earlier histories are found; `null` where nothing was measured. */
  readonly head: RunSummary | null;
  readonly conclude: (before: History | null) => Concluded;
};

export type Concluded = {
  /** `null` when the session says nothing. */
  readonly history: History | null;
  /** `writtenTo` is where the history is now, `null` where it was not written. */
  readonly report: (writtenTo: string | null) => CalibrationReport;
};

type Asked = {
  readonly config: Config;
  readonly identity: Omit<RunIdentity, "id">;
  /** `null` takes as many as such a session needs. */
  readonly rounds: number | null;
};

const SECOND_MS = 1000;

/** Rounds of a session with this configuration when nobody says how many. */
export const defaultRounds = ({ target }: Config): number => (target.baseUrl === null ? DEFAULT_ROUNDS : PAIR_ROUNDS);

/** A/A rounds on one target, or with `base-url` rounds on two deployments of the same code. */
export const calibrate = (asked: Asked, ports: GatePorts, signal: AbortSignal): Promise<CalibrationSession> =>
  asked.config.target.baseUrl === null ? ofOneTarget(asked, ports, signal) : ofTwo(asked, ports, signal);

const ofOneTarget = async (
  { config, identity, rounds }: Asked,
  ports: GatePorts,
  signal: AbortSignal,
): Promise<CalibrationSession> => {
  const seconds = stopwatch();
  const request = { config, identity, newId: randomUUID, rounds: rounds ?? defaultRounds(config) };
  const session = await measureRounds(request, ports, signal);
  const told = {
    asked: session.asked,
    counted: session.rounds.length,
    refused: session.refused,
    seconds: seconds(),
  };
  return {
    head: session.rounds.at(-1) ?? null,
    conclude: (before) => {
      const result = concludeSession(session, before);
      const report = (writtenTo: string | null) => buildCalibrationReport({ ...told, result, writtenTo });
      return { history: result?.history ?? null, report };
    },
  };
};

const ofTwo = async (
  { config, identity, rounds }: Asked,
  ports: GatePorts,
  signal: AbortSignal,
): Promise<CalibrationSession> => {
  const seconds = stopwatch();
  const request = { config, identity: { ...identity, id: randomUUID() }, rounds: rounds ?? defaultRounds(config) };
  const session = await calibratePair(request, ports, signal);
  const { asked, rounds: counted, problems, notes } = session;
  const told = { asked, counted, problems, notes, seconds: seconds() };
  return {
    head: session.head,
    conclude: (before) => {
      const result = concludePair(session, before);
      const report = (writtenTo: string | null) => buildDeploymentReport({ ...told, result, writtenTo });
      return { history: result?.history ?? null, report };
    },
  };
};

const stopwatch = (): (() => number) => {
  const begun = nodeClock.now();
  return () => (nodeClock.now() - begun) / SECOND_MS;
};
