/** What Lambda writes for one invocation, in text and in JSON. Facts: reference "Formats" and "INIT is billed". */
import type { FunctionSettings } from "../function-settings.ts";
import type { LedgerEntry } from "../ledger.ts";

export type LogLine = { readonly atMs: number; readonly message: string };

export type Invocation = { readonly name: string; readonly settings: FunctionSettings; readonly entry: LedgerEntry };

/** Lines in order of time; none for a throttle, which never ran. */
export function logLines({ name, settings, entry }: Invocation): readonly LogLine[] {
  if (entry.outcome === "throttled") return [];
  const figures = figuresOf(settings, entry);
  return settings.logFormat === "JSON"
    ? jsonLines({ name, settings, entry }, figures)
    : textLines({ name, settings, entry }, figures);
}

/** Milliseconds and megabytes as the platform reports them. */
type Figures = {
  readonly durationMs: number;
  readonly billedMs: number;
  /** Init, or with SnapStart the restore; absent when warm, and with provisioned concurrency. */
  readonly startMs: number | undefined;
  readonly status: "success" | "error" | "timeout";
};

function figuresOf({ snapStart }: FunctionSettings, entry: LedgerEntry): Figures {
  const { durationMs, initMs, outcome, errorType } = entry;
  const billedInit = snapStart ? 0 : initMs;
  const timedOut = errorType === "Sandbox.Timedout";
  return {
    durationMs,
    billedMs: Math.ceil(durationMs + billedInit),
    startMs: initMs > 0 ? initMs : undefined,
    status: outcome === "ok" ? "success" : timedOut ? "timeout" : "error",
  };
}

function textLines({ settings, entry }: Invocation, { durationMs, billedMs, startMs, status }: Figures): LogLine[] {
  const { requestId, version, atMs, endMs, errorType } = entry;
  const { snapStart, memoryMb, maxMemoryUsedMb, timeoutMs } = settings;
  const iso = new Date(endMs).toISOString();
  const seconds = (timeoutMs / 1000).toFixed(2);
  const restored = startMs !== undefined && snapStart;
  const report = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${Math.round(maxMemoryUsedMb)} MB`,
    ...(startMs === undefined || snapStart ? [] : [`Init Duration: ${startMs.toFixed(2)} ms`]),
    ...(restored
      ? [`Restore Duration: ${startMs.toFixed(2)} ms`, `Billed Restore Duration: ${Math.ceil(startMs)} ms`]
      : []),
    ...(status === "success" ? [] : [`Status: ${status}`]),
    ...(status === "error" ? [`Error Type: ${errorType}`] : []),
  ].join("\t");
  return [
    ...(startMs === undefined
      ? []
      : [{ atMs, message: `${snapStart ? "RESTORE" : "INIT"}_START Runtime Version: nodejs:24.v8` }]),
    { atMs, message: `START RequestId: ${requestId} Version: ${version}\n` },
    ...(status === "timeout"
      ? [{ atMs: endMs, message: `${iso} ${requestId} Task timed out after ${seconds} seconds\n\n` }]
      : []),
    ...(status === "error"
      ? [
          {
            atMs: endMs,
            message: `${iso}\t${requestId}\tERROR\tInvoke Error \t${JSON.stringify(errorOf(settings, entry))}\n`,
          },
        ]
      : []),
    { atMs: endMs, message: `END RequestId: ${requestId}\n` },
    { atMs: endMs, message: `${report}\t\n` },
  ];
}

function jsonLines({ name, settings, entry }: Invocation, figures: Figures): LogLine[] {
  const { requestId, version, atMs, endMs } = entry;
  const { startMs, status } = figures;
  const initializationType = settings.snapStart ? "snap-start" : "on-demand";
  const platform = settings.systemLogLevel !== "WARN";
  const line = (at: number, type: string, record: unknown): LogLine => ({
    atMs: at,
    message: JSON.stringify({ time: new Date(at).toISOString(), type, record }),
  });
  const init = { initializationType, phase: "init" };
  return [
    ...(platform && startMs !== undefined
      ? [
          line(atMs, "platform.initStart", { ...init, functionName: name, functionVersion: version }),
          line(atMs, "platform.initReport", { ...init, status: "success", metrics: { durationMs: rounded(startMs) } }),
        ]
      : []),
    ...(platform ? [line(atMs, "platform.start", { requestId, version })] : []),
    ...(status === "error" ? [{ atMs: endMs, message: jsonError(settings, entry) }] : []),
    ...(platform ? [line(endMs, "platform.report", reportRecord(settings, entry, figures))] : []),
  ];
}

function reportRecord(
  { memoryMb, maxMemoryUsedMb, snapStart }: FunctionSettings,
  { requestId, errorType }: LedgerEntry,
  { durationMs, billedMs, startMs, status }: Figures,
): unknown {
  const start = startMs === undefined ? 0 : rounded(startMs);
  return {
    requestId,
    metrics: {
      ...{ durationMs: rounded(durationMs), billedDurationMs: billedMs, memorySizeMB: memoryMb },
      maxMemoryUsedMB: Math.round(maxMemoryUsedMb),
      ...(startMs !== undefined && !snapStart && { initDurationMs: start }),
      ...(startMs !== undefined &&
        snapStart && { restoreDurationMs: start, billedRestoreDurationMs: Math.ceil(start) }),
    },
    status,
    ...(status !== "success" && { errorType }),
  };
}

const jsonError = (settings: FunctionSettings, entry: LedgerEntry): string => {
  const { errorType, errorMessage, stack } = errorOf(settings, entry);
  const message = { errorType, errorMessage, stackTrace: stack };
  const timestamp = new Date(entry.endMs).toISOString();
  return JSON.stringify({ timestamp, level: "ERROR", requestId: entry.requestId, message });
};

const errorOf = (
  { errorMessage }: FunctionSettings,
  { errorType }: LedgerEntry,
): { readonly errorType: string; readonly errorMessage: string; readonly stack: readonly string[] } => ({
  errorType: errorType ?? "Error",
  errorMessage,
  stack: [`${errorType}: ${errorMessage}`, "    at Runtime.handler (file:///var/task/index.mjs:7:9)"],
});

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
