/** The metrics behind the golden cases: a quiet run, a slow one, and runs that lack a figure, worded as the judge does. */
import type { ErrorCode } from "../../src/errors.ts";
import type { Evidence, Finding, MetricJudgement } from "../../src/judge/verdict.ts";
import type { ReportInput } from "../../src/report/report.ts";
import { accountFacts, cloudFacts, frontEndFacts, functionFacts, logFacts } from "../unit/cloud/facts-scene.ts";
import {
  cloud,
  context,
  evidence,
  judged,
  judgement,
  lambda,
  metric,
  points,
  problem,
  ratio,
  record,
  task,
} from "./fixtures.ts";

export const INSIDE = "the interval lies inside the limit";
export const BEYOND = "the lower bound at the stricter level lies beyond the limit";
export const OPEN = "the interval reaches beyond the limit, the estimate does not";

export const quiet = (base: number, head: number, detectable: number): Evidence =>
  evidence(base, head, ratio(head / base, (head / base) * 0.97, (head / base) * 1.03), detectable);
const rate = (base: number, head: number): Evidence =>
  evidence(base, head, points(head - base, head - base - 0.0011, head - base + 0.0014), 0.0062);
/** Twelve rounds behind it instead of runs. */
export const inRounds = (found: Evidence): Evidence => ({ ...found, baseRuns: 12, headRuns: 12 });
export const absolute = (head: number): Evidence => evidence(null, head, null, null);
const informs = (found: Evidence): Finding => ({ kind: "informs", evidence: found });

export const passing: readonly MetricJudgement[] = [
  metric("p50", judged("pass", INSIDE, quiet(21.4, 21.6, 0.14))),
  metric("p90", judged("pass", INSIDE, quiet(34.1, 34.9, 0.17))),
  metric("p95", judged("pass", INSIDE, quiet(47.0, 48.2, 0.21))),
  metric("p99", informs(quiet(75.2, 78.8, 0.35)), { limit: "" }),
  metric("failure-rate", judged("pass", INSIDE, rate(0.0004, 0.0004))),
  metric("lambda-duration", judged("pass", INSIDE, quiet(7.66, 7.7, 0.12))),
  metric("lambda-throttles", judged("pass", "the observed value is inside the limit", absolute(0))),
  metric("required-concurrency", judged("pass", INSIDE, quiet(12, 12, 0.12))),
  metric("throughput", informs(quiet(40.1, 40, 0.14)), { limit: "" }),
];

/** The passing run with some of its metrics exchanged. */
export const but = (...changed: readonly MetricJudgement[]): readonly MetricJudgement[] => [
  ...passing.map((one) => changed.find(({ id }) => id === one.id) ?? one),
];

export const missing = (code: ErrorCode, reason: string, head: number | null = null): Finding => ({
  kind: "not-measured",
  verdict: code === "too-few-samples" ? "invalid" : "inconclusive",
  code,
  head,
  reason,
});

export const unjudged = (code: ErrorCode, reason: string): readonly MetricJudgement[] =>
  passing
    .filter(({ gates }) => gates)
    .map(({ id, finding }) => {
      const head = "evidence" in finding ? finding.evidence.head : null;
      return metric(id, { kind: "not-measured", verdict: "invalid", code, head, reason });
    });

export const slow = record({
  tasks: [task("GET /orders", 733, { ok: 1940, throttled: 138 })],
  cloud: cloud([lambda("orders-fn", 701.73, { invocations: 1952, throttles: 141 })]),
});

export const slowMetrics = but(
  metric("p50", judged("fail", BEYOND, evidence(21.4, 733, ratio(34.25, 31.9, 36.8), 0.18))),
  metric("p90", judged("warn", "worse than no change", evidence(34.1, 1173, ratio(34.4, 30.2, 39.1), 0.22))),
  metric("p95", judged("warn", "worse than no change", evidence(47, 1613, ratio(34.3, 28.8, 40.9), 0.27))),
  metric("failure-rate", judged("fail", BEYOND, evidence(0.0004, 0.0664, points(0.066, 0.0561, 0.0774), 0.0062))),
  metric("lambda-duration", judged("fail", BEYOND, evidence(7.66, 701.73, ratio(91.6, 84.9, 98.8), 0.12))),
  metric("lambda-throttles", judged("fail", "above the limit, and significantly", absolute(0.0674))),
  metric("required-concurrency", judged("fail", BEYOND, evidence(12, 84.2076, ratio(7.02, 6.51, 7.57), 0.12))),
);

export const CLOUD = ["lambda-duration", "lambda-throttles", "required-concurrency"];

export const cloudMissing = (code: ErrorCode, reason: string, ids = CLOUD): readonly MetricJudgement[] =>
  but(...ids.map((id) => metric(id, missing(code, `${id}: ${reason}`))));

/** As the judge words it. */
export const cannotBeJudged = (code: ErrorCode, metrics: readonly MetricJudgement[], hint: string) => {
  const found = metrics.flatMap(({ id, finding }) => (finding.kind === "not-measured" ? [{ id, finding }] : []));
  const ids = found.map(({ id }) => id).join(", ");
  return problem(code, "warning", `${ids} cannot be judged: ${found[0]?.finding.reason}.`, hint);
};

export const unmeasured = (code: ErrorCode, metrics: readonly MetricJudgement[], hint: string): ReportInput => ({
  judgement: judgement({ verdict: "inconclusive", metrics, problems: [cannotBeJudged(code, metrics, hint)] }),
  record: record({ cloud: null }),
  context: context(),
});

/** A path as long as paths get, in words without a place to break. */
export const LONG = `GET /${"organisations/{organisationId}/".repeat(5)}${"x".repeat(120)}`;
/** Hebrew and Arabic with figures between, which would change places with the figures around them. */
export const RIGHT_TO_LEFT = "טעינת עגלה 12 / تحميل السلة 34";

/** A regression of one task that has such a name, which is also a function's and a branch's. */
export const named = (name: string): ReportInput => ({
  judgement: judgement({
    verdict: "fail",
    gateOpen: false,
    metrics: [
      metric(`p95@${name}`, judged("fail", BEYOND, evidence(21.4, 733, ratio(34.25, 31.9, 36.8), 0.18)), {
        limit: "+10% and +5ms",
        gates: true,
      }),
    ],
  }),
  record: record({
    tasks: [task(name, 733, { ok: 1940, "server-error": 60 }), task("GET /orders", 21, { ok: 400 })],
    cloud: cloud([lambda(name, 701.73)]),
  }),
  context: context({ baseBranch: name }),
});

/** Everything an attacker puts into a name, in 300 characters. */
export const HOSTILE = [
  "`code` | cell | @everyone #123 <script>alert(1)</script> <!-- ](http://evil.example) ![x](http://evil.example/x.png)",
  "::error::owned ##[error]owned \u202Egnp.exe \u001b[31mred\u001b[0m\r\n## heading\n- item www.evil.example a@evil.example",
]
  .join(" ")
  .padEnd(300, "x");

/** A small reservation behind a REST API: throttled by Lambda and, less, by the API itself. */
export const FACTS = cloudFacts({
  functions: [functionFacts({ function: "orders-fn", reservedConcurrency: 10, vpcSubnets: 2 })],
  account: accountFacts({ concurrencyLimit: 1000, claimedMax: 400 }),
  logs: [
    logFacts({
      function: "orders-fn",
      reports: 2124,
      coldStarts: 38,
      billedMs: 14,
      errors: [{ type: "TypeError", count: 3, examples: ["TypeError: cannot read properties of undefined"] }],
    }),
  ],
  frontEnd: frontEndFacts({ kind: "rest-api", name: "shop/prod", count: 2412 }),
  metricsRequested: 60,
  logBytesScanned: 4_000_000,
});
