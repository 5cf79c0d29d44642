/** AWS's defaults of the quotas a load test meets. Facts: reference "VPC and quotas". */

export type KnownQuota = { readonly name: string; readonly value: number; readonly adjustable: boolean };

const adjustable = (name: string, value: number): KnownQuota => ({ name, value, adjustable: true });

/** Lambda's concurrent executions: the one with an applied value, the account's. */
export const concurrencyQuota = "lambda/L-B99A9384";

/** By `service/code`. */
export const knownQuotas: ReadonlyMap<string, KnownQuota> = new Map([
  [concurrencyQuota, adjustable("Concurrent executions", 1000)],
  ["lambda/L-9FEE3D26", adjustable("Elastic network interfaces per VPC", 500)],
  ["lambda/L-2ACBD22F", adjustable("Function and layer storage", 300)],
  ["vpc/L-DF5E4CA3", adjustable("Network interfaces per Region", 5000)],
  ["apigateway/L-8A5B8E43", adjustable("Throttle rate", 10_000)],
  ["apigateway/L-CDF5615A", { name: "Throttle burst rate", value: 5000, adjustable: false }],
  ["apigateway/L-E5AE38E3", adjustable("Maximum integration timeout in milliseconds", 29_000)],
]);
