/** Reports of runs that one machine did not measure against a history alone: rounds, shards, other tools' files. */
import { describe, expect, it } from "vitest";
import { configurationSection } from "../../../src/report/configuration-section.ts";
import { renderHtml } from "../../../src/report/html/html.ts";
import { renderJunit } from "../../../src/report/junit.ts";
import { renderSummary } from "../../../src/report/markdown.ts";
import { buildReport } from "../../../src/report/model.ts";
import { renderTerminal } from "../../../src/report/terminal.ts";
import { CASES } from "../../golden/cases.ts";
import { baseSide, judgement, record } from "../../golden/fixtures.ts";
import { roundsOf } from "../../golden/rounds.ts";

const sectionOf = (name: keyof typeof CASES, id: string) =>
  buildReport(CASES[name]).details.find((one) => one.id === id);

describe("paired mode", () => {
  it("has a line per round, those that confirm apart, with who was first and the change of each", () => {
    const section = sectionOf("paired", "rounds");
    expect(section?.title).toBe("Rounds (12, 4 to confirm)");
    expect(section?.table?.rows).toHaveLength(16);
    expect(section?.table?.rows[0]).toEqual([
      "1",
      "base",
      "84.1 ms",
      "97.2 ms",
      "+15.6 %",
      "185 ms",
      expect.any(String),
      expect.any(String),
      "0 % / 0 %",
    ]);
    expect(section?.table?.rows[1]?.[1]).toBe("head");
    expect(section?.table?.rows[12]?.[0]).toBe("confirming 1");
    expect(section?.lines[0]).toMatch(/^p50: the head was slower in 12 of 12 rounds, \+\d/);
  });

  it("draws each round's change with no change as a line, and base and head as percentile curves", () => {
    const { charts } = buildReport(CASES.paired);
    const rounds = charts.find(({ id }) => id === "rounds");
    expect(rounds?.series.map(({ name, values }) => [name, values.length])).toEqual([
      ["no change", 16],
      ["p50", 16],
      ["p95", 16],
    ]);
    expect(rounds?.series[1]?.values[0]).toBeCloseTo(0.156, 3);
    expect(charts.find(({ id }) => id === "percentiles")?.series.map(({ name }) => name)).toEqual(["head", "base"]);
  });

  it("a round without an ok response is a gap, not a zero, and the Markdown has no line through it", () => {
    const { rounds = [], ...rest } = roundsOf({ count: 3, confirming: 0, base: 80, head: 90 });
    const deaf = rounds.map((round, at) =>
      at === 1
        ? {
            ...round,
            head: {
              ...round.head,
              response: { ...round.head.response, count: 0, p50: null, p95: null, p90: null, p99: null },
            },
          }
        : round,
    );
    const model = buildReport({ ...CASES.paired, record: record({ ...rest, rounds: deaf }) });
    expect(model.charts.find(({ id }) => id === "rounds")?.series[1]?.values[1]).toBeNull();
    const section = model.details.find(({ id }) => id === "rounds");
    expect(section?.chart).toBeNull();
    expect(section?.table?.rows[1]?.slice(3, 5)).toEqual(["-", "-"]);
  });

  it("counts the rounds in which the handler was slower where REPORT lines tell it", () => {
    const { rounds = [], ...rest } = roundsOf({ count: 3, confirming: 0, base: 80, head: 90 });
    const told = (durationMs: number) => [{ function: "orders", invocations: 660, durationMs }];
    const logged = rounds.map(({ base, head, ...round }, at) => ({
      ...round,
      base: { ...base, durations: told(70) },
      head: { ...head, durations: told(at === 1 ? 69.3 : 77) },
    }));
    const { details } = buildReport({ ...CASES.paired, record: record({ ...rest, rounds: logged }) });
    expect(details.find(({ id }) => id === "rounds")?.lines).toContain(
      "lambda-duration: the head was slower in 2 of 3 rounds, -1.0 % to +10.0 %",
    );
  });

  it("a base without a record says in the chart what is missing; with one, or without a baseline, it does not", () => {
    const text = (input: Parameters<typeof buildReport>[0]): string =>
      buildReport(input).charts.find(({ id }) => id === "percentiles")?.text ?? "";
    const { runs } = baseSide();
    expect(text({ ...CASES.pass, base: { runs, record: null } })).toContain("base's curve is missing");
    expect(text(CASES.pass)).not.toContain("missing");
    expect(text(CASES.paired)).not.toContain("missing");
    expect(text(CASES["no-baseline"])).not.toContain("missing");
  });
});

describe("shards", () => {
  it("each machine has its line, and the whole the last one", () => {
    const section = sectionOf("sharded", "generator");
    expect(section?.title).toBe("Load generator (2 shards)");
    expect(section?.lines).toEqual(["They began within 34 ms; 1 clock corrected by GitHub's"]);
    expect(section?.table?.rows.map(([where, requests]) => [where, requests])).toEqual([
      ["shard 1", "5,972"],
      ["shard 2", "5,971"],
      ["all", "11,943"],
    ]);
  });

  it("an arrival rate stands where users and spawn rate would, and dropped arrivals are counted", () => {
    const model = buildReport(CASES.sharded);
    expect(model.provenance.join(" | ")).toContain("rate 200/s poisson, 100 users in the pool, run time 1m");
    expect(model.provenance.join(" | ")).not.toContain("spawn rate");
    expect(model.totals).toContain("57 arrivals dropped");
  });

  it("stages are named with the most users", () => {
    const staged = record();
    const plan = { ...staged.plan, stages: "30s:0-100u, 60s:100u", users: 100 };
    const { provenance } = buildReport({ ...CASES.pass, record: { ...staged, plan } });
    expect(provenance.join(" | ")).toContain("stages 30s:0-100u, 60s:100u, at most 100 users");
  });
});

describe("a file of another tool that does not name its failures", () => {
  const model = buildReport(CASES.imported);
  const faces = {
    terminal: renderTerminal(model, { width: 80, rows: null, colour: false }),
    summary: renderSummary(model),
    html: renderHtml(model, null),
    junit: renderJunit(model),
  };

  it.each(Object.entries(faces))("%s: no face counts what was not measured", (_, text) => {
    expect(text).not.toMatch(/\b0 failures|\(0 %\)|event loop|of 0 users|Warm-up|Bytes|opened again/);
    expect(text).toContain("p50");
  });

  it("says instead that the file does not have it", () => {
    expect(faces.terminal).toContain("failures not in the file");
    expect(sectionOf("imported", "tasks")?.table?.rows[0]?.slice(0, 3)).toEqual(["all requests", "2,400", "-"]);
    expect(sectionOf("imported", "outcomes")).toBeUndefined();
    expect(sectionOf("imported", "generator")).toBeUndefined();
    expect(model.bars.map(({ id }) => id)).not.toContain("generator");
    expect(sectionOf("imported", "over-time")?.table?.columns.map(({ title }) => title)).not.toContain("failures");
  });

  it("classes that the file does have are told, with what they lack", () => {
    const { record: run } = CASES.imported;
    const totals = { ...run.totals, outcomes: { ...run.totals.outcomes, "server-error": 4 } };
    const { details } = buildReport({ ...CASES.imported, record: { ...run, totals } });
    const outcomes = details.find(({ id }) => id === "outcomes");
    expect(outcomes?.lines[0]).toContain("does not say which requests failed");
    expect(outcomes?.table?.rows.map(([name]) => name)).toContain("server-error");
  });

  it("a file without a date has no date of 1970", () => {
    const { record: run } = CASES.imported;
    const window = { ...run.window, start: "1970-01-01T00:00:00.012Z", end: "1970-01-01T00:01:00.012Z" };
    const undated = buildReport({ ...CASES.imported, record: { ...run, window } });
    for (const text of [renderSummary(undated), renderHtml(undated, null), renderJunit(undated)])
      expect(text).not.toContain("1970");
    expect(renderSummary(undated)).toContain("Window: 1m; the file does not say when");
  });
});

describe("the second way out of a closed gate", () => {
  const steps = (pullRequest: number | null, name: keyof typeof CASES = "paired"): string => {
    const { record: run, ...input } = CASES[name];
    const git = { ...record().git, pullRequest };
    return buildReport({ ...input, record: { ...(run ?? record()), git } }).next.join("\n");
  };

  it("names every metric that closes it, in the words that the acceptance reads", () => {
    expect(steps(7)).toContain('Comment "Perf-Accept: p50, p95 because WHY", label perf-accepted.');
  });

  it("is not offered where there is no pull request, nothing is closed, or nothing was proved", () => {
    expect(steps(null)).not.toContain("Perf-Accept");
    expect(steps(null)).toContain("change the limit of p50");
    expect(steps(7, "fail-open")).not.toContain("Perf-Accept");
    expect(steps(7, "invalid")).not.toContain("Perf-Accept");
  });

  it("is offered for a suspicion that closes the gate", () => {
    const closed = { ...CASES.suspected, judgement: { ...CASES.suspected.judgement, gateOpen: false } };
    expect(buildReport(closed).next.join("\n")).toContain("Perf-Accept: p50 because");
  });
});

describe("configuration", () => {
  const of = (base: Record<string, string | number>, head: Record<string, string | number>) =>
    configurationSection(
      { ...record(), fingerprint: { ...record().fingerprint, system: head } },
      { fingerprint: { system: base } },
    );

  it("differences come first and are counted; other names and other code are none", () => {
    const section = of(
      {
        "functions.0.name": "a-main",
        "functions.0.memoryMb": 512,
        "functions.0.codeSha256": "x".repeat(44),
        region: "eu-west-1",
      },
      {
        "functions.0.name": "a-pr7",
        "functions.0.memoryMb": 1024,
        "functions.0.codeSha256": "y".repeat(44),
        region: "eu-west-1",
      },
    );
    expect(section?.title).toBe("Configuration (1 difference)");
    expect(section?.table?.rows).toEqual([
      ["memory", "512 MB", "1024 MB", "differs"],
      ["region", "eu-west-1", "eu-west-1", "same"],
      ["function", "a-main", "a-pr7", "other"],
      ["code", "xxxxxxxxxxxx", "yyyyyyyyyyyy", "other"],
    ]);
  });

  it("what one side does not know is neither same nor different", () => {
    expect(of({ region: "eu-west-1" }, {})).toBeNull();
    expect(of({}, {})).toBeNull();
    expect(
      buildReport({ ...CASES.pass, judgement: judgement({}), base: { runs: [], record: null } }).details.map(
        ({ id }) => id,
      ),
    ).not.toContain("configuration");
  });
});
