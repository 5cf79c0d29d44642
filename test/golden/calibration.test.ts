import { describe, expect, it } from "vitest";
import { concludeSession, type Session } from "../../src/gate/calibrate.ts";
import { concludePair, type PairSession } from "../../src/gate/calibrate-pair.ts";
import { buildCalibrationReport, type CalibrationReport } from "../../src/report/calibration.ts";
import { calibrationJson, renderCalibration, renderCalibrationSummary } from "../../src/report/calibration-faces.ts";
import { buildDeploymentReport } from "../../src/report/deployment-calibration.ts";
import { normals, roundsOf } from "../unit/calibrate/rounds.ts";

const noisy = (n: number, sd: number) => {
  const next = normals(3);
  return roundsOf(Array.from({ length: n }, () => sd * next()));
};
const drifting = (n: number) => roundsOf(Array.from({ length: n }, (_, i) => 0.03 * i));
const HOSTILE = "::error::x </td>\n| [a](http://b) | `c` @team";
const withTasks = (n: number) =>
  noisy(n, 0.02).map((round) => ({ ...round, values: { ...round.values, [`p50@${HOSTILE}`]: 9 } }));

const CASES: Readonly<Record<string, Session>> = {
  calibrated: { asked: 15, rounds: noisy(15, 0.03), refused: [] },
  learning: {
    asked: 8,
    rounds: drifting(8),
    refused: [{ attempt: 4, reason: "The load generator was at its own limit." }],
  },
  "too-few": {
    asked: 6,
    rounds: noisy(4, 0.03),
    refused: [2, 4, 6, 8, 9].map((attempt) => ({ attempt, reason: `The target did not answer: ${HOSTILE}` })),
  },
  "hostile-names": { asked: 6, rounds: withTasks(6), refused: [] },
};

const [run] = noisy(1, 0);
if (run === undefined) throw new Error("no round");
const pair = {
  id: run.id,
  start: run.start,
  sha: run.sha,
  test: run.fingerprint.test,
  base: "https://one.example.com/ 5d6e7f8",
  head: "https://two.example.com/ 5d6e7f8",
  rounds: 16,
  metrics: {
    p50: { log: 0.021, error: { sd: 0.004, df: 14 } },
    p95: { log: -0.034, error: { sd: 0.012, df: 14 } },
    "lambda-duration": { log: 0.004, error: { sd: 0.003, df: 14 } },
  },
};
const PAIRS: Readonly<Record<string, PairSession>> = {
  deployments: {
    ...{ asked: 16, rounds: 16, head: run, draw: pair, problems: [] },
    notes: [`provisioned concurrency 5 -> ${HOSTILE}`],
  },
  "deployments-too-few": { asked: 16, rounds: 4, head: run, draw: null, problems: [], notes: [] },
};

const REPORTS: Readonly<Record<string, CalibrationReport>> = Object.fromEntries([
  ...Object.entries(CASES).map(([name, session]) => {
    const result = concludeSession(session, null);
    const { asked, rounds, refused } = session;
    const writtenTo = result === null ? null : "history.json";
    const told = { asked, counted: rounds.length, refused, seconds: 1_065.4, result, writtenTo };
    return [name, buildCalibrationReport(told)] as const;
  }),
  ...Object.entries(PAIRS).map(([name, session]) => {
    const result = concludePair(session, null);
    const { asked, rounds: counted, problems, notes } = session;
    const writtenTo = result === null ? null : "history.json";
    const told = { asked, counted, problems, notes, seconds: 861.2, result, writtenTo };
    return [name, buildDeploymentReport(told)] as const;
  }),
]);

describe("what calibrate tells, as people and programs read it", () => {
  for (const [name, report] of Object.entries(REPORTS)) {
    const golden = (file: string): string => `./report/calibration/${name}/${file}`;

    it(`${name}: terminal of 80 columns`, async () => {
      await expect(renderCalibration(report, 80)).toMatchFileSnapshot(golden("terminal.txt"));
    });
    it(`${name}: job summary`, async () => {
      await expect(renderCalibrationSummary(report)).toMatchFileSnapshot(golden("summary.md"));
    });
    it(`${name}: JSON`, async () => {
      await expect(calibrationJson(report)).toMatchFileSnapshot(golden("result.json"));
    });
    it(`${name}: no line of it can be a workflow command`, () => {
      for (const text of [renderCalibration(report, 80), renderCalibrationSummary(report)])
        expect(text).not.toMatch(/^\s*::|##\[/m);
    });
  }
});
