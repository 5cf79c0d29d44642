/** One run per verdict and reason, as the judge would hand it to the report. */
import type { ReportInput } from "../../src/report/report.ts";
import {
  attribution,
  baseline,
  baseSide,
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
  undecided,
} from "./fixtures.ts";
import {
  absolute,
  BEYOND,
  but,
  CLOUD,
  cannotBeJudged,
  cloudMissing,
  FACTS,
  HOSTILE,
  INSIDE,
  LONG,
  missing,
  named,
  OPEN,
  passing,
  quiet,
  RIGHT_TO_LEFT,
  slow,
  slowMetrics,
  unjudged,
  unmeasured,
} from "./metrics.ts";
import { roundsOf } from "./rounds.ts";
import { WAYS } from "./ways.ts";

export const CASES = {
  pass: { judgement: judgement({ metrics: passing }), record: record(), context: context(), base: baseSide() },
  improved: {
    judgement: judgement({
      verdict: "improved",
      metrics: but(
        metric(
          "p50",
          judged(
            "improved",
            "below no change at the stricter level",
            evidence(733, 21.6, ratio(0.0295, 0.0272, 0.0313), 0.18),
          ),
        ),
        metric(
          "lambda-duration",
          judged(
            "improved",
            "below no change at the stricter level",
            evidence(701.73, 7.66, ratio(0.010916, 0.0101, 0.0118), 0.12),
          ),
        ),
        metric(
          "required-concurrency",
          judged(
            "improved",
            "below no change at the stricter level",
            evidence(84.2076, 12, ratio(0.1425, 0.132, 0.1536), 0.12),
          ),
        ),
      ),
    }),
    record: record(),
    context: context(),
    base: baseSide(733),
  },
  warn: {
    judgement: judgement({
      verdict: "warn",
      baseline: baseline({ runs: 22, used: 22, spread: "learned" }),
      metrics: but(
        metric(
          "p50",
          judged(
            "warn",
            "worse than no change at the stricter level, inside the limit",
            evidence(84.1, 89.3, ratio(1.0618, 1.031, 1.094), 0.13),
          ),
        ),
      ),
    }),
    record: record({ tasks: [task("GET /orders", 89.3, { ok: 2399, "server-error": 1 })] }),
    context: context(),
    base: baseSide(84.1),
  },
  fail: {
    judgement: judgement({ verdict: "fail", gateOpen: false, metrics: slowMetrics }),
    record: slow,
    context: context(),
    base: baseSide(),
  },
  "fail-open": {
    judgement: judgement({
      verdict: "fail",
      mode: "paired",
      baseline: baseline({ runs: 12, used: 12, spread: "paired" }),
      metrics: [
        metric(
          "p50",
          judged("fail", BEYOND, {
            ...evidence(84.1, 96.04, ratio(1.142, 1.098, 1.187), 0.055),
            baseRuns: 12,
            headRuns: 12,
          }),
        ),
        metric("p95", judged("pass", INSIDE, { ...quiet(190, 203, 0.11), baseRuns: 12, headRuns: 12 }), {
          gates: true,
        }),
      ],
    }),
    record: record({ cloud: null, ...roundsOf({ count: 12, confirming: 0, base: 84.1, head: 96.04 }) }),
    context: context({ referenceRate: null, runUrl: null }),
  },
  neutral: {
    judgement: judgement({
      verdict: "inconclusive",
      baseline: baseline({ state: "ancestor", runs: 1, used: 1, spread: "prior" }),
      metrics: but(
        metric("p50", undecided("neutral", OPEN, evidence(21.4, 22.1, ratio(1.0327, 0.74, 1.45), 0.658))),
        metric("lambda-duration", undecided("neutral", OPEN, evidence(7.66, 7.71, ratio(1.0065, 0.85, 1.19), 0.301))),
      ),
      problems: [
        problem(
          "limit-not-decidable",
          "note",
          "p50: +10% and +5ms cannot be decided here: detectable 66 %; use paired mode or +60%.",
          "More runs of the base branch sharpen the comparison; paired mode does so at once.",
        ),
      ],
    }),
    record: record(),
    context: context(),
  },
  suspected: {
    judgement: judgement({
      verdict: "inconclusive",
      metrics: but(
        metric(
          "p50",
          undecided(
            "suspected",
            "the estimate lies beyond the limit, the bound does not",
            evidence(84.1, 104.3, ratio(1.24, 0.92, 1.67), 0.381),
          ),
        ),
      ),
    }),
    record: record({ tasks: [task("GET /orders", 104.3, { ok: 2399, "server-error": 1 })], cloud: null }),
    context: context(),
  },
  invalid: {
    judgement: judgement({
      verdict: "invalid",
      gateOpen: false,
      metrics: unjudged("generator-saturated", "the load generator was saturated"),
      problems: [
        problem(
          "generator-saturated",
          "invalid",
          "The load generator was saturated: its event loop was more than 80 % busy in 41 of 60 seconds.",
          "Use fewer users, a longer wait-time or a larger runner.",
        ),
        problem(
          "comment-not-written",
          "warning",
          "The comment was not written: the token may not write to pull requests.",
          "Add pull-requests: write to the job's permissions.",
        ),
      ],
    }),
    record: record(),
    context: context(),
  },
  "not-ready": {
    judgement: judgement({
      verdict: "invalid",
      gateOpen: false,
      baseline: null,
      problems: [
        problem(
          "target-not-ready",
          "invalid",
          "The target was not ready after 5m: https://preview.example.com/ answered 503.",
          "Check the deployment, or raise ready-timeout.",
        ),
      ],
    }),
    record: null,
    context: context({ runRecord: null }),
  },
  "no-baseline": {
    judgement: judgement({
      verdict: "no-baseline",
      baseline: null,
      metrics: passing
        .filter(({ id }) => id !== "lambda-throttles")
        .map((one) =>
          "evidence" in one.finding && one.finding.kind !== "informs"
            ? { ...one, finding: { kind: "no-baseline", head: one.finding.evidence.head, reason: "no baseline" } }
            : one,
        ),
      problems: [
        problem(
          "no-baseline",
          "warning",
          "No run of gate.yml on main has a run record.",
          "Run the workflow on main once: its push stores the first baseline.",
        ),
      ],
    }),
    record: record(),
    context: context({ referenceRate: null }),
  },
  "absolute-pass": {
    judgement: judgement({
      mode: "absolute",
      baseline: null,
      metrics: [
        metric("p95", judged("pass", "the observed value is inside the limit", absolute(48.2)), {
          limit: "<= 500ms",
          gates: true,
        }),
        metric("failure-rate", judged("pass", "the observed value is inside the limit", absolute(0)), {
          limit: "<= 1%",
        }),
      ],
    }),
    record: record({ cloud: null }),
    context: context({ referenceRate: null }),
  },
  "absolute-fail": {
    judgement: judgement({
      mode: "absolute",
      verdict: "fail",
      gateOpen: false,
      baseline: null,
      metrics: [
        metric("p95", judged("fail", "above the limit, and significantly", absolute(1613)), {
          limit: "<= 500ms",
          gates: true,
        }),
        metric("failure-rate", judged("pass", "the observed value is inside the limit", absolute(0)), {
          limit: "<= 1%",
        }),
      ],
    }),
    record: record({ tasks: [task("GET /orders", 733, { ok: 1940 })], cloud: null }),
    context: context({ referenceRate: null }),
  },
  "cloud-denied": unmeasured(
    "cloud-denied",
    cloudMissing("cloud-denied", "AWS refused cloudwatch:GetMetricData"),
    "Give the job AWS credentials that may call cloudwatch:GetMetricData (docs/permissions.md).",
  ),
  "cloud-incomplete": unmeasured(
    "cloud-incomplete",
    cloudMissing("cloud-incomplete", "CloudWatch had counted 1,880 of 2,406 requests after 3m"),
    "Raise metrics-timeout, or check that the functions named are the ones that are called.",
  ),
  "cloud-contaminated": unmeasured(
    "cloud-contaminated",
    cloudMissing("cloud-contaminated", "AWS counted 480 invocations more than were sent", CLOUD.slice(1)),
    "Keep other traffic away from the functions while the test runs.",
  ),
  "network-moved": unmeasured(
    "network-moved",
    but(
      metric(
        "p50",
        missing("network-moved", "p50: connecting took 31 ms longer while lambda-duration stayed flat", 52.8),
      ),
    ),
    "Re-run the job: the network moved, not the code.",
  ),
  "head-failing": unmeasured(
    "head-failing",
    but(
      metric(
        "p50",
        missing(
          "head-failing",
          "more than 10 % of the requests failed, so p50 of the others can neither pass nor improve",
          20.1,
        ),
      ),
    ),
    "Mend the failures first; latency can be judged when nine requests of ten succeed.",
  ),
  "too-few-samples": (() => {
    const metrics = but(
      metric("p95", missing("too-few-samples", "p95 needs 400 ok responses, this run has 380", 48.2), { gates: true }),
    );
    const hint = "Send more requests: more users, a longer run-time or a shorter wait-time.";
    return {
      judgement: judgement({
        verdict: "invalid",
        gateOpen: false,
        metrics,
        problems: [cannotBeJudged("too-few-samples", metrics, hint)],
      }),
      record: record({ tasks: [task("GET /orders", 21.6, { ok: 380 })] }),
      context: context(),
    };
  })(),
  interrupted: {
    judgement: judgement({
      verdict: "invalid",
      gateOpen: false,
      metrics: unjudged("interrupted", "the run was interrupted before its time was over"),
    }),
    record: record({
      validity: { valid: false, stopped: "interrupted", problems: [] },
      tasks: [task("GET /orders", 21.6, { ok: 812, aborted: 31 })],
    }),
    context: context(),
  },
  explained: {
    judgement: judgement({
      verdict: "fail",
      gateOpen: false,
      metrics: but(
        metric("failure-rate", judged("fail", BEYOND, evidence(0.0004, 0.12, points(0.1196, 0.107, 0.133), 0.0062))),
        metric("lambda-throttles", judged("fail", "above the limit, and significantly", absolute(0.075))),
      ),
      attribution: attribution("throttling", "throttling moved: +7.5 points of throttles, +12 points of failures"),
    }),
    record: record({
      plan: { ...record().plan, url: "https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod/orders" },
      tasks: [
        {
          ...task("GET /orders", 21.6, { ok: 2112, throttled: 108, "server-error": 180 }),
          examples: {
            throttled: [{ status: 429, text: '{"message":"Too Many Requests"}' }],
            "server-error": [{ status: 500, text: '{"message":"Internal server error"}' }],
          },
        },
      ],
      cloud: cloud([lambda("orders-fn", 7.66, { invocations: 2124, throttles: 180 })], {
        seen: 2304,
        facts: FACTS,
      }),
      signs: { seen: 2112, cacheHits: 211, aged: 200 },
    }),
    context: context(),
  },
  ...WAYS,
  "long-names": named(LONG),
  "right-to-left": named(RIGHT_TO_LEFT),
  hostile: {
    judgement: judgement({
      verdict: "fail",
      gateOpen: false,
      metrics: [
        metric(`p95@${HOSTILE}`, judged("fail", HOSTILE, evidence(21.4, 733, ratio(34.25, 31.9, 36.8), 0.18)), {
          limit: "+10% and +5ms",
          gates: true,
        }),
      ],
      problems: [problem("baseline-refused", "warning", HOSTILE, HOSTILE)],
      notes: [HOSTILE],
      attribution: { layer: "code", text: HOSTILE },
    }),
    record: record({
      tasks: [
        {
          ...task(HOSTILE, 733, { ok: 1940, "server-error": 60 }),
          examples: { "server-error": [{ status: 500, text: HOSTILE }] },
        },
      ],
      cloud: cloud([lambda(HOSTILE, 701.73)]),
    }),
    context: context({
      name: HOSTILE,
      baseBranch: HOSTILE,
      region: HOSTILE,
      runRecord: HOSTILE,
      runUrl: "javascript:alert(1)",
    }),
  },
} satisfies Readonly<Record<string, ReportInput>>;
