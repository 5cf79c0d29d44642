import { describe, expect, it } from "vitest";
import { concludeSession, type Session } from "../../src/gate/calibrate.ts";
import { buildCalibrationReport } from "../../src/report/calibration.ts";
import { calibrationJson, renderCalibration, renderCalibrationSummary } from "../../src/report/calibration-faces.ts";
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

describe("what calibrate tells, as people and programs read it", () => {
  for (const [name, session] of Object.entries(CASES)) {
    const result = concludeSession(session, null);
    const report = buildCalibrationReport({
      asked: session.asked,
      counted: session.rounds.length,
      refused: session.refused,
      seconds: 1_065.4,
      result,
      writtenTo: result === null ? null : "history.json",
    });
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
