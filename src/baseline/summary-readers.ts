import { acceptance } from "../record/acceptance.ts";
import { readGateFacts } from "../record/gate-facts.ts";
import { histogram, MAX_TASKS } from "../record/load-readers.ts";
import {
  amount,
  BAD,
  count,
  finite,
  flag,
  listOf,
  mapOf,
  object,
  orNull,
  type Reader,
  text,
} from "../record/reader.ts";
import { MOST_ROWS_KEPT } from "../record/row-summaries.ts";
import { errorCode, fingerprints, identifier, isoTime } from "../record/run-readers.ts";
import type { Counts, FunctionSummary, LayerFigures, RowSummary, RunSummary } from "../record/summary.ts";

/** 20 metrics of the whole and of a thousand tasks. */
const MAX_FIGURES = 20_000;

/** More events than trials would make a share above 1 and an interval of nothing. */
const within =
  <T extends { readonly events: number; readonly trials: number }>(read: Reader<T>): Reader<T> =>
  (value, path, faults) => {
    const got = read(value, path, faults);
    return got === BAD || got.events <= got.trials ? got : faults.say(path, "has more events than trials");
  };

const part = within(object<{ readonly events: number; readonly trials: number }>({ events: amount, trials: amount }));
const counts = within(object<Counts>({ events: amount, trials: amount, parts: orNull(listOf(part, 100)) }));

const functionSummary = object<FunctionSummary>(
  {
    function: text(300),
    callsPerRequest: amount,
    durationMs: amount,
    coldMs: amount,
    perEnvironment: amount,
  },
  { coldMs: undefined, perEnvironment: undefined },
);

const layerFigures = object<LayerFigures>(
  {
    responseMs: orNull(amount),
    serviceMs: orNull(amount),
    connectMs: orNull(amount),
    tlsMs: orNull(amount),
    connectionsPerRequest: amount,
    coldMs: orNull(amount),
    // Two means that AWS measured apart: their difference can fall a little below 0.
    gatewayMs: orNull(finite),
    frontEndMs: orNull(amount),
    targetMs: orNull(amount),
    uncountedShare: orNull(amount),
    unansweredShare: amount,
    bytesPerRequest: amount,
    loopDelayMs: amount,
    usualLoopDelayMs: orNull(amount),
  },
  { targetMs: null, usualLoopDelayMs: null },
);

const rowSummary = object<RowSummary>({
  name: text(500),
  tasks: listOf(text(500), MAX_TASKS),
  requests: count,
  ok: count,
  counts,
  response: orNull(histogram),
  service: orNull(histogram),
});

export const runSummary: Reader<RunSummary> = object<RunSummary>(
  {
    id: identifier,
    sha: orNull(identifier),
    runId: orNull(count),
    start: isoTime,
    fingerprint: fingerprints,
    rate: amount,
    requests: count,
    failureShare: amount,
    valid: flag,
    interrupted: flag,
    values: mapOf(amount, MAX_FIGURES),
    samples: mapOf(amount, MAX_FIGURES),
    counts: mapOf(counts, MAX_FIGURES),
    functions: listOf(functionSummary, 500),
    layers: orNull(layerFigures),
    unmeasured: mapOf(object<RunSummary["unmeasured"][string]>({ code: errorCode, reason: text(2_000) }), MAX_FIGURES),
    gate: readGateFacts,
    accepted: acceptance,
    rows: listOf(rowSummary, MOST_ROWS_KEPT),
  },
  { layers: null, gate: undefined, accepted: undefined, rows: undefined },
);
