/** The metrics of a distribution; its id is the function's name. It publishes in one region, whatever its origin's is. */
import type { LedgerSample, MetricRow, MetricSource } from "./samples.ts";

export const cloudfrontNamespace = "AWS/CloudFront";
export const cloudfrontRegion = "us-east-1";

/** One request as CloudFront saw it; without an origin it was answered from the cache or refused. */
type Seen = { readonly status: number; readonly cached: boolean; readonly originMs: number | undefined };

const row = (metric: string, unit: string, value: (seen: Seen) => number | undefined): MetricRow => ({
  ...{ namespace: cloudfrontNamespace, metric, unit },
  publish: (source) => [
    { dimensions: { DistributionId: source.name, Region: "Global" }, samples: () => samplesOf(source, value) },
  ],
});

function samplesOf(
  { entries, notCounted }: MetricSource,
  value: (seen: Seen) => number | undefined,
): readonly LedgerSample[] {
  const sample = (seen: Seen, at: Omit<LedgerSample, "value">): readonly LedgerSample[] => {
    const published = value(seen);
    return published === undefined ? [] : [{ ...at, value: published }];
  };
  const passed = entries.flatMap(({ cloudfront, status, latencyMs, atMs, endMs }, index) =>
    cloudfront ? sample({ status, cached: false, originMs: latencyMs }, { atMs, endMs, index }) : [],
  );
  const alone = notCounted.flatMap(({ face, status, atMs, reason }, index) =>
    face === "cloudfront" && status !== null
      ? sample({ status, cached: reason === "cached", originMs: undefined }, { atMs, endMs: atMs, index })
      : [],
  );
  return [...passed, ...alone];
}

const percent = (holds: boolean): number => (holds ? 100 : 0);
const inClass = (status: number, hundred: number): boolean => Math.floor(status / 100) === hundred;

export const cloudfrontRows: readonly MetricRow[] = [
  row("Requests", "None", () => 1),
  row("4xxErrorRate", "Percent", ({ status }) => percent(inClass(status, 4))),
  row("5xxErrorRate", "Percent", ({ status }) => percent(inClass(status, 5))),
  row("TotalErrorRate", "Percent", ({ status }) => percent(status >= 400)),
  row("CacheHitRate", "Percent", ({ cached }) => percent(cached)),
  row("OriginLatency", "Milliseconds", ({ originMs }) => originMs),
];
