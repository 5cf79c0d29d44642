import { isAbsolute } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readZipEntry } from "../../src/adapters/github/zip.ts";
import { PULL_NUMBER, REPOSITORY, SHA } from "../../src/entry/demo/repository.ts";
import { OUTPUT_NAMES } from "../../src/report/outputs.ts";
import { createWorld, SMALL_LOAD, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  await world.close();
});

const VERDICTS = ["pass", "improved", "warn", "fail", "inconclusive", "invalid", "no-baseline"];
const inputs = (url: string) => ({ url, ...SMALL_LOAD, functions: "orders" });

type Metric = {
  readonly id: string;
  readonly base: number | null;
  readonly head: number | null;
  readonly verdict: string | null;
};

const metricOf = (outputs: Readonly<Record<string, string>>, id: string): Metric => {
  const metrics = JSON.parse(outputs["metrics"] ?? "") as readonly Metric[];
  const metric = metrics.find((one) => one.id === id);
  if (metric === undefined) throw new Error(`no metric ${id} in ${outputs["metrics"]}`);
  return metric;
};

const wellFormed = (outputs: Readonly<Record<string, string>>): void => {
  expect(Object.keys(outputs).toSorted()).toEqual([...OUTPUT_NAMES].toSorted());
  expect(VERDICTS).toContain(outputs["verdict"]);
  expect(["true", "false"]).toContain(outputs["gate-open"]);
  for (const metric of JSON.parse(outputs["metrics"] ?? "")) {
    expect(Object.keys(metric)).toEqual(
      expect.arrayContaining(["id", "unit", "gates", "base", "head", "change", "limit", "verdict"]),
    );
  }
};

describe("the road of a pull request", () => {
  let baseRequests = 0;

  it("a pull request before any push says no-baseline, opens the gate and stores its record only", async () => {
    const url = await world.deploy({ durationMs: 150 });
    const run = await world.action({ event: "pull_request", headSha: SHA.head, inputs: inputs(url) });
    expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([0, "no-baseline", "true"]);
    wellFormed(run.outputs);
    const { artifacts, comments } = await world.simulator.github();
    expect(artifacts.filter(({ runId }) => runId === run.runId).map(({ name }) => name)).toEqual([
      "swarmgate-gate-run",
    ]);
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body.split("\n")[0]).toBe("<!-- swarmgate:v1:gate -->");
    expect(run.annotations.map(({ level }) => level)).toEqual(["warning"]);
    expect(run.summary).toContain("No baseline");
    const parts = ["Waiting for the target", "Load", "What AWS saw", "Judgement"];
    expect([...run.log.matchAll(/^::((?:group|endgroup)::.*)$/gm)].map(([, command]) => command)).toEqual(
      parts.flatMap((part) => [`group::${part}`, "endgroup::"]),
    );
  });

  it("the push to the base branch stores run and history, and is no pass", async () => {
    const url = await world.deploy({ durationMs: 150 });
    const run = await world.action({ event: "push", headSha: SHA.base, inputs: inputs(url) });
    expect([run.exitCode, run.outputs["verdict"]]).toEqual([0, "no-baseline"]);
    wellFormed(run.outputs);
    const { artifacts, comments } = await world.simulator.github();
    expect(
      artifacts
        .filter(({ runId }) => runId === run.runId)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(["swarmgate-gate-history", "swarmgate-gate-run"]);
    expect(comments).toHaveLength(1);

    // What the client, AWS and the simulator's ledger say is one and the same.
    expect(isAbsolute(run.outputs["run-record"] ?? "")).toBe(true);
    expect(run.outputs["run-record"]).toContain(world.root);
    const record = run.record();
    const ledger = await world.simulator.ledger("orders");
    const window = { from: Date.parse(record.window.start), to: Date.parse(record.window.end) + 2_000 };
    const truth = await world.simulator.summary("orders", window);
    baseRequests = record.totals.requests;
    expect(record.totals.outcomes.ok).toBe(record.totals.requests);
    expect(ledger.counts.requests).toBe(record.totals.requests + record.warmUp.probes);
    expect(record.cloud?.state).toBe("complete");
    // AWS counts by the minute: probes before the load are in it when they are in its first one.
    const minutes = { from: record.cloud?.window.start ?? 0 };
    const { invocations } = await world.simulator.summary("orders", minutes);
    expect(record.cloud?.functions[0]?.invocations).toBe(invocations);
    expect(record.cloud?.functions[0]?.throttles).toBe(0);
    const average = record.cloud?.functions[0]?.duration.average ?? 0;
    expect(Math.abs(average / (truth.meanDurationMs ?? 0) - 1)).toBeLessThan(0.01);
    const p50 = truth.p50ServedMs ?? 0;
    expect(Math.abs((record.service.p50 ?? 0) - p50)).toBeLessThan(0.02 * p50 + 1);
  });

  it("the next push is judged against the one before it, and its history carries both", async () => {
    const url = await world.deploy({ durationMs: 150 });
    const run = await world.action({ event: "push", headSha: SHA.base, inputs: inputs(url) });
    expect([run.exitCode, run.outputs["gate-open"]]).toEqual([0, "true"]);
    expect(["pass", "inconclusive", "warn"]).toContain(run.outputs["verdict"]);
    const { artifacts } = await world.simulator.github();
    const history = artifacts.find(({ runId, name }) => runId === run.runId && name === "swarmgate-gate-history");
    const archive = await fetch(
      `${world.simulator.urls.github}/repos/${REPOSITORY}/actions/artifacts/${history?.id}/zip`,
      {
        headers: { authorization: "token x" },
      },
    );
    const entry = readZipEntry(Buffer.from(await archive.arrayBuffer()), "history.json", 1_000_000);
    if (entry.kind !== "bytes") throw new Error(JSON.stringify(entry));
    const { runs } = JSON.parse(Buffer.from(entry.bytes).toString("utf8"));
    expect(runs).toHaveLength(2);
  });

  it("a pull request with the same handler leaves the gate open and edits the one comment", async () => {
    const url = await world.deploy({ durationMs: 150 });
    const run = await world.action({ event: "pull_request", headSha: SHA.head, inputs: inputs(url) });
    expect([run.exitCode, run.outputs["gate-open"]]).toEqual([0, "true"]);
    expect(["pass", "inconclusive", "warn"]).toContain(run.outputs["verdict"]);
    wellFormed(run.outputs);
    expect([run.outputs["baseline-sha"], run.outputs["baseline-state"]]).toEqual([SHA.base, "exact"]);
    const { comments } = await world.simulator.github();
    expect(comments).toHaveLength(1);
    expect(comments[0]?.issue).toBe(PULL_NUMBER);
    expect(run.outputs["comment-id"]).toBe(String(comments[0]?.id));
    expect(run.annotations.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("the regressed handler closes the gate, exits 1 and edits the same comment", async () => {
    const before = await world.simulator.github();
    const url = await world.deploy({ durationMs: 600 });
    const run = await world.action({ event: "pull_request", headSha: SHA.pushedAgain, inputs: inputs(url) });
    expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([1, "fail", "false"]);
    wellFormed(run.outputs);
    const { comments } = await world.simulator.github();
    expect(comments.map(({ id }) => id)).toEqual(before.comments.map(({ id }) => id));
    expect(comments[0]?.body).toContain("❌");
    expect(run.annotations.filter(({ level }) => level === "error")).toHaveLength(1);
    expect(run.annotations.find(({ level }) => level === "error")?.text).toContain(run.outputs["headline"]);
    expect(metricOf(run.outputs, "lambda-duration").verdict).toBe("fail");

    // Required concurrency is the baseline's rate times the ledger's duration, for both sides (SPEC 5.4).
    const truth = await world.simulator.summary("orders");
    const metric = metricOf(run.outputs, "required-concurrency");
    const rate = baseRequests / 6;
    const expectedHead = Math.max((rate * (truth.meanDurationMs ?? 0)) / 1000, rate / 10);
    const expectedBase = Math.max(rate * 0.15, rate / 10);
    expect(Math.abs((metric.head ?? 0) - expectedHead)).toBeLessThan(Math.max(1, 0.1 * expectedHead));
    expect(Math.abs((metric.base ?? 0) - expectedBase)).toBeLessThan(Math.max(1, 0.1 * expectedBase));
    expect(run.outputs["required-concurrency"]).toBe(String(Math.ceil(metric.head ?? 0)));
  });
});

describe("what cannot be judged never passes", () => {
  it("CloudWatch without data is named, and the Lambda metrics are inconclusive", async () => {
    const url = await world.deploy({ durationMs: 150 });
    await world.simulator.putCloudwatch({ empty: true });
    const run = await world.action({ event: "pull_request", headSha: SHA.head, inputs: inputs(url) });
    await world.simulator.putCloudwatch({ empty: false });
    expect(run.outputs["verdict"]).toBe("inconclusive");
    wellFormed(run.outputs);
    for (const id of ["lambda-duration", "lambda-throttles", "required-concurrency"])
      expect([id, metricOf(run.outputs, id).verdict, metricOf(run.outputs, id).head]).toEqual([
        id,
        "inconclusive",
        null,
      ]);
    expect(run.summary).toContain("cloud-incomplete");
  });

  it("a target that is down is invalid, closes the gate and says why", async () => {
    const url = await world.deploy({ down: true });
    const run = await world.action({
      event: "pull_request",
      headSha: SHA.head,
      inputs: { ...inputs(url), "ready-timeout": "2s" },
    });
    await world.deploy({ down: false });
    expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([1, "invalid", "false"]);
    wellFormed(run.outputs);
    expect(run.summary).toContain("target-not-ready");
    expect(run.record().validity.valid).toBe(false);
  });

  it("a load on a target that fails everything behind a healthy path fails against a healthy baseline", async () => {
    const url = await world.deploy({ durationMs: 150, errorShare: 1 });
    const run = await world.action({
      event: "pull_request",
      headSha: SHA.head,
      inputs: { ...inputs(url), "ready-status": "200-599" },
    });
    await world.deploy({ errorShare: 0 });
    expect([run.exitCode, run.outputs["verdict"]]).toEqual([1, "fail"]);
    expect(metricOf(run.outputs, "failure-rate").verdict).toBe("fail");
  });

  it("everything wrong with the inputs is said at once and nothing is sent", async () => {
    const url = await world.deploy({ durationMs: 150 });
    const run = await world.action({
      event: "pull_request",
      headSha: SHA.head,
      inputs: { url, users: "abc", "spawn-rate": "0", "run-time": "30", user: "5", limits: "p96: +10%" },
    });
    expect(run.exitCode).toBe(1);
    const errors = run.annotations.filter(({ level }) => level === "error").map(({ text }) => text);
    for (const word of ["user", "abc", "spawn-rate", "run-time", "p96"])
      expect(
        errors.some((text) => text.includes(word)),
        `${word} in ${errors.join("\n")}`,
      ).toBe(true);
    expect(errors.length).toBeGreaterThanOrEqual(5);
    expect(run.summary).toContain("Nothing was sent");
    expect(run.summary).toContain("abc");
    expect((await world.simulator.ledger("orders")).counts.requests).toBe(0);
    expect(Object.keys(run.outputs).toSorted()).toEqual([...OUTPUT_NAMES].toSorted());
    expect(run.outputs["gate-open"]).toBe("false");
  });

  it("a read-only token loses the comment and not the verdict", async () => {
    const url = await world.deploy({ durationMs: 150 });
    await world.simulator.putGithub({ readOnlyToken: true });
    const run = await world.action({
      event: "pull_request",
      headSha: SHA.head,
      headRepositoryId: 777,
      inputs: inputs(url),
    });
    await world.simulator.putGithub({ readOnlyToken: false });
    expect(run.exitCode).toBe(0);
    wellFormed(run.outputs);
    expect(run.outputs["comment-id"]).toBe("");
    expect(run.annotations.some(({ text }) => text.includes("comment-not-written"))).toBe(true);
    expect(run.summary).toContain("###");
  });
});

it("a cancelled job stops the load, writes record and summary and never passes", async () => {
  const url = await world.deploy({ durationMs: 150 });
  let cancelled = 0;
  const run = await world.action({
    event: "pull_request",
    headSha: SHA.head,
    inputs: { ...inputs(url), "run-time": "60s" },
    onStart: (child) => {
      setTimeout(() => {
        cancelled = Date.now();
        child.kill("SIGINT");
      }, 4_000);
    },
  });
  expect(Date.now() - cancelled).toBeLessThan(7_500);
  expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([130, "invalid", "false"]);
  const record = run.record();
  expect(record.validity.stopped).toBe("interrupted");
  expect(record.window.seconds).toBeLessThan(10);
  expect(record.totals.requests).toBeGreaterThan(0);
  expect(run.summary).toContain("interrupted");
});
