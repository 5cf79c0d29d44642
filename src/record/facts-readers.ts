/** Readers of what AWS knows beside its metrics. */
import type {
  AccountFacts,
  CloudFacts,
  ContainerFacts,
  FrontEndFacts,
  FunctionFacts,
  LogFacts,
} from "../cloud/facts.ts";
import { FRONT_ENDS } from "../cloud/front-ends.ts";
import { type PriceTable, parsePrices } from "../cloud/prices.ts";
import { amount, BAD, count, flag, listOf, object, oneOf, orNull, type Reader, text } from "./reader.ts";

const figure = orNull(amount);
const NAME = text(300);

/** A figure, or the word for "AWS says there is none". */
const orNone =
  <T>(read: Reader<T>): Reader<T | "none"> =>
  (value, path, faults) =>
    value === "none" ? "none" : read(value, path, faults);

const provisioned = object<Exclude<FunctionFacts["provisionedConcurrency"], "none" | null>>({
  requested: amount,
  available: figure,
  status: orNull(oneOf("READY", "IN_PROGRESS", "FAILED")),
});

const functionFacts = object<FunctionFacts>({
  function: NAME,
  memoryMb: figure,
  architecture: orNull(oneOf("x86_64", "arm64")),
  runtime: orNull(text(100)),
  packageType: orNull(oneOf("Zip", "Image")),
  timeoutMs: figure,
  ephemeralStorageMb: figure,
  codeSha256: orNull(text(200)),
  configSha256: orNull(text(200)),
  snapStart: orNull(flag),
  vpcSubnets: figure,
  reservedConcurrency: orNull(orNone(amount)),
  provisionedConcurrency: orNull(orNone(provisioned)),
  managedInstances: orNull(
    orNone(object<{ readonly perEnvironmentConcurrency: number | null }>({ perEnvironmentConcurrency: figure })),
  ),
});

const accountFacts = object<AccountFacts>({
  concurrencyLimit: figure,
  unreserved: figure,
  claimedMax: figure,
  apiGatewayRate: figure,
  apiGatewayBurst: figure,
  apiGatewayTimeoutMs: figure,
  enisPerVpc: figure,
});

const errorType = object<LogFacts["errors"][number]>({
  type: text(500),
  count,
  examples: listOf(text(4_000), 50),
});

const logFacts = object<LogFacts>({
  function: NAME,
  reports: count,
  coldStarts: count,
  initMs: orNull(object<NonNullable<LogFacts["initMs"]>>({ mean: amount, p95: figure })),
  billedMs: figure,
  memoryUsedMb: figure,
  durationMs: object<LogFacts["durationMs"]>({ p50: figure, p90: figure, p95: figure, p99: figure, max: figure }),
  errors: listOf(errorType, 500),
});

const latency = orNull(object<NonNullable<FrontEndFacts["latencyMs"]>>({ average: figure, p50: figure, p95: figure }));

const waiting = orNull(
  object<NonNullable<FrontEndFacts["integrationLatencyMs"]>>(
    { average: figure, p50: figure, p95: figure, max: figure },
    { max: undefined },
  ),
);

const frontEndFacts = object<FrontEndFacts>({
  kind: oneOf(...FRONT_ENDS),
  name: orNull(text(500)),
  count: figure,
  latencyMs: latency,
  integrationLatencyMs: waiting,
  clientErrors: figure,
  serverErrors: figure,
  ownServerErrors: figure,
  cacheHits: figure,
});

const levels = object<ContainerFacts["cpu"]>({ average: figure, max: figure });

const containerFacts = object<ContainerFacts>({
  cluster: NAME,
  service: NAME,
  cpu: levels,
  memory: levels,
  tasks: figure,
  taskVcpu: figure,
  busyTaskSeconds: figure,
});

/** The price table has a strict parser of its own. */
const priceTable: Reader<PriceTable> = (value, path, faults) => {
  const table = parsePrices(value, path);
  if (table.ok) return table.value;
  for (const { message } of table.problems) faults.say(path, `is no price table: ${message}`);
  return BAD;
};

export const cloudFacts = object<CloudFacts>(
  {
    functions: listOf(functionFacts, 500),
    account: orNull(accountFacts),
    logs: listOf(logFacts, 500),
    frontEnd: orNull(frontEndFacts),
    containers: orNull(containerFacts),
    region: orNull(text(100)),
    prices: orNull(priceTable),
    metricsRequested: figure,
    logBytesScanned: figure,
  },
  { containers: null },
);
