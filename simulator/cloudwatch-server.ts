/** CloudWatch over awsJson 1.0, answering from the ledgers. Contract: reference "Contract of an in-process fake". */
import { setTimeout as sleep } from "node:timers/promises";
import type { EpochMs } from "../src/units.ts";
import { now } from "./clock.ts";
import { internalErrorData, listMetrics, metricData } from "./cloudwatch/metric-data.ts";
import { parseMetricDataRequest, ValidationError } from "./cloudwatch/request.ts";
import type { MetricSource } from "./cloudwatch/samples.ts";
import { type CloudwatchSettings, defaultCloudwatchSettings } from "./cloudwatch/settings.ts";
import { type Answer, type Exchange, type LocalServer, parseJson, serveLocally } from "./local-server.ts";

export type CloudwatchCall = {
  readonly atMs: EpochMs;
  readonly operation: string;
  readonly status: number;
  /** Whether the call was signed. */
  readonly signed: boolean;
  /** The request's body, parsed. */
  readonly body: unknown;
};

export type CloudwatchServer = LocalServer & {
  readonly settings: () => CloudwatchSettings;
  readonly configure: (change: Partial<CloudwatchSettings>) => void;
  readonly calls: () => readonly CloudwatchCall[];
};

/** Starts it; `sources` gives the functions as they are at the moment of a call. */
export async function startCloudwatch(sources: () => readonly MetricSource[]): Promise<CloudwatchServer> {
  let settings = defaultCloudwatchSettings;
  const calls: CloudwatchCall[] = [];

  /** True while a "next n calls" setting has some left; uses one up. */
  const spend = (key: "throttleFirst" | "serverErrorFirst" | "internalError"): boolean => {
    if (settings[key] <= 0) return false;
    settings = { ...settings, [key]: settings[key] - 1 };
    return true;
  };

  const operate = (operation: string, body: unknown): Answer => {
    if (settings.denied) return refusal(403, "AccessDenied", `not authorized to perform: cloudwatch:${operation}`);
    if (spend("throttleFirst")) return refusal(400, "Throttling", "Rate exceeded");
    if (spend("serverErrorFirst")) return refusal(500, "InternalFailure", "The request processing has failed");
    const cloud = { sources: sources(), settings, nowMs: now() };
    if (operation === "ListMetrics") return json(200, listMetrics(body, cloud));
    if (operation !== "GetMetricData") return refusal(400, "InvalidAction", `${operation} is not simulated`);
    const request = parseMetricDataRequest(body);
    return json(200, spend("internalError") ? internalErrorData(request) : metricData(request, cloud));
  };

  const answer = async (exchange: Exchange): Promise<Answer> => {
    const operation = operationOf(exchange);
    const body = parseJson(exchange.body);
    const given = validated(() => operate(operation, body));
    const signed = exchange.headers.authorization?.startsWith("AWS4-HMAC-SHA256 ") ?? false;
    calls.push({ atMs: now(), operation, status: given.status, signed, body });
    if (settings.slowMs > 0) await sleep(settings.slowMs);
    return given;
  };

  const server = await serveLocally(answer);
  return {
    ...server,
    settings: () => settings,
    configure: (change) => {
      settings = { ...settings, ...change };
    },
    calls: () => calls,
  };
}

const operationOf = ({ headers }: Exchange): string => {
  const [service, operation = ""] = String(headers["x-amz-target"] ?? "").split(".");
  return service === "GraniteServiceVersion20100801" ? operation : `${service}.${operation}`;
};

function validated(operate: () => Answer): Answer {
  try {
    return operate();
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return refusal(400, "ValidationError", error.message);
  }
}

const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-RequestId": crypto.randomUUID(), ...headers },
  body: JSON.stringify(value),
});

/** An error as the awsQueryCompatible protocol has it: the SDK takes the name from the header. */
const refusal = (status: number, code: string, message: string): Answer =>
  json(
    status,
    { __type: `com.amazonaws.cloudwatch#${code}Exception`, message },
    { "x-amzn-query-error": `${code};${status < 500 ? "Sender" : "Receiver"}` },
  );
