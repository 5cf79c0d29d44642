import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../../src/record/record.ts";
import { renderInflux } from "../../../src/report/export/influx.ts";
import { renderK6Summary } from "../../../src/report/export/k6-summary.ts";
import { renderLocustCsv } from "../../../src/report/export/locust-csv.ts";
import { renderPrometheus } from "../../../src/report/export/prometheus.ts";
import { readCsv } from "../../../src/scenario/csv.ts";
import { evidence, judged, judgement, metric, ratio, record, task } from "../../golden/fixtures.ts";
import { outcomes, latency as times } from "../record/sample-record.ts";

/** What a name may hold that means something to a format, or to a terminal. */
const HOSTILE = 'GET /a,b "c"=\\ x\\\n{y="1"} \u001b[31m\u202e';

const hostile = (): RunRecord =>
  record({
    name: "gate, one",
    tasks: [task(HOSTILE, 20, { ok: 100, timeout: 3 }), task("checkout", 40, { ok: 50 })],
    git: { ...record().git, branch: "feature/a b,c=d\\", sha: null },
  });

/** Two tasks, 10 seconds, times that are easy to check: 1 to 100 ms, and one that failed always. */
const small = (): RunRecord => {
  const base = record();
  const [ok, failed] = [outcomes({ ok: 100, aborted: 2 }), outcomes({ "server-error": 20 })];
  const service = times(...Array.from({ length: 100 }, (_, k) => k + 1));
  const none = times();
  const slice = { second: 0, users: 4, requests: 10, dropped: 0, tasks: [10], bytesReceived: 1000, response: null };
  return {
    ...base,
    window: { start: "2027-01-15T08:00:05.500Z", end: "2027-01-15T08:00:15.500Z", seconds: 10 },
    totals: { ...base.totals, requests: 122, outcomes: outcomes({ ok: 100, aborted: 2, "server-error": 20 }) },
    service,
    response: service,
    tasks: [
      { name: "GET /z", requests: 102, outcomes: ok, response: service, service, examples: {} },
      { name: "buy", requests: 20, outcomes: failed, response: none, service: none, examples: {} },
    ],
    plan: { ...base.plan, tasks: [{ name: "buy", weight: 1, method: "POST", path: "/buy" }] },
    slices: [
      { ...slice, outcomes: outcomes({ ok: 10 }), service: times(10, 20).histogram },
      { ...slice, second: 1, users: 6, requests: 2, outcomes: outcomes({ "server-error": 2 }), service: null },
    ],
  };
};

const rowsOf = (text: string): readonly (readonly string[])[] => {
  const read = readCsv(text);
  if (!read.ok) throw new Error(read.says);
  return read.rows;
};

describe("Locust's files", () => {
  it("the statistics have Locust's columns, one row a task by name, and the sum behind them", () => {
    const [columns, ...rows] = rowsOf(renderLocustCsv(small()).stats);
    expect(columns?.join()).toBe(
      "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%",
    );
    expect(rows.map((row) => row.slice(0, 4))).toEqual([
      ["GET", "/z", "102", "0"],
      ["POST", "buy", "20", "20"],
      ["", "Aggregated", "122", "20"],
    ]);
    const [z, buy] = rows;
    expect(z?.slice(4, 8).map((cell) => Math.round(Number(cell) * 10) / 10)).toEqual([50, 50.5, 1, 100]);
    expect(z?.slice(9, 11)).toEqual(["10.2", "0"]);
    expect(z?.slice(11).map((cell) => Math.round(Number(cell)))).toEqual([
      50, 66, 75, 80, 90, 95, 98, 99, 100, 100, 100,
    ]);
    expect(buy?.slice(11)).toEqual(Array.from({ length: 11 }, () => "N/A"));
  });

  it("the history has one row a second, its rates of that second and its totals since the start", () => {
    const [columns, ...rows] = rowsOf(renderLocustCsv(small()).history);
    expect(columns?.slice(0, 7).join()).toBe("Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%");
    expect(columns?.slice(17).join()).toBe(
      "Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response Time,Total Average Content Size",
    );
    const start = Date.UTC(2027, 0, 15, 8, 0, 5) / 1000;
    expect(rows.map((row) => row.slice(0, 6))).toEqual([
      [`${start + 1}`, "4", "", "Aggregated", "10.000000", "0.000000"],
      [`${start + 2}`, "6", "", "Aggregated", "2.000000", "2.000000"],
    ]);
    expect(rows.map((row) => row.slice(17, 19))).toEqual([
      ["10", "0"],
      ["12", "2"],
    ]);
    // No response in the second second: what was before stands.
    expect(rows[1]?.slice(6, 17)).toEqual(rows[0]?.slice(6, 17));
  });

  it("the failures add up to the failure counts", () => {
    expect(rowsOf(renderLocustCsv(small()).failures)).toEqual([
      ["Method", "Name", "Error", "Occurrences"],
      ["POST", "buy", "server-error", "20"],
    ]);
  });

  it("a name stays one cell whatever is in it", () => {
    const { stats, failures } = renderLocustCsv(hostile());
    expect(rowsOf(stats)[1]?.slice(0, 2)).toEqual(["GET", '/a,b "c"=\\ x\\ {y="1"}']);
    expect(rowsOf(failures)).toHaveLength(2);
  });
});

describe("k6's summary", () => {
  const { metrics, root_group } = JSON.parse(renderK6Summary(small()));

  it("has its values directly under the metric, a rate as value, and a root group", () => {
    expect(root_group).toMatchObject({ name: "", path: "", groups: {}, checks: {} });
    expect(Object.keys(metrics.http_req_duration)).toEqual(["avg", "min", "med", "max", "p(90)", "p(95)", "p(99)"]);
    expect(metrics.http_req_duration["p(95)"]).toBeCloseTo(95, 0);
    expect(metrics.http_reqs).toEqual({ count: 122, rate: 12.2 });
    expect(metrics.vus).toEqual({ value: 6, min: 4, max: 6 });
  });

  it("counts a failed request as a pass of http_req_failed, as k6 does, and what was aborted as neither", () => {
    expect(metrics.http_req_failed).toEqual({ passes: 20, fails: 100, value: 20 / 120 });
  });

  it("leaves out what was not measured", () => {
    const none = JSON.parse(renderK6Summary({ ...small(), service: times(), slices: [] }));
    expect(none.metrics).not.toHaveProperty("http_req_duration");
    expect(none.metrics).not.toHaveProperty("vus");
    expect(none.metrics).not.toHaveProperty("dropped_iterations");
  });
});

/** A line by the reference of the protocol: measurement, tags and fields with escapes, nanoseconds. */
const KEY = String.raw`(?:\\[,= ]|[^,= \n\\]|\\(?![,= \n]))+`;
const VALUE = String.raw`(?:-?\d+i|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false)`;
const LINE = new RegExp(`^[a-z_]+((?:,${KEY}=${KEY})*) (${KEY}=${VALUE}(?:,${KEY}=${VALUE})*) (\\d{19})$`);

describe("InfluxDB's line protocol", () => {
  it.each([
    ["a usual run", record()],
    ["seconds without a response", small()],
    ["hostile names", hostile()],
  ])("every line is one: %s", (_, run) => {
    const text = renderInflux(run);
    expect(text.endsWith("\n")).toBe(true);
    const lines = text.trimEnd().split("\n");
    expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
    expect(lines).toHaveLength(run.slices.length + run.tasks.length + 1);
  });

  it("times are those of the seconds, and counts are whole numbers", () => {
    const [first, second] = renderInflux(small()).split("\n");
    const start = Date.UTC(2027, 0, 15, 8, 0, 5, 500);
    expect(first).toMatch(new RegExp(` ${start}000000$`));
    expect(second).toMatch(new RegExp(` ${start + 1000}000000$`));
    expect(first).toContain("users=4i,");
    expect(second).toContain("server_error=2i,");
    expect(second).not.toContain("response_p50");
  });

  it("names are escaped, and a backslash never meets the sign behind it", () => {
    const text = renderInflux(hostile());
    expect(text).toContain(String.raw`,name=gate\,\ one,run=run-1,branch=feature/a\ b\,c\=d `);
    expect(text).not.toContain("sha=");
    expect(text).toContain(String.raw`,task=GET\ /a\,b\ "c"\=\\ x\\ {y\="1"} `);
  });
});

/** A sample by the exposition format: name, labels with their escapes, a number. */
const LABEL = String.raw`[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"`;
const SAMPLE = new RegExp(
  `^([a-zA-Z_:][\\w:]*)\\{(${LABEL}(?:,${LABEL})*)\\} (NaN|-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)$`,
);

const P95 = metric("p95", judged("pass", "", evidence(40, 44, ratio(1.1, 1.05, 1.15), 0.2)));

describe("Prometheus's text format", () => {
  const verdict = judgement({ verdict: "warn", gateOpen: true, metrics: [P95] });

  it.each([
    ["a usual run", record()],
    ["a task without a response", small()],
    ["hostile names", hostile()],
  ])("every line is a comment or a sample of the family above it, none twice: %s", (_, run) => {
    const text = renderPrometheus(run, verdict);
    expect(text.endsWith("\n")).toBe(true);
    const seen = new Set<string>();
    let family = "";
    for (const line of text.trimEnd().split("\n")) {
      const [, kind, name] = /^# (HELP|TYPE) (\S+) \S/.exec(line) ?? [];
      if (kind !== undefined) {
        if (kind === "HELP") family = name ?? "";
        expect(name).toBe(family);
        continue;
      }
      const [, sample = "", labels] = SAMPLE.exec(line) ?? [];
      expect([line, sample.replace(/_(sum|count)$/, "")]).toEqual([line, family]);
      expect(seen.has(`${sample}{${labels}}`)).toBe(false);
      seen.add(`${sample}{${labels}}`);
    }
    expect(seen.size).toBeGreaterThan(20);
  });

  it("times are in seconds, and their sum is the mean times the count", () => {
    const text = renderPrometheus(small(), verdict);
    const value = (start: string): number =>
      Number(
        text
          .split("\n")
          .find((line) => line.startsWith(start))
          ?.split(" ")
          .at(-1),
      );
    expect(value('swarmgate_service_seconds{name="load",task="GET /z",quantile="0.95"}')).toBeCloseTo(0.095, 3);
    expect(value('swarmgate_service_seconds_sum{name="load",task="GET /z"}')).toBeCloseTo(5.05, 2);
    expect(value('swarmgate_service_seconds_count{name="load",task="GET /z"}')).toBe(100);
    expect(value('swarmgate_service_seconds{name="load",task="buy",quantile="0.5"}')).toBeNaN();
    expect(value('swarmgate_requests_total{name="load",task="buy",outcome="server-error"}')).toBe(20);
  });

  it("the verdict is there, one of all", () => {
    const lines = renderPrometheus(record(), verdict).split("\n");
    expect(lines.filter((line) => line.startsWith("swarmgate_verdict{") && line.endsWith(" 1"))).toEqual([
      'swarmgate_verdict{name="load",verdict="warn"} 1',
    ]);
    expect(lines).toContain('swarmgate_gate_open{name="load"} 1');
    expect(
      lines.some((line) => line.startsWith('swarmgate_metric{name="load",metric="p95",unit="ms",side="head"}')),
    ).toBe(true);
  });
});
