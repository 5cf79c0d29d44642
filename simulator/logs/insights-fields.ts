/** The fields that Logs Insights finds in a line of a Lambda function by itself. */
import type { LogRecord } from "./insights-expression.ts";
import type { LogEvent } from "./log-events.ts";

/** A megabyte of Logs Insights: AWS's own sample queries divide `@maxMemoryUsed` by 1000 twice. */
const megabyte = 1_000_000;

export function recordOf(event: LogEvent, index: number): LogRecord {
  const { message, atMs, stream } = event;
  return {
    "@timestamp": new Date(atMs).toISOString().replace("T", " ").replace("Z", ""),
    "@message": message,
    "@logStream": stream,
    "@ptr": Buffer.from(`${stream} ${index}`).toString("base64"),
    ...(message.startsWith("{") ? jsonFields(message) : textFields(message)),
  };
}

function textFields(message: string): LogRecord {
  const type = /^(START|END|REPORT) RequestId:/.exec(message)?.[1];
  const requestId = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/.exec(message)?.[0];
  return {
    ...(type !== undefined && { "@type": type }),
    ...(requestId !== undefined && { "@requestId": requestId }),
    ...(type === "REPORT" && reportFields(message)),
  };
}

function reportFields(message: string): LogRecord {
  const found = (label: string, factor: number): readonly number[] => {
    const value = new RegExp(`(?:^|\\t)${label}: ([\\d.]+) M?m?[Bs]`).exec(message)?.[1];
    return value === undefined ? [] : [Number(value) * factor];
  };
  const fields = [
    ["@duration", found("Duration", 1)],
    ["@billedDuration", found("Billed Duration", 1)],
    ["@initDuration", found("Init Duration", 1)],
    ["@memorySize", found("Memory Size", megabyte)],
    ["@maxMemoryUsed", found("Max Memory Used", megabyte)],
  ] as const;
  return Object.fromEntries(fields.flatMap(([name, values]) => values.map((value) => [name, value])));
}

/** Nested objects by path, `record.metrics.durationMs`; lists by index. */
function jsonFields(message: string): LogRecord {
  const fields: [string, string | number][] = [];
  const walk = (path: string, value: unknown): void => {
    if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(path === "" ? key : `${path}.${key}`, inner);
    } else if (typeof value === "string" || typeof value === "number") {
      fields.push([path, value]);
    }
  };
  walk("", JSON.parse(message));
  return Object.fromEntries(fields);
}
