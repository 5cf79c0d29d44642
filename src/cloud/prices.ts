import { type Parsed, parsed, refused, usageProblem } from "../errors.ts";
import type { Architecture } from "./facts.ts";
import builtIn from "./prices.json" with { type: "json" };

/** The first tier whose `upTo` is not exceeded prices the next unit; the last has none. Units per month. */
export type Tier = { readonly upTo: number | null; readonly usd: number };

export type LambdaPrices = {
  /** Per GB-second. */
  readonly duration: readonly Tier[];
  /** Per GB-second of configured provisioned concurrency, used or not. */
  readonly provisioned: number;
  /** Per GB-second of Duration that runs on it. */
  readonly provisionedDuration: number;
};

/** US dollars. One region's list prices with factors for dearer regions; before free tier, discounts and taxes. */
export type PriceTable = {
  readonly schema: "swarmgate.prices/v1";
  /** Day on which the prices were looked up, `2026-11-21`. */
  readonly asOf: string;
  readonly source: string;
  readonly currency: "USD";
  /** Region that the prices are of. */
  readonly region: string;
  /** Factor of Lambda duration prices in other regions; a region that is not here costs 1. */
  readonly regionFactors: Readonly<Record<string, number>>;
  readonly lambda: Readonly<Record<Architecture, LambdaPrices>>;
  readonly requestsPerMillion: number;
  /** `/tmp` above 512 MB, per GB-second. */
  readonly ephemeralPerGbSecond: number;
  readonly restApiPerMillion: readonly Tier[];
  /** Per million requests of up to 512 KB. */
  readonly httpApiPerMillion: readonly Tier[];
  readonly getMetricDataPerThousand: number;
  readonly logsInsightsPerGb: number;
};

const SCHEMA = "swarmgate.prices/v1";

/** The table that comes with this version (`prices.json`). */
export const PRICES: PriceTable = { ...builtIn, schema: SCHEMA, currency: "USD" };

/** Prices of another day, region or contract, from a file of the user's. Every problem is named. */
export const parsePrices = (value: unknown, label: string): Parsed<PriceTable> => {
  const faults = [...headFaults(value), ...figureFaults(value)];
  if (faults.length === 0) return parsed(value as PriceTable);
  const shown = faults.slice(0, MOST_FAULTS).join("; ");
  const hint = "Copy src/cloud/prices.json of swarmgate and change its figures; docs/aws.md explains them.";
  return refused([usageProblem("bad-value", `The price table ${label} cannot be used: ${shown}.`, hint)]);
};

const MOST_FAULTS = 5;
/** Beyond this no unit of AWS costs; a table in cents or per month would be caught by it. */
const DEAREST = 1000;

const headFaults = (value: unknown): readonly string[] => {
  if (fieldOf(value, "schema") !== SCHEMA) return [`its schema is not ${SCHEMA}`];
  const asOf = fieldOf(value, "asOf");
  return [
    ...(typeof asOf === "string" && /^\d{4}-\d\d-\d\d$/.test(asOf) && Number.isFinite(Date.parse(asOf))
      ? []
      : ["asOf is not a day like 2026-11-21"]),
    ...(fieldOf(value, "currency") === "USD" ? [] : ["currency is not USD"]),
    ...["source", "region"]
      .filter((name) => typeof fieldOf(value, name) !== "string")
      .map((name) => `${name} is missing`),
  ];
};

const figureFaults = (value: unknown): readonly string[] => {
  const factors = fieldOf(value, "regionFactors");
  const architectures = (["x86_64", "arm64"] as const).flatMap((name) => {
    const prices = fieldOf(fieldOf(value, "lambda"), name);
    return [
      ...tierFaults(fieldOf(prices, "duration"), `lambda.${name}.duration`),
      ...priceFaults(prices, ["provisioned", "provisionedDuration"], `lambda.${name}.`),
    ];
  });
  const single = ["requestsPerMillion", "ephemeralPerGbSecond", "getMetricDataPerThousand", "logsInsightsPerGb"];
  return [
    ...architectures,
    ...tierFaults(fieldOf(value, "restApiPerMillion"), "restApiPerMillion"),
    ...tierFaults(fieldOf(value, "httpApiPerMillion"), "httpApiPerMillion"),
    ...priceFaults(value, single, ""),
    ...(isMap(factors)
      ? priceFaults(factors, Object.keys(factors), "regionFactors.")
      : ["regionFactors is not a map of regions"]),
  ];
};

const tierFaults = (value: unknown, name: string): readonly string[] => {
  if (!Array.isArray(value) || value.length === 0) return [`${name} is not a list of tiers`];
  const bounds = value.map((tier: unknown) => fieldOf(tier, "upTo"));
  const rising = bounds.every((bound, i) => {
    if (i === bounds.length - 1) return bound === null;
    const before = i === 0 ? 0 : bounds[i - 1];
    return typeof bound === "number" && typeof before === "number" && bound > before;
  });
  return [
    ...(rising ? [] : [`${name} has no rising upTo that ends with null`]),
    ...value.flatMap((tier: unknown, i) => priceFaults(tier, ["usd"], `${name}[${i}].`)),
  ];
};

const priceFaults = (value: unknown, names: readonly string[], where: string): readonly string[] =>
  names
    .filter((name) => {
      const price = fieldOf(value, name);
      return typeof price !== "number" || !(price >= 0 && price <= DEAREST);
    })
    .map((name) => `${where}${name} is not a price`);

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const fieldOf = (value: unknown, name: string): unknown =>
  isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined;
