import fc from "fast-check";
import { expect, test } from "vitest";
import { concludeSession } from "../../src/gate/calibrate.ts";
import { measureNoise } from "../../src/judge/noise.ts";
import type { Proposal } from "../../src/judge/proposals.ts";
import { roundsOf } from "../unit/calibrate/rounds.ts";

const shape = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 20 });
const scale = fc.double({ min: 0.001, max: 0.3, noNaN: true });

/** The shape around its own mean and with 0 at its end, so that a larger scale moves nothing but the spread. */
const levelled = (logs: readonly number[]): readonly number[] => {
  const last = logs.at(-1) ?? 0;
  return logs.map((log) => log - last);
};
const proposals = (logs: readonly number[]) => {
  const done = concludeSession({ asked: logs.length, rounds: roundsOf(logs), refused: [] }, null);
  if (done === null) throw new Error("too few rounds");
  return done.proposals;
};
const shares = (some: readonly Proposal[]): readonly number[] =>
  some.flatMap(({ limit }) =>
    limit.terms.flatMap((term) =>
      term.kind === "relative" ? [term.share] : term.kind === "points" ? [term.points] : [],
    ),
  );

test("more noise never proposes a tighter limit, and no noise none that is tighter than the default", () => {
  fc.assert(
    fc.property(shape, scale, fc.double({ min: 1, max: 5, noNaN: true }), (logs, sd, louder) => {
      const calm = proposals(levelled(logs).map((log) => log * sd));
      const loud = proposals(levelled(logs).map((log) => log * sd * louder));
      const before = shares(calm.history);
      expect(before.length).toBeGreaterThan(0);
      for (const [i, share] of shares(loud.history).entries()) expect(share).toBeGreaterThanOrEqual(before[i] ?? 0);
      for (const share of before) expect(share).toBeGreaterThanOrEqual(0.005);
    }),
    { numRuns: 60 },
  );
});

test("a proposed limit is at least twice what would be seen, or the default", () => {
  fc.assert(
    fc.property(shape, scale, (logs, sd) => {
      const { history, paired } = proposals(logs.map((log) => log * sd));
      for (const { limit, detectable } of [...history, ...paired])
        for (const term of limit.terms)
          if (term.kind === "relative") expect(term.share).toBeGreaterThanOrEqual(2 * (detectable ?? 0) - 1e-9);
    }),
    { numRuns: 60 },
  );
});

test("a level does not change a spread: rounds of twice the time scatter alike", () => {
  fc.assert(
    fc.property(shape, (logs) => {
      const [plain, shifted] = [logs, logs.map((log) => log + Math.LN2)].map((some) => measureNoise(roundsOf(some)));
      expect(shifted?.["p50"]?.runToRun.sd).toBeCloseTo(plain?.["p50"]?.runToRun.sd ?? Number.NaN, 9);
      expect(shifted?.["p50"]?.round.sd).toBeCloseTo(plain?.["p50"]?.round.sd ?? Number.NaN, 9);
    }),
  );
});
