import { describe, expect, test } from "vitest";
import { parseLimits } from "../../../src/config/parse-limits.ts";
import { foreseenLimits } from "../../../src/gate/foresee-limits.ts";
import type { RunSummary } from "../../../src/record/summary.ts";
import { POLICY, run, runsOf } from "./runs.ts";

const foreseen = (limits: string, runs: readonly RunSummary[] | null): readonly string[] => {
  const own = parseLimits(limits);
  if (!own.ok) throw new Error("bad limits");
  const policy = { gate: { ...POLICY, limits: own.value }, aws: { referenceRps: null, maxConcurrency: null } };
  return foreseenLimits(policy, runs === null ? null : { path: "base.json", runs });
};
const CALM = runsOf(
  "p50",
  Array.from({ length: 20 }, (_, i) => 100 * (1 + 0.01 * ((i % 3) - 1))),
);

describe("before the load a baseline file says which limits its noise cannot decide", () => {
  test.each<[string, string, readonly RunSummary[] | null, readonly RegExp[]]>([
    [
      "a tight limit against one run",
      "p50: +5%",
      [run()],
      [/^p50: \+5% cannot be decided here: .*use paired mode or \+40%\.$/],
    ],
    ["a tight limit against 20 calm runs", "p50: +5%", CALM, []],
    ["a wide limit", "p50: +60%", [run()], []],
    ["a limit that only warns", "p50: warn +5%", [run()], []],
    ["an absolute limit", "p50: <= 50ms", [run()], []],
    ["default limits, which every first run would be told of", "", [run()], []],
    ["no baseline file", "p50: +5%", null, []],
    ["a file without a sound run", "p50: +5%", [run({ valid: false })], []],
  ])("%s", (_, limits, runs, said) => {
    const sentences = foreseen(limits, runs);
    expect(sentences).toHaveLength(said.length);
    for (const [i, pattern] of said.entries()) expect(sentences[i]).toMatch(pattern);
  });
});
