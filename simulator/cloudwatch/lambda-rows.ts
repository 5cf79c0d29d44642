/** The metrics of AWS/Lambda. Facts: reference "Names, statistics, meaning" and "Dimensions". */
import type { LedgerEntry } from "../ledger.ts";
import { type EntryValue, entrySamples, type MetricRow, type MetricSource, type Publication } from "./samples.ts";
import type { CloudwatchSettings } from "./settings.ts";

/** Under which dimensions a metric of Lambda appears. */
type View = "function" | "alias" | "region";

const namespace = "AWS/Lambda";

const isThrottled = ({ outcome }: LedgerEntry): boolean => outcome === "throttled";

const servedOnly =
  (value: (entry: LedgerEntry) => number): EntryValue =>
  (entry) =>
    isThrottled(entry) ? undefined : value(entry);

const unlessSilentZero = (value: number, { zeroSamples }: CloudwatchSettings): number | undefined =>
  value === 0 && !zeroSamples ? undefined : value;

const invocation: EntryValue = (entry, { throttlesAsInvocations }) =>
  !isThrottled(entry) || (throttlesAsInvocations && entry.face === "function-url") ? 1 : undefined;

const failure: EntryValue = (entry, settings) =>
  isThrottled(entry) ? undefined : unlessSilentZero(entry.outcome === "error" ? 1 : 0, settings);

const throttle: EntryValue = (entry, settings) => unlessSilentZero(isThrottled(entry) ? 1 : 0, settings);

/** Everything but containers, whose requests Lambda never sees. */
const ofLambda =
  (publish: MetricRow["publish"]): MetricRow["publish"] =>
  (source) =>
    source.settings.container === null ? publish(source) : [];

const row = (
  metric: string,
  unit: string,
  value: EntryValue,
  views: readonly View[] = ["function", "alias"],
): MetricRow => ({
  ...{ namespace, metric, unit },
  publish: ofLambda((source) => views.flatMap((view) => publications(view, source, value))),
});

function publications(view: View, source: MetricSource, value: EntryValue): readonly Publication[] {
  const { name, settings, entries } = source;
  if (view === "region") return [{ dimensions: {}, samples: entrySamples(entries, value) }];
  if (view === "function") return [{ dimensions: { FunctionName: name }, samples: entrySamples(entries, value) }];
  if (settings.alias === null) return [];
  const dimensions = { FunctionName: name, Resource: `${name}:${settings.alias}` };
  const versions = [...new Set(entries.map(({ version }) => version))];
  return [
    { dimensions, samples: entrySamples(entries, value) },
    ...versions.map((executed) => ({
      dimensions: { ...dimensions, ExecutedVersion: executed },
      samples: entrySamples(entries, (entry, given) => (entry.version === executed ? value(entry, given) : undefined)),
    })),
  ];
}

const whole: readonly View[] = ["function", "alias", "region"];

/** Provisioned concurrency: published for the alias that has it, and only while it has. */
const provisionedRow = (
  metric: string,
  unit: string,
  value: (entry: LedgerEntry, source: MetricSource) => number | undefined,
): MetricRow => ({
  ...{ namespace, metric, unit },
  publish: ofLambda((source) =>
    source.settings.provisionedConcurrency === 0
      ? []
      : publications("alias", source, (entry) => (isThrottled(entry) ? undefined : value(entry, source))).slice(0, 1),
  ),
});

/** Managed Instances say for each throttle which resource ran out; the simulator knows only one. */
const managedRow = (metric: string, value: number): MetricRow => ({
  ...{ namespace, metric, unit: "Count" },
  publish: ofLambda((source) =>
    source.settings.perEnvironmentConcurrency === null
      ? []
      : publications("function", source, (entry) => (isThrottled(entry) ? value : undefined)),
  ),
});

/** A Function URL counts every request, also those that never became an invocation. */
const urlRow = (metric: string, unit: string, value: (status: number, latencyMs: number) => number): MetricRow => ({
  ...{ namespace, metric, unit },
  publish: ofLambda(({ name, entries, notCounted }) => [
    {
      dimensions: { FunctionName: name },
      samples: () => [
        ...entries.flatMap(({ face, atMs, endMs, status, latencyMs }, index) =>
          face === "function-url" ? [{ atMs, endMs, index, value: value(status, latencyMs) }] : [],
        ),
        ...notCounted.flatMap(({ face, atMs, status }, index) =>
          face === "function-url" && status !== null ? [{ atMs, endMs: atMs, index, value: value(status, 0) }] : [],
        ),
      ],
    },
  ]),
});

const busyProvisioned = ({ concurrent }: LedgerEntry, { settings }: MetricSource): number =>
  Math.min(concurrent, settings.provisionedConcurrency);

export const lambdaRows: readonly MetricRow[] = [
  row("Invocations", "Count", invocation, whole),
  row("Errors", "Count", failure, whole),
  row("Throttles", "Count", throttle, whole),
  row(
    "Duration",
    "Milliseconds",
    servedOnly((entry) => entry.durationMs),
    whole,
  ),
  row(
    "ConcurrentExecutions",
    "Count",
    servedOnly((entry) => entry.concurrent),
  ),
  row(
    "ConcurrentExecutions",
    "Count",
    servedOnly((entry) => entry.account.concurrent),
    ["region"],
  ),
  row(
    "UnreservedConcurrentExecutions",
    "Count",
    servedOnly((entry) => entry.account.unreserved),
    ["region"],
  ),
  row(
    "ClaimedAccountConcurrency",
    "Count",
    servedOnly((entry) => entry.account.claimed),
    ["region"],
  ),
  provisionedRow("ProvisionedConcurrencyInvocations", "Count", (entry) => (entry.provisioned ? 1 : undefined)),
  provisionedRow("ProvisionedConcurrencySpilloverInvocations", "Count", (entry) => (entry.provisioned ? 0 : 1)),
  provisionedRow("ProvisionedConcurrentExecutions", "Count", busyProvisioned),
  provisionedRow(
    "ProvisionedConcurrencyUtilization",
    "None",
    (entry, source) => busyProvisioned(entry, source) / source.settings.provisionedConcurrency,
  ),
  managedRow("ConcurrencyThrottles", 1),
  managedRow("CPUThrottles", 0),
  managedRow("MemoryThrottles", 0),
  managedRow("DiskThrottles", 0),
  urlRow("UrlRequestCount", "Count", () => 1),
  urlRow("Url4xxCount", "Count", (status) => (Math.floor(status / 100) === 4 ? 1 : 0)),
  urlRow("Url5xxCount", "Count", (status) => (Math.floor(status / 100) === 5 ? 1 : 0)),
  urlRow("UrlRequestLatency", "Milliseconds", (_, latencyMs) => latencyMs),
];
