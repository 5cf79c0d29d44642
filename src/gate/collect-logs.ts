import { type AwsRead, knownOf } from "../cloud/aws-read.ts";
import type { CloudResult } from "../cloud/cloud.ts";
import type { FunctionReads } from "../cloud/deployment.ts";
import type { LogFacts } from "../cloud/facts.ts";
import { grouped } from "../cloud/settle-reason.ts";
import type { Span } from "../cloud/window.ts";
import type { Clock, FunctionLogs, Log, LogRange } from "../ports.ts";
import { type EpochMs, epochMs, type Millis, millis } from "../units.ts";
import { type AskLogs, type LogAnswer, readLogs } from "./read-logs.ts";
import { beforeDeadline, LAST_QUERY, untilDeadline } from "./until-deadline.ts";

export type CollectLogs = {
  readonly functions: readonly FunctionReads[];
  /** What CloudWatch said of the same run: how many lines there must be, and whether anything failed. */
  readonly cloud: CloudResult;
  /** Waiting ends here; one look is taken in any case. */
  readonly deadline: EpochMs;
  /** Between two looks. */
  readonly pause: Millis;
  readonly ports: { readonly logs: FunctionLogs; readonly clock: Clock; readonly log: Log };
  readonly signal: AbortSignal;
};

export type CollectedLogs = {
  readonly logs: readonly LogFacts[];
  readonly bytesScanned: number | null;
  readonly notes: readonly string[];
  /** Why nothing can be read at all, if so. */
  readonly denied: string | null;
};

/** Functions that may run for minutes report at their end. */
const LONGEST_TAIL = 60_000;
/** Lines come a minute or three late; a share this large of what Lambda counted is all of them. */
export const COMPLETE = 0.995;
/** The SDK has repeated each call by itself: a service that fails this often in a row is not waited for. */
const MOST_FAILURES = 2;

/** The same logs, each question of which ends with the signal. */
export const endedBy = (logs: FunctionLogs, stop: AbortSignal): FunctionLogs => ({
  insights: (range, query) => logs.insights(range, query, stop),
  lines: (range, pattern, limit) => logs.lines(range, pattern, limit, stop),
});

export const LATE: LogAnswer<never> = {
  read: { kind: "unavailable", reason: "CloudWatch Logs did not answer in time." },
  bytes: null,
  notes: [],
};

/**
 * Reads REPORT lines of the functions until there are as many as Lambda counted invocations, or until the deadline. What
 * cannot be read is a note.
 */
export const collectLogs = async (options: CollectLogs): Promise<CollectedLogs> => {
  const found: LogFacts[] = [];
  const notes = new Set<string>();
  let bytes: number | null = null;
  let denied: string | null = null;
  const { deadline, ports, signal } = options;
  const stop = untilDeadline({ deadline, clock: ports.clock, signal }, LAST_QUERY);
  for (const one of options.functions) {
    const answer: Settled = await settleOne(one, options, stop);
    bytes = answer.bytes === null ? bytes : (bytes ?? 0) + answer.bytes;
    for (const note of answer.notes) notes.add(note);
    if (answer.facts !== null) found.push(answer.facts);
    denied ??= answer.denied;
    // What one log group is not allowed for, another one may be: only useless credentials end it.
    if (signal.aborted) break;
  }
  return { logs: found, bytesScanned: bytes, notes: [...notes], denied };
};

type Settled = {
  readonly facts: LogFacts | null;
  readonly bytes: number | null;
  readonly notes: readonly string[];
  readonly denied: string | null;
};

const settleOne = async (one: FunctionReads, options: CollectLogs, stop: AbortSignal): Promise<Settled> => {
  const { cloud } = options;
  const configuration = knownOf(one.configuration);
  const label = one.ref.label;
  if (configuration?.logs.reports === false) return nothing([noReports(label)]);
  const metrics = cloud.functions.find((other) => other.function === label) ?? null;
  const wanted = metrics?.invocations ?? null;
  if (wanted === 0) return nothing([]);
  const asked = {
    name: label,
    range: reportRange(one, cloud.window),
    format: configuration?.logs.format ?? null,
    errors: metrics?.errors !== 0,
  };
  const { answer, bytes } = await lastLook(asked, wanted, options, stop);
  return answer === null ? nothing([]) : { ...settled(label, answer, { wanted, state: cloud.state }), bytes };
};

type Looked = { readonly answer: LogAnswer | null; readonly bytes: number | null };

/** Looks until the lines are all there; `null` where a cancel ended it. */
const lastLook = async (
  asked: AskLogs,
  wanted: number | null,
  { deadline, pause, ports, signal }: CollectLogs,
  stop: AbortSignal,
): Promise<Looked> => {
  const look = (late: LogAnswer): Promise<LogAnswer | null> =>
    beforeDeadline(readLogs(endedBy(ports.logs, stop), asked), { stop, signal, late });
  let bytes: number | null = null;
  let failures = 0;
  let answer = await look(LATE);
  while (answer !== null) {
    if (answer.bytes !== null) bytes = (bytes ?? 0) + answer.bytes;
    const now = ports.clock.now();
    failures = answer.read.kind === "unavailable" ? failures + 1 : 0;
    if (isSettled(answer.read, wanted) || failures >= MOST_FAILURES || now >= deadline) break;
    ports.log.wait({ text: progressText(asked.name, answer.read, wanted), until: deadline, detail: null });
    await ports.clock.sleep(millis(Math.min(pause, Math.max(0, deadline - now))), signal);
    const next = await look(answer);
    // What was read before says more than that the newest question was cut short.
    if (next === answer) break;
    answer = next;
  }
  return { answer, bytes };
};

/** Without a count to reach, the first lines there are must do. */
const isSettled = (read: AwsRead<LogFacts>, wanted: number | null): boolean => {
  if (read.kind !== "value") return read.kind !== "unavailable";
  return wanted === null ? read.value.reports > 0 : read.value.reports >= COMPLETE * wanted;
};

/** What CloudWatch counted, and how far it has come. */
type Counted = { readonly wanted: number | null; readonly state: CloudResult["state"] };

const settled = (label: string, { read, notes }: LogAnswer, { wanted, state }: Counted): Omit<Settled, "bytes"> => {
  if (read.kind === "absent") return { ...nothing([...notes, `${label} has no log group.`]) };
  if (read.kind === "denied") return { facts: null, notes: [...notes], denied: read.reason };
  if (read.kind === "unavailable")
    return { ...nothing([...notes, `The logs of ${label} could not be read: ${read.reason}`]) };
  const { reports } = read.value;
  if (reports === 0) return nothing([...notes, `The logs of ${label} hold no REPORT line of this run.`]);
  const short = wanted !== null && reports < COMPLETE * wanted;
  const over = wanted !== null && reports > 1.02 * wanted + 20;
  const why =
    state === "partial" || state === "incomplete" ? "CloudWatch's metrics are behind" : "other versions log there too";
  const text = `The logs of ${label} hold ${grouped(reports)} REPORT lines`;
  return {
    facts: read.value,
    notes: [
      ...notes,
      ...(short ? [`${text} of ${grouped(wanted)} invocations.`] : []),
      ...(over ? [`${text}, more than the ${grouped(wanted)} invocations counted: ${why}.`] : []),
    ],
    denied: null,
  };
};

const nothing = (notes: readonly string[]): Settled => ({ facts: null, bytes: null, notes, denied: null });

/** Why a function's log has no REPORT lines. */
export const noReports = (label: string): string =>
  `The system log level of ${label} is WARN, which leaves the REPORT records out of its logs.`;

/** Where the reports of the invocations stand that started in a window: each is written when its invocation ends. */
export const reportRange = ({ ref, configuration }: FunctionReads, window: Span): LogRange => {
  const known = knownOf(configuration);
  return {
    group: known?.logs.group ?? `/aws/lambda/${ref.name}`,
    start: window.start,
    end: epochMs(window.end + Math.min(known?.timeoutMs ?? LONGEST_TAIL, LONGEST_TAIL)),
  };
};

const progressText = (label: string, read: AwsRead<LogFacts>, wanted: number | null): string => {
  const of = wanted === null ? "" : ` of ${grouped(wanted)}`;
  const count = read.kind === "value" ? grouped(read.value.reports) : "0";
  return `The logs of ${label} hold ${count}${of} REPORT lines`;
};
