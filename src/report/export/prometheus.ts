/**
 * A run and its verdict in Prometheus's text exposition format, for a Pushgateway or node_exporter's textfile collector:
 * base units, no timestamps (a Pushgateway refuses them).
 */
import type { Judgement } from "../../judge/verdict.ts";
import { OUTCOME_CLASSES } from "../../load/outcome.ts";
import type { LatencySummary } from "../../load/result.ts";
import type { RunRecord } from "../../record/record.ts";
import { plainText } from "../escape.ts";
import { baseOf, headOf, inOrder } from "../rows.ts";

type Labels = Readonly<Record<string, string>>;
type Sample = { readonly suffix?: string; readonly labels: Labels; readonly value: number };
type Family = {
  readonly name: string;
  readonly type: "gauge" | "counter" | "summary";
  readonly help: string;
  readonly samples: readonly Sample[];
};

export const renderPrometheus = (record: RunRecord, judgement: Judgement): string =>
  [...loadFamilies(record), ...verdictFamilies(record, judgement)].map(familyText).join("");

const loadFamilies = (record: RunRecord): readonly Family[] => {
  const { name, totals, tasks, window, generator, git, id, tool } = record;
  const gauge = (family: string, help: string, value: number): Family => ({
    name: family,
    type: "gauge",
    help,
    samples: [{ labels: { name }, value }],
  });
  return [
    {
      name: "swarmgate_run_info",
      type: "gauge",
      help: "Always 1; the labels say which run this is.",
      samples: [
        { labels: { name, run: id, sha: git.sha ?? "", branch: git.branch ?? "", version: tool.version }, value: 1 },
      ],
    },
    gauge("swarmgate_start_time_seconds", "When the window began, in Unix time.", Date.parse(window.start) / 1000),
    gauge("swarmgate_window_seconds", "How long requests were started.", window.seconds),
    gauge("swarmgate_users", "Users that the load reached.", generator.usersReached),
    gauge("swarmgate_requests_per_second", "Requests started per second over the window.", totals.rate),
    {
      name: "swarmgate_requests_total",
      type: "counter",
      help: "Requests of the window by task and outcome.",
      samples: tasks.flatMap((task) =>
        OUTCOME_CLASSES.map((outcome) => ({
          labels: { name, task: task.name, outcome },
          value: task.outcomes[outcome],
        })),
      ),
    },
    {
      name: "swarmgate_dropped_total",
      type: "counter",
      help: "Arrivals that were due and never sent.",
      samples: [{ labels: { name }, value: totals.dropped }],
    },
    timeFamily("swarmgate_response_seconds", "From the intended start to the end, successful responses.", record),
    timeFamily("swarmgate_service_seconds", "From the send to the end, successful responses.", record),
  ];
};

const timeFamily = (
  family: "swarmgate_response_seconds" | "swarmgate_service_seconds",
  help: string,
  { name, tasks }: RunRecord,
): Family => ({
  name: family,
  type: "summary",
  help,
  samples: tasks.flatMap((task) =>
    summarySamples({ name, task: task.name }, family === "swarmgate_response_seconds" ? task.response : task.service),
  ),
});

/** The sum is what the mean and the count say; a quantile of nothing is NaN, as Prometheus writes it. */
const summarySamples = (labels: Labels, times: LatencySummary): readonly Sample[] => [
  ...(
    [
      ["0.5", times.p50],
      ["0.9", times.p90],
      ["0.95", times.p95],
      ["0.99", times.p99],
    ] as const
  ).map(([quantile, ms]) => ({
    labels: { ...labels, quantile },
    value: ms === null ? Number.NaN : ms / 1000,
  })),
  { suffix: "_sum", labels, value: ((times.mean ?? 0) * times.count) / 1000 },
  { suffix: "_count", labels, value: times.count },
];

const VERDICTS = ["pass", "improved", "warn", "fail", "inconclusive", "invalid", "no-baseline"] as const;

const verdictFamilies = ({ name }: RunRecord, judgement: Judgement): readonly Family[] => [
  {
    name: "swarmgate_gate_open",
    type: "gauge",
    help: "1 when the gate is open, 0 when it is closed.",
    samples: [{ labels: { name }, value: judgement.gateOpen ? 1 : 0 }],
  },
  {
    name: "swarmgate_verdict",
    type: "gauge",
    help: "1 for the verdict of the run, 0 for the others.",
    samples: VERDICTS.map((verdict) => ({ labels: { name, verdict }, value: judgement.verdict === verdict ? 1 : 0 })),
  },
  {
    name: "swarmgate_metric",
    type: "gauge",
    help: "Metrics as they were judged: milliseconds, shares, requests per second, environments or US dollars.",
    samples: inOrder(judgement).flatMap((metric) =>
      (
        [
          ["head", headOf(metric)],
          ["base", baseOf(metric)],
        ] as const
      ).flatMap(([side, value]) =>
        value === null ? [] : [{ labels: { name, metric: metric.id, unit: metric.unit, side }, value }],
      ),
    ),
  },
];

/** A family without a sample is left out whole. */
const familyText = ({ name, type, help, samples }: Family): string =>
  samples.length === 0
    ? ""
    : [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(({ suffix = "", labels, value }) => `${name}${suffix}{${labelText(labels)}} ${value}`),
        "",
      ].join("\n");

const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${plainText(value).replace(/[\\"]/g, "\\$&")}"`)
    .join(",");
