/** CloudWatch over awsJson 1.0, answering from the ledgers. Contract: reference "Contract of an in-process fake". */
import { awsJson, cloudwatchDialect, readTarget } from "./aws/dialects.ts";
import { type AwsService, ServiceError, startAwsService } from "./aws/service.ts";
import { internalErrorData, listMetrics, metricData, partialData } from "./cloudwatch/metric-data.ts";
import { parseMetricDataRequest, ValidationError } from "./cloudwatch/request.ts";
import type { MetricSource } from "./cloudwatch/samples.ts";
import { type CloudwatchSettings, defaultCloudwatchSettings } from "./cloudwatch/settings.ts";

export type CloudwatchServer = AwsService<CloudwatchSettings>;

/** Starts it; `sources` gives the functions of a region as they are at the moment of a call. */
export const startCloudwatch = (
  sources: (region: string | null) => readonly MetricSource[],
): Promise<CloudwatchServer> =>
  startAwsService({
    defaults: defaultCloudwatchSettings,
    dialect: cloudwatchDialect,
    read: readTarget("GraniteServiceVersion20100801"),
    operate: ({ operation, body, region, nowMs }, store) => {
      const cloud = { sources: sources(region), settings: store.settings(), region, nowMs };
      if (operation === "ListMetrics") return awsJson("1.0", listMetrics(body, cloud));
      if (operation !== "GetMetricData") throw new ServiceError(400, "InvalidAction", `${operation} is not simulated`);
      const request = validated(() => parseMetricDataRequest(body));
      if (store.spend("internalError")) return awsJson("1.0", internalErrorData(request));
      const data = validated(() => metricData(request, cloud));
      return awsJson("1.0", store.spend("partialFirst") ? partialData(data) : data);
    },
  });

function validated<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ServiceError(400, "ValidationError", error.message);
  }
}
