/** Every metric that the ledgers give. */
import { cloudfrontRows } from "./cloudfront-rows.ts";
import { containerRows } from "./container-rows.ts";
import { frontEndRows } from "./front-end-rows.ts";
import { lambdaRows } from "./lambda-rows.ts";
import type { MetricRow } from "./samples.ts";

export const metricRows: readonly MetricRow[] = [...lambdaRows, ...frontEndRows, ...containerRows, ...cloudfrontRows];
