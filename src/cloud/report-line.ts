/**
 * Lines of a Lambda function's log, in the text and in the JSON format (AWS Lambda, "Configuring JSON and plain text log
 * formats"). Pure; a line that is something else is `null`.
 */
import type { EpochMs } from "../units.ts";

/** One line as CloudWatch Logs keeps it; the stream's name carries the version: `2026/11/21/[7]3c1f...`. */
export type LogLine = { readonly at: EpochMs; readonly stream: string; readonly message: string };

/** What Lambda reports about one invocation. Milliseconds and megabytes. */
export type Report = {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number | null;
  readonly memoryUsedMb: number | null;
  /** Init Duration, or Restore Duration under SnapStart; `null` when the environment was warm. */
  readonly initMs: number | null;
  /** `timeout`, or the type of the error; `null` when the invocation succeeded or the line does not say. */
  readonly error: string | null;
};

/** One failed invocation as the log tells it. */
export type ErrorLine = { readonly requestId: string | null; readonly type: string; readonly message: string };

/** A `REPORT` line or a `platform.report` record. */
export const parseReport = (line: string): Report | null => {
  if (line.startsWith("REPORT ")) return textReport(line);
  const record = line.startsWith("{") ? jsonOf(line) : null;
  return field(record, "type") === "platform.report" ? jsonReport(field(record, "record")) : null;
};

/** A line in which a runtime tells an uncaught error, or Lambda a timeout. */
export const parseErrorLine = (line: string): ErrorLine | null => {
  const requestId = UUID.exec(line)?.[0] ?? null;
  const seconds = /Task timed out after ([\d.]+) seconds/.exec(line)?.[1];
  if (seconds !== undefined) return { requestId, type: "timeout", message: `Task timed out after ${seconds} seconds` };
  const start = line.indexOf("{");
  const value = start === -1 ? null : jsonOf(line.slice(start).trimEnd());
  const thrown = field(value, "errorType") === null ? field(value, "message") : value;
  const type = field(thrown, "errorType");
  if (typeof type !== "string" || type === "") return null;
  const message = field(thrown, "errorMessage");
  return { requestId, type, message: typeof message === "string" ? message : "" };
};

const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/;

const textReport = (line: string): Report | null => {
  const parts = new Map(
    line.split("\t").flatMap((part): [string, string][] => {
      const at = part.indexOf(": ");
      return at === -1 ? [] : [[part.slice(0, at).trim(), part.slice(at + 2).trim()]];
    }),
  );
  const number = (name: string): number | null => {
    const value = Number.parseFloat(parts.get(name) ?? "");
    return Number.isFinite(value) && value >= 0 ? value : null;
  };
  const durationMs = number("Duration");
  if (durationMs === null) return null;
  const status = parts.get("Status") ?? null;
  return {
    requestId: parts.get("REPORT RequestId") ?? "",
    durationMs,
    billedMs: number("Billed Duration"),
    memoryUsedMb: number("Max Memory Used"),
    initMs: number("Init Duration") ?? number("Restore Duration"),
    error: errorOf(status, parts.get("Error Type") ?? null),
  };
};

const jsonReport = (record: unknown): Report | null => {
  const metrics = field(record, "metrics");
  const number = (name: string): number | null => {
    const value = field(metrics, name);
    return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
  };
  const text = (name: string): string | null => {
    const value = field(record, name);
    return typeof value === "string" ? value : null;
  };
  const durationMs = number("durationMs");
  if (durationMs === null) return null;
  return {
    requestId: text("requestId") ?? "",
    durationMs,
    billedMs: number("billedDurationMs"),
    memoryUsedMb: number("maxMemoryUsedMB"),
    initMs: number("initDurationMs") ?? number("restoreDurationMs"),
    error: errorOf(text("status"), text("errorType")),
  };
};

const errorOf = (status: string | null, type: string | null): string | null => {
  if (status === null || status === "success") return null;
  return status === "timeout" ? "timeout" : (type ?? status);
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (Object.getOwnPropertyDescriptor(value, name)?.value ?? null)
    : null;
