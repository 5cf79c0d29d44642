/** The metrics of API Gateway and of load balancers. Facts: reference "Front-end and Fargate metrics". */
import type { OriginFace } from "../front-end-settings.ts";
import type { LedgerEntry, UncountedReason } from "../ledger.ts";
import type { Dimensions, LedgerSample, MetricRow, MetricSource } from "./samples.ts";

/** One request as the front end saw it; what it did not pass on has no integration. */
type Seen = {
  readonly status: number;
  readonly latencyMs: number;
  readonly integrationMs: number | undefined;
  readonly entry: LedgerEntry | undefined;
  readonly refused: UncountedReason | undefined;
};

type SeenValue = (seen: Seen) => number | undefined;

/** The names under which the front ends of a function publish. */
export const restDimensions = (name: string): Dimensions => ({ ApiName: name, Stage: "prod" });
export const httpDimensions = (name: string): Dimensions => ({ ApiId: name, Stage: "$default" });
export const loadBalancerOf = (name: string): string => `app/${name}/50dc6c495c0c9188`;
export const targetGroupOf = (name: string): string => `targetgroup/${name}/73e2d6bc24d8a067`;

type FaceRow = {
  readonly namespace: string;
  readonly face: OriginFace;
  readonly sets: (name: string) => readonly Dimensions[];
};

const rest: FaceRow = {
  namespace: "AWS/ApiGateway",
  face: "rest",
  sets: (name) => [{ ApiName: name }, restDimensions(name)],
};

const http: FaceRow = {
  namespace: "AWS/ApiGateway",
  face: "http",
  sets: (name) => [{ ApiId: name }, httpDimensions(name)],
};

const balancer = (name: string): Dimensions => ({ LoadBalancer: loadBalancerOf(name) });
const balancerAndGroup = (name: string): Dimensions => ({ ...balancer(name), TargetGroup: targetGroupOf(name) });

const albTarget: FaceRow = {
  namespace: "AWS/ApplicationELB",
  face: "alb",
  sets: (name) => [balancer(name), balancerAndGroup(name), { TargetGroup: targetGroupOf(name) }],
};

/** What the load balancer itself answers has no target group. */
const albOwn: FaceRow = { ...albTarget, sets: (name) => [balancer(name)] };

const row = (of: FaceRow, metric: string, unit: string, value: SeenValue): MetricRow => ({
  ...{ namespace: of.namespace, metric, unit },
  publish: (source) =>
    of.sets(source.name).map((dimensions) => ({ dimensions, samples: () => samplesOf(source, of.face, value) })),
});

function samplesOf({ entries, notCounted }: MetricSource, face: OriginFace, value: SeenValue): readonly LedgerSample[] {
  const passed = entries.flatMap((entry, index) => {
    const { status, latencyMs, integrationMs, atMs, endMs } = entry;
    const published =
      entry.face === face ? value({ status, latencyMs, integrationMs, entry, refused: undefined }) : undefined;
    return published === undefined ? [] : [{ atMs, endMs, index, value: published }];
  });
  const refused = notCounted.flatMap(({ face: at, status, atMs, reason }, index) => {
    if (at !== face || status === null) return [];
    const seen = { status, latencyMs: 0, integrationMs: undefined, entry: undefined, refused: reason };
    const published = value(seen);
    return published === undefined ? [] : [{ atMs, endMs: atMs, index, value: published }];
  });
  return [...passed, ...refused];
}

const one: SeenValue = () => 1;
const latency: SeenValue = ({ latencyMs }) => latencyMs;
const integration: SeenValue = ({ integrationMs }) => integrationMs;

const hundreds = (status: number): number => Math.floor(status / 100);
const inClass =
  (hundred: number): SeenValue =>
  ({ status }) =>
    hundreds(status) === hundred ? 1 : 0;

const byTarget =
  (hundred: number): SeenValue =>
  ({ status, entry }) =>
    entry?.answeredBy === "function" && hundreds(status) === hundred ? 1 : undefined;

const byBalancer =
  (matches: (status: number) => boolean): SeenValue =>
  ({ status, entry }) =>
    entry?.answeredBy !== "function" && matches(status) ? 1 : undefined;

const outcomeIs =
  (outcome: LedgerEntry["outcome"]): SeenValue =>
  ({ entry }) =>
    entry?.outcome === outcome ? 1 : undefined;

const targetSeconds: SeenValue = ({ entry }) =>
  entry === undefined || entry.outcome === "throttled" ? undefined : entry.integrationMs / 1000;

const count = "Count";
const milliseconds = "Milliseconds";

export const frontEndRows: readonly MetricRow[] = [
  row(rest, "Count", count, one),
  row(rest, "Latency", milliseconds, latency),
  row(rest, "IntegrationLatency", milliseconds, integration),
  row(rest, "4XXError", count, inClass(4)),
  row(rest, "5XXError", count, inClass(5)),
  row(http, "Count", count, one),
  row(http, "Latency", milliseconds, latency),
  row(http, "IntegrationLatency", milliseconds, integration),
  row(http, "4xx", count, inClass(4)),
  row(http, "5xx", count, inClass(5)),
  row(albTarget, "RequestCount", count, one),
  row(albTarget, "RequestCountPerTarget", count, one),
  row(albTarget, "TargetResponseTime", "Seconds", targetSeconds),
  row(albTarget, "HTTPCode_Target_2XX_Count", count, byTarget(2)),
  row(albTarget, "HTTPCode_Target_3XX_Count", count, byTarget(3)),
  row(albTarget, "HTTPCode_Target_4XX_Count", count, byTarget(4)),
  row(albTarget, "HTTPCode_Target_5XX_Count", count, byTarget(5)),
  row(
    albOwn,
    "HTTPCode_ELB_4XX_Count",
    count,
    byBalancer((status) => hundreds(status) === 4),
  ),
  row(
    albOwn,
    "HTTPCode_ELB_5XX_Count",
    count,
    byBalancer((status) => hundreds(status) === 5),
  ),
  row(
    albOwn,
    "HTTPCode_ELB_502_Count",
    count,
    byBalancer((status) => status === 502),
  ),
  row(
    albOwn,
    "HTTPCode_ELB_503_Count",
    count,
    byBalancer((status) => status === 503),
  ),
  row(
    albOwn,
    "HTTPCode_ELB_504_Count",
    count,
    byBalancer((status) => status === 504),
  ),
  row(albTarget, "LambdaUserError", count, outcomeIs("error")),
  row(albTarget, "LambdaInternalError", count, outcomeIs("throttled")),
];
