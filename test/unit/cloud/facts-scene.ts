/** Facts for tests: a zip function of 512 MB on arm behind an account of 1,000, everything else not known. */
import type { AccountFacts, CloudFacts, FrontEndFacts, FunctionFacts, LogFacts } from "../../../src/cloud/facts.ts";
import { noFacts } from "../../../src/cloud/facts.ts";

export const functionFacts = (some: Partial<FunctionFacts> = {}): FunctionFacts => ({
  function: "orders",
  memoryMb: 512,
  architecture: "arm64",
  runtime: "nodejs24.x",
  packageType: "Zip",
  timeoutMs: 10_000,
  ephemeralStorageMb: 512,
  codeSha256: "abc=",
  configSha256: null,
  snapStart: false,
  vpcSubnets: 0,
  reservedConcurrency: "none",
  provisionedConcurrency: "none",
  managedInstances: "none",
  ...some,
});

export const accountFacts = (some: Partial<AccountFacts> = {}): AccountFacts => ({
  concurrencyLimit: 1000,
  unreserved: null,
  claimedMax: null,
  apiGatewayRate: null,
  apiGatewayBurst: null,
  apiGatewayTimeoutMs: null,
  enisPerVpc: null,
  ...some,
});

export const logFacts = (some: Partial<LogFacts> = {}): LogFacts => ({
  function: "orders",
  reports: 1000,
  coldStarts: 20,
  initMs: { mean: 300, p95: 420 },
  billedMs: 27,
  memoryUsedMb: 140,
  durationMs: { p50: 18, p90: 30, p95: 40, p99: 80, max: 200 },
  errors: [],
  ...some,
});

export const frontEndFacts = (some: Partial<FrontEndFacts> = {}): FrontEndFacts => ({
  kind: "http-api",
  name: "a1b2c3",
  count: 1010,
  latencyMs: { average: 41, p50: 38, p95: 90 },
  integrationLatencyMs: { average: 33, p50: 30, p95: 80 },
  clientErrors: 0,
  serverErrors: 0,
  ownServerErrors: null,
  cacheHits: null,
  ...some,
});

export const cloudFacts = (some: Partial<CloudFacts> = {}): CloudFacts => ({
  ...noFacts,
  functions: [functionFacts()],
  account: accountFacts(),
  logs: [logFacts()],
  frontEnd: frontEndFacts(),
  region: "eu-west-1",
  ...some,
});
