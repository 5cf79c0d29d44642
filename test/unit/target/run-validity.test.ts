import { describe, expect, test } from "vitest";
import type { ModelPlan } from "../../../src/load/model.ts";
import type { GeneratorHealth, LoadResult } from "../../../src/load/result.ts";
import { earlyEnd, failingWithoutBaseline, runProblems } from "../../../src/target/run-validity.ts";
import { perSecond, seconds, share } from "../../../src/units.ts";
import { calm, latency, loadResult, task } from "./load-result.ts";

const plan: ModelPlan = { users: 20, spawnRate: perSecond(4), runTime: seconds(60), rate: null, stages: null };
const codes = (load: LoadResult): readonly string[] => runProblems(load, plan).map(({ code }) => code);

const answered = (status: number, count: number, others = 0): LoadResult =>
  loadResult(
    { "client-error": count, ok: others },
    { tasks: [task({ "client-error": count, ok: others }, { "client-error": [{ status, text: "no" }] })] },
  );

describe("a run that was turned away is invalid", () => {
  test.each<[string, LoadResult, string[]]>([
    ["a healthy run has no problem", loadResult({ ok: 2000 }), []],
    ["every request a 404 is refused", answered(404, 2000), ["target-refused"]],
    ["every request a 403 is refused", answered(403, 2000), ["target-refused"]],
    ["91 % 401 is refused", answered(401, 910, 90), ["target-refused"]],
    ["90 % 401 is a failure rate, not a refusal", answered(401, 900, 100), []],
    ["a deployment that answers 422 was reached", answered(422, 2000), []],
    ["client errors without an example are doubted", loadResult({ "client-error": 2000 }), ["target-refused"]],
    ["everything redirected", loadResult({ redirected: 2000 }), ["target-redirects"]],
    [
      "refused and redirected together pass 90 %",
      loadResult(
        { redirected: 1000, "client-error": 950, ok: 50 },
        { tasks: [task({ "client-error": 950 }, { "client-error": [{ status: 401, text: "" }] })] },
      ),
      ["target-redirects"],
    ],
    ["aborted requests are in neither part", loadResult({ redirected: 95, ok: 5, aborted: 900 }), ["target-redirects"]],
    ["everything 5xx is judged against a baseline, not refused", loadResult({ "server-error": 2000 }), []],
    ["everything throttled likewise", loadResult({ throttled: 2000 }), []],
  ])("%s", (_, load, expected) => {
    expect(codes(load)).toEqual(expected);
  });

  test("the message names the status that stands for most requests, not the most examples", () => {
    const few = task({ "client-error": 10 }, { "client-error": Array(5).fill({ status: 404, text: "" }) });
    const many = task({ "client-error": 1990 }, { "client-error": [{ status: 403, text: "" }] });
    const [problem] = runProblems(loadResult({ "client-error": 2000 }, { tasks: [few, many] }), plan);
    expect(problem?.message).toContain("status 403");
  });

  test("one task of two that is only unprocessable keeps the run", () => {
    const refused = task({ "client-error": 1000 }, { "client-error": [{ status: 404, text: "" }] });
    const reached = task({ "client-error": 1000 }, { "client-error": [{ status: 422, text: "" }] });
    expect(codes(loadResult({ "client-error": 2000 }, { tasks: [refused, reached] }))).toEqual([]);
  });
});

describe("a run without an end or without requests is invalid", () => {
  test.each<[string, LoadResult, string[]]>([
    ["nothing was sent", loadResult({}), ["no-requests"]],
    ["everything was aborted", loadResult({ aborted: 20 }), ["no-requests"]],
    ["cancelled", loadResult({ ok: 100 }, { stopped: "interrupted" }), ["interrupted"]],
    ["cancelled before the first request", loadResult({}, { stopped: "interrupted" }), ["interrupted", "no-requests"]],
    ["a worker died", loadResult({ ok: 100 }, { stopped: "worker-lost" }), ["worker-lost"]],
    ["the request budget is an end like another", loadResult({ ok: 100 }, { stopped: "max-requests" }), []],
    ["all timeouts were sent and count", loadResult({ timeout: 100 }), []],
  ])("%s", (_, load, expected) => {
    expect(codes(load)).toEqual(expected);
  });
});

describe("a generator at its limit makes the run invalid", () => {
  const health = (change: Partial<GeneratorHealth>): LoadResult =>
    loadResult({ ok: 2000 }, { generator: { ...calm, ...change } });
  const busy = (shareAbove80: number) => ({ utilisation: { mean: 0.5, max: 0.9, shareAbove80 }, cpuShare: 0.5 });
  const late = (p99: number, p95: number) =>
    loadResult(
      { ok: 2000 },
      { generator: { ...calm, loopDelayMs: { p50: 1, p99, max: p99 } }, response: latency(p95), service: latency(p95) },
    );

  test.each<[string, LoadResult, boolean]>([
    ["busy in 6 % of the seconds", health(busy(0.06)), true],
    ["busy in 5 % of the seconds is tolerated", health(busy(0.05)), false],
    ["loop delay above 100 ms whatever the target", late(101, 5000), true],
    ["loop delay of 30 ms beside a p95 of 100 ms", late(30, 100), true],
    ["loop delay of 20 ms beside a p95 of 100 ms", late(20, 100), false],
    ["loop delay of 4 ms beside a p95 of 2 ms is below the floor", late(4, 2), false],
    ["a stolen core", health({ utilisation: { mean: 0.7, max: 0.8, shareAbove80: 0 }, cpuShare: 0.25 }), true],
    [
      "a busy loop that uses its core",
      health({ utilisation: { mean: 0.7, max: 0.8, shareAbove80: 0 }, cpuShare: 0.6 }),
      false,
    ],
    ["18 of 20 users", health({ usersReached: 18 }), true],
    ["19 of 20 users", health({ usersReached: 19 }), false],
    ["three local errors in 2,000", loadResult({ ok: 1997, "local-error": 3 }), true],
    ["two local errors in 2,000", loadResult({ ok: 1998, "local-error": 2 }), false],
    [
      "late starts add 12 ms to a p95 of 100 ms",
      loadResult({ ok: 2000 }, { response: latency(112), service: latency(100) }),
      true,
    ],
    [
      "late starts add 2.1 ms to a p95 of 10 ms",
      loadResult({ ok: 2000 }, { response: latency(12.1), service: latency(10) }),
      true,
    ],
    [
      "late starts add 1.9 ms to a p95 of 10 ms",
      loadResult({ ok: 2000 }, { response: latency(11.9), service: latency(10) }),
      false,
    ],
    [
      "late starts add 8 ms to a p95 of 100 ms",
      loadResult({ ok: 2000 }, { response: latency(108), service: latency(100) }),
      false,
    ],
  ])("%s", (_, load, saturated) => {
    expect(codes(load)).toEqual(saturated ? ["generator-saturated"] : []);
  });

  test("a ramp longer than the run and a cancelled ramp do not accuse the generator", () => {
    const load = health({ usersAsked: 400, usersReached: 236 });
    expect(runProblems(load, { ...plan, users: 400 })).toEqual([]);
    expect(codes({ ...health({ usersReached: 3 }), stopped: "interrupted" })).toEqual(["interrupted"]);
  });

  test("every sign is named in one problem", () => {
    const load = loadResult({ ok: 1000, "local-error": 1000 }, { generator: { ...calm, usersReached: 2 } });
    const problems = runProblems(load, plan);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(/1000 of 2000 requests failed on this machine.*2 of 20 users/);
  });
});

describe("without a baseline a failing target proves nothing", () => {
  test.each<[string, LoadResult, boolean]>([
    ["every request a 500", loadResult({ "server-error": 2000 }), true],
    ["more than half timed out", loadResult({ ok: 49, timeout: 51 }), true],
    [
      "failures of several classes add up",
      loadResult({ ok: 40, reset: 20, "dns-error": 20, "check-failed": 20 }),
      true,
    ],
    ["exactly half", loadResult({ ok: 50, "server-error": 50 }), false],
    ["aborted requests do not count as failures", loadResult({ ok: 60, "server-error": 40, aborted: 400 }), false],
    ["nothing was sent", loadResult({}), false],
  ])("%s", (_, load, failing) => {
    expect(failingWithoutBaseline(load)?.code).toBe(failing ? "target-failing" : undefined);
  });

  test("the message names the status of the largest class", () => {
    const load = loadResult(
      { "server-error": 90, timeout: 10 },
      { tasks: [task({ "server-error": 90 }, { "server-error": [{ status: 503, text: "" }] })] },
    );
    expect(failingWithoutBaseline(load)?.message).toContain("100.0 %");
    expect(failingWithoutBaseline(load)?.message).toContain("503");
  });
});

describe("an early end has one reason", () => {
  const bounds = {
    runTime: seconds(60),
    maxRequests: 5000,
    stopIf: { metric: "failure-rate", above: share(0.5), seconds: seconds(10) } as const,
  };
  const ended = (stopped: LoadResult["stopped"]) => earlyEnd(loadResult({ ok: 2000 }, { stopped }), bounds);

  test("max-requests and stop-if are told with what they were set to, and the run stands", () => {
    expect(ended("max-requests")).toMatchObject({
      code: "stopped-early",
      severity: "warning",
      message: expect.stringMatching(/^The load ended after \d+ of 60 s: max-requests \(5,000\) were sent\.$/),
    });
    expect(ended("stop-if")?.message).toMatch(/of 60 s: stop-if held, failure-rate > 50% for 10s\.$/);
  });

  test("the end of the time is none, and what makes the run invalid has a problem of its own", () => {
    for (const stopped of ["run-time", "interrupted", "worker-lost", "users-gone"] as const) {
      expect(ended(stopped)).toBeNull();
    }
  });
});
