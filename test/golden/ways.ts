/** Runs that were measured in other ways than by one machine against a history: rounds, shards, another tool's file. */
import type { ReportInput } from "../../src/report/report.ts";
import {
  baseline,
  baseSide,
  context,
  evidence,
  judged,
  judgement,
  metric,
  points,
  ratio,
  record,
  task,
} from "./fixtures.ts";
import { abRecord } from "./imported.ts";
import { BEYOND, INSIDE, inRounds, passing, quiet } from "./metrics.ts";
import { roundsOf } from "./rounds.ts";
import { shardsOf } from "./shards.ts";

export const WAYS = {
  paired: {
    judgement: judgement({
      verdict: "fail",
      gateOpen: false,
      mode: "paired",
      confirmation: "confirmed",
      baseline: baseline({ state: "latest", runs: 12, used: 12, spread: "paired" }),
      metrics: [
        metric("p50", judged("fail", BEYOND, inRounds(evidence(84.1, 96.04, ratio(1.142, 1.098, 1.187), 0.055)))),
        metric("p95", judged("fail", BEYOND, inRounds(evidence(185, 213, ratio(1.151, 1.08, 1.227), 0.09))), {
          gates: true,
        }),
        metric(
          "failure-rate",
          judged("pass", INSIDE, inRounds(evidence(0.0004, 0.0004, points(0, -0.001, 0.001), 0.006))),
        ),
      ],
    }),
    record: record({
      tasks: [task("GET /orders", 96.04, { ok: 10_555, "server-error": 3 })],
      cloud: null,
      ...roundsOf({ count: 12, confirming: 4, base: 84.1, head: 96.04 }),
    }),
    context: context({ referenceRate: null }),
  },
  sharded: {
    judgement: judgement({ metrics: passing }),
    record: (() => {
      const whole = record({ tasks: [task("GET /orders", 21.6, { ok: 11_940, timeout: 3 })] });
      return {
        ...whole,
        plan: { ...whole.plan, model: "open" as const, rate: "200/s poisson", users: 100 },
        totals: { ...whole.totals, dropped: 57 },
        generator: { ...whole.generator, usersAsked: 100, usersReached: 100 },
        shards: shardsOf(whole),
      };
    })(),
    context: context(),
    base: baseSide(),
  },
  imported: {
    judgement: judgement({
      baseline: baseline({ state: "file", sha: null, runs: 3, used: 3 }),
      metrics: [metric("p50", judged("pass", INSIDE, quiet(21.4, 21.6, 0.14)))],
      problems: abRecord().validity.problems,
    }),
    record: abRecord(),
    context: context({ headSha: null, region: null, runUrl: null, referenceRate: null }),
  },
} satisfies Readonly<Record<string, ReportInput>>;
