import { describe, expect, test } from "vitest";
import { gateChanges } from "../../../src/baseline/gate-changes.ts";
import { parseLimits } from "../../../src/config/parse-limits.ts";
import { ownGateLines } from "../../../src/entry/own-gate.ts";
import { type GateFacts, gateFacts } from "../../../src/record/gate-facts.ts";
import type { RunSummary } from "../../../src/record/summary.ts";
import { config, record } from "../record/sample-record.ts";
import { otherLoad, summary } from "./sample-summary.ts";

const facts = (limits = "", some: Partial<GateFacts> = {}, maxConcurrency: number | null = null): GateFacts => {
  const parsed = parseLimits(limits);
  if (!parsed.ok) throw new Error(limits);
  const whole = config();
  const made = gateFacts({ gate: { ...whole.gate, limits: parsed.value }, aws: { ...whole.aws, maxConcurrency } });
  return { ...made, ...some };
};
const run = (gate: GateFacts | undefined, some: Partial<RunSummary> = {}): RunSummary => {
  const { gate: _, ...made } = { ...summary(1), ...some };
  return gate === undefined ? made : { ...made, gate };
};

describe("what a change does to its own gate", () => {
  test.each<readonly [string, GateFacts | undefined, GateFacts | undefined, readonly string[]]>([
    ["nothing", facts("p50: +5%"), facts("p50: +5%"), []],
    ["nothing, in another spelling and order", facts("p95: <= 500ms; +5%"), facts("p95: +5.0%\np95: <= 500 ms"), []],
    ["a limit raised", facts("p50: +5%"), facts("p50: +50%"), ["limit of p50: +5% in the baseline, +50% here"]],
    ["a limit switched off", facts(), facts("p50: off"), ["limit of p50: default in the baseline, off here"]],
    [
      "a limit given back to the default",
      facts("p50: +5%"),
      facts(),
      ["limit of p50: +5% in the baseline, default here"],
    ],
    [
      "a task's limit",
      facts("p95@GET /a:b: +5%"),
      facts(),
      ["limit of p95@GET /a:b: +5% in the baseline, default here"],
    ],
    [
      "a bound by its own input",
      facts("", {}, 10),
      facts("", {}, 99),
      ["limit of required-concurrency: <= 10 in the baseline, <= 99 here"],
    ],
    [
      "the gate left open",
      facts(),
      facts("", { failOn: "never" }),
      ["fail-on: regression in the baseline, never here"],
    ],
    ["a base that did not tell", undefined, facts("p50: off"), []],
  ])("%s", (...[, base, head, expected]) => expect(gateChanges(run(base), run(head))).toEqual(expected));

  test("another load, but not another version of ours", () => {
    const other = otherLoad(summary(1)).fingerprint;
    const engine = { ...other, test: { ...other.test, engine: "builtin-99" } };
    const changes = gateChanges(run(facts()), run(facts(), { fingerprint: engine }));
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.join()).not.toContain("builtin-99");
  });
});

test("is told against the newest run of the base, also when its load keeps it from being the baseline", () => {
  const head = record();
  const mine = { ...summary(3), gate: facts("p50: +1%"), fingerprint: head.fingerprint };
  const older = { ...mine, start: summary(2).start, gate: facts("p50: +9%") };
  const result = {
    ...{ record: head, judgement: {} as never },
    baseline: { kind: "none", problem: {} as never, notes: [] } as const,
    history: { schema: "swarmgate.history/v1", runs: [older, mine] } as const,
  };
  expect(ownGateLines(result)).toEqual([
    "This change is judged by another gate than its base: limit of p50: +1% in the baseline, default here.",
  ]);
  expect(ownGateLines({ ...result, history: null })).toEqual([]);
});
