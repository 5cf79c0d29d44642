import { knownOf } from "../cloud/aws-read.ts";
import type { FunctionReads } from "../cloud/deployment.ts";
import { expectedOf } from "../cloud/expectation.ts";
import { grouped } from "../cloud/settle-reason.ts";
import { durationsIn, isShortOfLines, type MeanDuration, slotsOver } from "../cloud/starts.ts";
import type { Span } from "../cloud/window.ts";
import type { OutcomeCounts } from "../load/outcome.ts";
import type { Clock, FunctionLogs, Log } from "../ports.ts";
import type { RoundDuration } from "../record/record.ts";
import { type EpochMs, epochMs, type Millis, millis } from "../units.ts";
import { COMPLETE, endedBy, LATE, noReports, reportRange } from "./collect-logs.ts";
import { type AskStarts, readStarts, versionsOf } from "./read-starts.ts";
import { beforeDeadline, LAST_QUERY, untilDeadline } from "./until-deadline.ts";

export type CollectDurations = {
  /** Of one arm, in the order given. */
  readonly functions: readonly FunctionReads[];
  /** The arm's measured seconds in each round, and what was sent in them. */
  readonly segments: readonly { readonly window: Span; readonly outcomes: OutcomeCounts }[];
  /** Waiting for late lines ends here; one look is taken in any case. */
  readonly deadline: EpochMs;
  /** Between two looks. */
  readonly pause: Millis;
  readonly ports: { readonly logs: FunctionLogs; readonly clock: Clock; readonly log: Log };
  readonly signal: AbortSignal;
};

export type CollectedDurations = {
  /** By round, one entry a function; `null` where not every function's lines could be read. */
  readonly rounds: readonly (readonly RoundDuration[])[] | null;
  /** Scanned by Logs Insights; `null` where it was not used. */
  readonly bytesScanned: number | null;
  readonly notes: readonly string[];
  /** What is not allowed, if that is why. */
  readonly denied: string | null;
};

/**
 * Reads how long the invocations of each segment took, from REPORT lines, until there are as many as requests, until
 * no more of them come, or until the deadline. What cannot be read is a note.
 */
export const collectDurations = async (options: CollectDurations): Promise<CollectedDurations> => {
  const { functions, segments, deadline, pause, ports, signal } = options;
  if (functions.length === 0 || segments.length === 0) return NOTHING;
  const silent = functions.find(({ configuration }) => knownOf(configuration)?.logs.reports === false);
  if (silent !== undefined) return { ...NOTHING, notes: [noReports(silent.ref.label)] };
  const expected = segments.reduce((sum, { outcomes }) => sum + expectedOf(outcomes).atLeast, 0);
  let bytes: number | null = null;
  let last: CollectedDurations = NOTHING;
  const stop = untilDeadline({ deadline, clock: ports.clock, signal }, LAST_QUERY);
  while (!signal.aborted) {
    const before = linesOf(last);
    const found: CollectedDurations = await look(options, stop);
    // What was read before says more than that the newest look was cut short.
    if (stop.aborted && found.rounds === null && last.rounds !== null) break;
    const lines = linesOf(found);
    bytes = plus(bytes, found.bytesScanned);
    last = { ...found, bytesScanned: bytes };
    const now = ports.clock.now();
    const isOver = found.rounds === null || (lines > 0 && lines === before) || now >= deadline;
    if (isOver || (lines >= COMPLETE * expected && !hasShortSegment(found, options))) break;
    const text = `The logs hold ${grouped(lines)} of ${grouped(expected)} REPORT lines of the rounds`;
    ports.log.wait({ text, until: deadline, detail: null });
    await ports.clock.sleep(millis(Math.min(pause, Math.max(0, deadline - now))), signal);
  }
  return last;
};

const NOTHING: CollectedDurations = { rounds: null, bytesScanned: null, notes: [], denied: null };

/** Nothing was used where nothing of either was. */
const plus = (bytes: number | null, more: number | null): number | null =>
  more === null ? bytes : (bytes ?? 0) + more;

/** What others called makes up for no line that is missing elsewhere. */
const hasShortSegment = ({ rounds }: CollectedDurations, { segments }: CollectDurations): boolean =>
  segments.some(({ outcomes }, at) => isShortOfLines(outcomes, invocationsOf(rounds?.[at] ?? [])));

const linesOf = ({ rounds }: CollectedDurations): number =>
  (rounds ?? []).reduce((sum, durations) => sum + invocationsOf(durations), 0);

const invocationsOf = (durations: readonly RoundDuration[]): number =>
  durations.reduce((sum, { invocations }) => sum + invocations, 0);

/** One look at every function; the first one that cannot be read ends it, because rounds need them all. */
const look = async (
  { functions, segments, ports, signal }: CollectDurations,
  stop: AbortSignal,
): Promise<CollectedDurations> => {
  const logs = endedBy(ports.logs, stop);
  const windows = segments.map(({ window }) => window);
  const found: { readonly function: string; readonly means: readonly MeanDuration[] }[] = [];
  const notes: string[] = [];
  let bytes: number | null = null;
  for (const one of functions) {
    const answer = await beforeDeadline(readStarts(logs, askOf(one, windows)), { stop, signal, late: LATE });
    if (answer === null) return { ...NOTHING, bytesScanned: bytes, notes };
    const { read } = answer;
    bytes = plus(bytes, answer.bytes);
    notes.push(...answer.notes);
    if (read.kind !== "value") {
      const { label } = one.ref;
      const why = read.kind === "absent" ? "there is no log group." : read.reason;
      return {
        rounds: null,
        bytesScanned: bytes,
        notes: [...notes, `The logs of ${label} could not be read by round: ${why}`],
        denied: read.kind === "denied" ? read.reason : null,
      };
    }
    found.push({ function: one.ref.label, means: durationsIn(read.value, windows) });
  }
  const rounds = windows.map((_, at) =>
    found.flatMap(({ function: name, means }) => {
      const mean = means[at];
      return mean === undefined ? [] : [{ function: name, ...mean }];
    }),
  );
  return { rounds, bytesScanned: bytes, notes, denied: null };
};

const askOf = (one: FunctionReads, windows: readonly Span[]): AskStarts => {
  const whole: Span = {
    start: epochMs(Math.min(...windows.map(({ start }) => start))),
    end: epochMs(Math.max(...windows.map(({ end }) => end))),
  };
  return {
    name: one.ref.label,
    range: reportRange(one, whole),
    format: knownOf(one.configuration)?.logs.format ?? null,
    slots: slotsOver(whole),
    versions: versionsOf(one),
  };
};
