import { describe, expect, test } from "vitest";
import type { History } from "../../../src/baseline/baseline.ts";
import type { DeploymentDraw } from "../../../src/baseline/deployment-draws.ts";
import { appendDraw } from "../../../src/baseline/history.ts";
import type { GatePorts } from "../../../src/gate/gate-contract.ts";
import { judgeRecords } from "../../../src/gate/judge-record.ts";
import { measureAndJudge } from "../../../src/gate/measure-and-judge.ts";
import type { BaseHistory, WorkflowRun } from "../../../src/ports.ts";
import { parseRecord } from "../../../src/record/parse-record.ts";
import { NO_BASELINE } from "../judge/runs.ts";
import { record } from "../record/sample-record.ts";
import { agreesWithSchema } from "../record/schema-check.ts";
import { pairedConfig, pairedWorld, responses } from "./paired-world.ts";

const WORKFLOW = ".github/workflows/gate.yml";
const GIT = { repository: "octo/shop", sha: "5d6e7f8", branch: "pr", baseBranch: "main", pullRequest: 7 };
const IDENTITY = {
  id: "run-1",
  version: "0.1.0",
  git: { ...GIT, event: "pull_request", runId: 9, runAttempt: 1 },
  workflow: WORKFLOW,
};

type Some = { readonly inputs?: Readonly<Record<string, string>>; readonly ports?: Partial<GatePorts> };

/** The head is 20 % slower: beyond the limit of 10 %, and of what documented deployments differ by. */
const gate = async ({ inputs = {}, ports = {} }: Some = {}) => {
  const world = pairedWorld(({ arm }, number) => responses(arm === "head" ? 120 : 100, number));
  const config = pairedConfig(inputs);
  const result = await measureAndJudge(config, IDENTITY, { ...world.ports, ...ports }, world.signal);
  const read = parseRecord(JSON.stringify(result.record));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return { ...result, world, replayed: judgeRecords(config, NO_BASELINE, [read.value]) };
};

const { record: plain, judgement: documented } = await gate();
/** Pairs of deployments that differ by 20 % are nothing unusual here. */
const draw = (n: number, test = plain.fingerprint.test): DeploymentDraw => ({
  ...{ id: `pair-${n}`, start: "2026-11-20T12:00:00.000Z", sha: null, test, rounds: 16 },
  ...{ base: `https://one.example.com/ ${n}`, head: `https://two.example.com/ ${n}` },
  metrics: Object.fromEntries(["p50", "p95"].map((id) => [id, { log: 0.2, error: { sd: 0.005, df: 14 } }])),
});
const historyOf = (draws: readonly DeploymentDraw[]): History | null => draws.reduce<History | null>(appendDraw, null);

const stored = (text: string | null): BaseHistory => {
  const run: WorkflowRun = {
    ...{ id: 3, event: "push", status: "completed", headSha: "abc1234", headBranch: "main", path: WORKFLOW },
    ...{ repositoryId: 1, headRepositoryId: 1, conclusion: "success", createdAt: "2026-11-20T12:00:00Z" },
  };
  return {
    ancestors: async () => [],
    runs: async () => [run],
    artifact: async ({ runId, file }) =>
      runId === 3 && file === "history.json" && text !== null
        ? { kind: "bytes", bytes: new TextEncoder().encode(text) }
        : { kind: "absent" },
  };
};
const filed = (document: unknown): Some => ({
  inputs: { baseline: "history.json" },
  ports: { files: { read: async () => ({ kind: "text", text: JSON.stringify(document) }), write: async () => {} } },
});

describe("what pairs of deployments differ by", () => {
  const history = historyOf([draw(1), draw(2), draw(3)]);

  test.each<readonly [string, Some]>([
    ["a history that is given", filed(history)],
    ["the base branch's newest run", { ports: { history: stored(JSON.stringify(history)) } }],
  ])("is read of %s, judged with, kept in the record, and replayed", async (_, some) => {
    const { record: kept, judgement, replayed } = await gate(some);
    expect(documented.verdict).toBe("fail");
    expect(judgement).toMatchObject({ mode: "paired", verdict: "inconclusive" });
    expect(kept.deployment).toMatchObject({ pairs: 3, terms: { p50: { df: expect.closeTo(6.6, 0) } } });
    expect(judgement.notes).toContain("calibrated: what two deployments of one code differ by was measured on 3 pairs");
    const parts = judgement.metrics.find(({ id }) => id === "p50")?.how?.data;
    const { sd = 0, df = 0 } = kept.deployment?.terms["p50"] ?? {};
    expect(parts?.kind === "logs" && parts.parts[1]).toEqual({ of: "deployment", sd: Math.SQRT2 * sd, df });
    expect(replayed).toEqual(judgement);
    expect(agreesWithSchema(kept)).toBe(true);
  });

  test("is the documented term under another load, without a history, and where it cannot be read", async () => {
    const other = historyOf([draw(1, { ...plain.fingerprint.test, users: 99 })]);
    const broken: BaseHistory = {
      ...stored(null),
      runs: async () => {
        throw new Error("403");
      },
    };
    const all = await Promise.all([
      gate(filed(other)),
      gate({ ports: { history: stored(null) } }),
      gate({ ports: { history: stored("{") } }),
      gate({ ports: { history: broken } }),
    ]);
    for (const { record: kept, judgement } of all)
      expect([kept.deployment, judgement.verdict, judgement.metrics]).toEqual([undefined, "fail", documented.metrics]);
    expect(all[3]?.world.lines.join()).toContain("the documented terms stand: 403");
  });

  test("is not in a run record: two bases are refused before anything is sent", async () => {
    await expect(gate(filed(record()))).rejects.toThrow("base-url and a run record as baseline are both given");
  });
});
