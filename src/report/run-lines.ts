import type { ConnectionStats } from "../load/result.ts";
import type { RunRecord } from "../record/record.ts";
import { countOf, formatBytes, formatCount, formatDuration, formatFigure, formatMs, formatShare } from "./format.ts";
import { isLacking, startOf } from "./imported.ts";

/** The run in one line, in the words of Locust's closing table. */
export const totalsLine = (record: RunRecord): string => {
  const { totals, response } = record;
  const latencies = (["p50", "p90", "p95", "p99", "max"] as const).flatMap((name) => {
    const ms = response[name];
    return ms === null ? [] : [`${name} ${formatMs(ms)}`];
  });
  return [
    countOf(totals.requests, "request"),
    `${formatFigure(totals.rate)} req/s`,
    ...(totals.dropped > 0 ? [`${formatCount(totals.dropped)} arrivals dropped`] : []),
    isLacking(record, "failure-rate") ? "failures not in the file" : failuresText(totals),
    ...latencies,
  ].join(", ");
};

const failuresText = ({ requests, outcomes }: RunRecord["totals"]): string => {
  const { ok, aborted, "local-error": local } = outcomes;
  const answered = requests - aborted - local;
  const failures = answered - ok;
  return `${countOf(failures, "failure")}${answered > 0 ? ` (${formatShare(failures / answered)})` : ""}`;
};

/** How the run went, beside the verdict: connections, warm-up, AWS's count. */
export const runLines = (record: RunRecord): readonly string[] => [
  windowLine(record),
  ...modelLines(record.plan),
  totalsLine(record),
  ...(record.imported === undefined ? ownLines(record) : []),
  ...cloudLines(record.cloud),
];

const windowLine = (record: RunRecord): string => {
  const { window, validity, imported } = record;
  if (startOf(record) === null) return `Window: ${formatDuration(window.seconds)}; the file does not say when`;
  const span = `Window: ${window.start} to ${window.end}`;
  return imported === undefined ? `${span}, ended by ${validity.stopped}` : span;
};

/** What no file of another tool says. */
const ownLines = ({ totals, ...record }: RunRecord): readonly string[] => [
  `Bytes: ${formatBytes(totals.bytes.sent)} sent, ${formatBytes(totals.bytes.received)} received`,
  connectionLine(totals.connections),
  warmUpLine(record.warmUp),
  ...preWarmLines(record.preWarm),
  ...onceLines("Setup", record.setup),
  ...onceLines("Teardown", record.teardown),
];

/** What was asked for where it is not users and a spawn rate alone. */
const modelLines = ({ rate, stages }: RunRecord["plan"]): readonly string[] => [
  ...(rate === null ? [] : [`Rate: ${rate}`]),
  ...(stages === null ? [] : [`Stages: ${stages}`]),
];

const connectionLine = ({ opened, reopened, connectMs, tlsMs }: ConnectionStats): string =>
  [
    `Connections: ${formatCount(opened)} opened, ${formatCount(reopened)} opened again`,
    ...(connectMs === null ? [] : [`connect p50 ${formatMs(connectMs.p50)}, p95 ${formatMs(connectMs.p95)}`]),
    ...(tlsMs === null ? [] : [`TLS p50 ${formatMs(tlsMs.p50)}, p95 ${formatMs(tlsMs.p95)}`]),
  ].join("; ");

const warmUpLine = ({ requests, probes, outcomes }: RunRecord["warmUp"]): string => {
  if (requests === 0 && probes === 0) return "Warm-up: none";
  return `Warm-up: ${countOf(requests, "request")}, ${formatCount(requests - outcomes.ok)} of them not ok; ${countOf(probes, "readiness probe")}`;
};

const preWarmLines = ({ requests, outcomes }: RunRecord["preWarm"]): readonly string[] =>
  requests === 0
    ? []
    : [`Pre-warm: ${countOf(requests, "request")} at once, ${formatCount(requests - outcomes.ok)} of them not ok`];

const onceLines = (title: string, { requests, outcomes, failedUsers }: RunRecord["setup"]): readonly string[] =>
  requests === 0
    ? []
    : [
        `${title}: ${countOf(requests, "request")}, ${formatCount(requests - outcomes.ok)} of them not ok; failed for ${countOf(failedUsers, "user")}`,
      ];

const cloudLines = (cloud: RunRecord["cloud"]): readonly string[] => {
  if (cloud === null) return [];
  const seen = cloud.seen === null ? "nothing yet" : formatCount(cloud.seen);
  const polls = `${countOf(cloud.polls, "poll")} in ${formatDuration(cloud.waited / 1000)}`;
  const reason = cloud.reason === "" ? "" : `: ${cloud.reason}`;
  return [
    `CloudWatch: ${cloud.state}${reason}; counted ${seen} of ${formatCount(cloud.expected)} requests, ${polls}`,
    ...cloud.notes,
  ];
};
