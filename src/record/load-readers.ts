/** Readers of what the engine measured, as it stands in a run record. */
import type { AnswerSigns } from "../load/answer-signs.ts";
import { OUTCOME_CLASSES, type OutcomeCounts } from "../load/outcome.ts";
import type {
  ApartResult,
  ConnectionStats,
  FailureExample,
  GeneratorHealth,
  HalfAndTail,
  HealthSecond,
  LatencySummary,
  OnceResult,
  Slice,
  TaskResult,
  Totals,
} from "../load/result.ts";
import { amount, count, finite, listOf, matching, object, oneOf, orNull, type Reader, someOf, text } from "./reader.ts";
import { withDefaults } from "./with-defaults.ts";

/** A day of one-second slices and a little more. */
const MAX_SLICES = 90_000;
export const MAX_TASKS = 1_000;
/** A full-range histogram at 3 digits is about 20,000 characters. */
const MAX_HISTOGRAM = 262_144;

/** Base64 whose first bytes are the cookie of a compressed V2 histogram; its contents are decoded by whoever needs them. */
export const histogram = matching(
  /^HISTF[A-Za-z0-9+/]*={0,2}$/,
  MAX_HISTOGRAM,
  `a compressed HdrHistogram V2 in base64 of at most ${MAX_HISTOGRAM} characters`,
);

export const outcomeCounts: Reader<OutcomeCounts> = object<OutcomeCounts>(
  Object.fromEntries(OUTCOME_CLASSES.map((name) => [name, count])) as Record<keyof OutcomeCounts, Reader<number>>,
);

export const latencySummary = object<LatencySummary>(
  {
    count,
    p50: orNull(amount),
    p90: orNull(amount),
    p95: orNull(amount),
    p99: orNull(amount),
    min: orNull(amount),
    max: orNull(amount),
    mean: orNull(amount),
    from: oneOf("actual-start"),
    histogram,
  },
  { from: undefined },
);

const failureExample = object<FailureExample>({ status: orNull(count), text: text(4_000) });

const taskResult = object<TaskResult>({
  name: text(500),
  requests: count,
  outcomes: outcomeCounts,
  response: latencySummary,
  service: latencySummary,
  examples: someOf(OUTCOME_CLASSES, listOf(failureExample, 50)),
});

export const taskResults = listOf(taskResult, MAX_TASKS);

const slice = withDefaults<Slice>(
  { dropped: 0 },
  object<Slice>(
    {
      second: count,
      users: count,
      requests: count,
      dropped: count,
      outcomes: outcomeCounts,
      tasks: listOf(count, MAX_TASKS),
      failures: listOf(count, MAX_TASKS),
      bytesReceived: count,
      response: orNull(histogram),
      service: orNull(histogram),
    },
    { failures: undefined },
  ),
);

export const slices = listOf(slice, MAX_SLICES);

const percentilePair = orNull(object<HalfAndTail>({ p50: amount, p95: amount }));

const connectionStats = withDefaults<ConnectionStats>(
  { resumed: 0, surplus: 0, dnsMs: null },
  object<ConnectionStats>({
    opened: count,
    reopened: count,
    resumed: count,
    surplus: count,
    dnsMs: percentilePair,
    connectMs: percentilePair,
    tlsMs: percentilePair,
  }),
);

export const totals = withDefaults<Totals>(
  { dropped: 0, ttfbMs: null, downloadMs: null },
  object<Totals>({
    requests: count,
    dropped: count,
    rate: amount,
    steadyRate: orNull(amount),
    steadySeconds: amount,
    bytes: object<Totals["bytes"]>({ sent: count, received: count }),
    outcomes: outcomeCounts,
    connections: connectionStats,
    ttfbMs: percentilePair,
    downloadMs: percentilePair,
  }),
);

export const apartResult = object<ApartResult>({ requests: count, outcomes: outcomeCounts });

export const onceResult = object<OnceResult>({
  requests: count,
  outcomes: outcomeCounts,
  failedUsers: count,
  rows: taskResults,
});

const healthSecond = withDefaults<HealthSecond>(
  { heapShare: null, usersPlanned: null },
  object<HealthSecond>({
    second: count,
    utilisation: amount,
    cpuShare: amount,
    waiting: orNull(amount),
    steal: orNull(amount),
    loopDelayMs: amount,
    lagMs: orNull(amount),
    gcMs: amount,
    memoryMb: amount,
    heapShare: orNull(amount),
    usersPlanned: orNull(count),
    bytes: count,
  }),
);

const delays = object<GeneratorHealth["loopDelayMs"]>({ p50: amount, p99: amount, max: amount });
/** A timer that fires a moment early starts a request before its intended start. */
const lags = object<GeneratorHealth["scheduleLagMs"]>({ p50: finite, p99: finite, max: finite });

const figures = {
  workers: count,
  utilisation: object<GeneratorHealth["utilisation"]>({ mean: amount, max: amount, shareAbove80: amount }),
  loopDelayMs: delays,
  cpuShare: amount,
  scheduleLagMs: lags,
  memoryMb: amount,
  usersAsked: count,
  usersReached: count,
  p95OwnMs: orNull(amount),
  linkMbit: orNull(amount),
};

/** All of it but the figures by second. */
export const generatorFigures = object<Omit<GeneratorHealth, "series">>(figures);

export const generatorHealth = withDefaults<GeneratorHealth>(
  { p95OwnMs: null, linkMbit: null, series: [] },
  object<GeneratorHealth>({ ...figures, series: listOf(healthSecond, MAX_SLICES) }),
);

export const answerSigns = object<AnswerSigns>({ seen: count, cacheHits: count, aged: count });
