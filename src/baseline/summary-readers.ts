import { amount, BAD, count, flag, listOf, mapOf, object, orNull, type Reader, text } from "../record/reader.ts";
import { errorCode, fingerprints, identifier, isoTime } from "../record/run-readers.ts";
import type { Counts, FunctionSummary, RunSummary } from "../record/summary.ts";

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

const functionSummary = object<FunctionSummary>({
  function: text(300),
  callsPerRequest: amount,
  durationMs: amount,
});

export const runSummary: Reader<RunSummary> = object<RunSummary>({
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
  unmeasured: mapOf(object<RunSummary["unmeasured"][string]>({ code: errorCode, reason: text(2_000) }), MAX_FIGURES),
});
