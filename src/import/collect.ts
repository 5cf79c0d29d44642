import { type Parsed, parsed, refused } from "../errors.ts";
import { BucketCounter, type BucketCounts } from "../load/bucket-counts.ts";
import { sumCounts, summarise } from "../load/histogram.ts";
import { countRequests, noOutcomes, type OutcomeClass, type OutcomeCounter } from "../load/outcome.ts";
import { printableLine } from "../load/printable.ts";
import type { FailureExample, LatencySummary } from "../load/result.ts";
import { epochMs } from "../units.ts";
import type { Measured, Reading } from "./measured.ts";
import { importProblem } from "./problems.ts";
import type { LineRead, Sample } from "./sample.ts";
import { createSeconds } from "./seconds.ts";

/** A run record holds a thousand tasks (record/load-readers.ts); a file with more names has ids in its names. */
const MAX_TASKS = 1000;
const EXAMPLES_KEPT = 5;
const LONGEST_WINDOW_MS = 24 * 3600 * 1000;

type Tally = {
  readonly outcomes: OutcomeCounter;
  readonly times: BucketCounter;
  readonly examples: Partial<Record<OutcomeClass, FailureExample[]>>;
};

/** What is known of a file beside its samples. */
export type FileFacts = Pick<Measured, "users" | "lacks" | "notes">;

/**
 * Adds requests up one by one: memory grows with the names and the seconds, not with the requests. Percentiles come from
 * the histogram of all `ok` requests, whatever the tool computed itself.
 */
export const collectSamples = <Row>(
  read: (row: Row) => LineRead,
  facts: () => FileFacts = () => ({ users: 0, lacks: {}, notes: [] }),
): Reading<Row> => {
  const tasks = new Map<string, Tally>();
  const all = newTally();
  const seconds = createSeconds();
  const span = { first: Number.POSITIVE_INFINITY, lastStart: 0, end: Number.NEGATIVE_INFINITY };
  const bytes = { sent: 0, received: 0 };
  const count = (sample: Sample): void => {
    add(all, sample);
    const known = tasks.get(sample.name);
    // One more than is kept shows that there were more.
    if (known !== undefined) add(known, sample);
    else if (tasks.size <= MAX_TASKS) tasks.set(sample.name, add(newTally(), sample));
    bytes.sent += sample.sent;
    bytes.received += sample.received;
    if (sample.start === null) return;
    seconds.add(sample.start, sample);
    span.first = Math.min(span.first, sample.start);
    span.lastStart = Math.max(span.lastStart, sample.start);
    span.end = Math.max(span.end, sample.start + sample.time / 1000);
  };
  const finish = (): Parsed<Measured> => {
    const length = span.end - span.first;
    if (span.lastStart - span.first > LONGEST_WINDOW_MS) return refused([importProblem(TOO_LONG)]);
    const known = facts();
    const tooMany = tasks.size > MAX_TASKS;
    return parsed({
      ...known,
      window: { start: length >= 0 ? epochMs(span.first) : null, seconds: Math.max(0, length) / 1000 },
      outcomes: all.outcomes,
      bytes,
      latency: summaryOf(all.times),
      tasks: tooMany ? [] : [...tasks].map(([name, tally]) => taskOf(name, tally)).toSorted(byName),
      slices: length >= 0 ? seconds.slices(span.first) : [],
      notes: [...known.notes, ...(tooMany ? [TOO_MANY_NAMES] : [])],
    });
  };
  return {
    take: (row) => {
      const line = read(row);
      if (line.kind === "sample") count(line.sample);
      return line.kind === "bad" ? line.says : null;
    },
    finish,
  };
};

const TOO_LONG = "its requests lie more than 24 hours apart, so it is more than one run";
const TOO_MANY_NAMES = `It holds more than ${MAX_TASKS} different names, so only the whole is judged: give requests that are alike one name.`;

const newTally = (): Tally => ({ outcomes: noOutcomes(), times: new BucketCounter(), examples: {} });

const add = (tally: Tally, { outcome, time, status, text }: Sample): Tally => {
  tally.outcomes[outcome] += 1;
  if (outcome === "ok") {
    tally.times.record(time);
    return tally;
  }
  const examples = tally.examples[outcome] ?? [];
  tally.examples[outcome] = examples;
  if (examples.length < EXAMPLES_KEPT) examples.push({ status, text: printableLine(text) });
  return tally;
};

const taskOf = (name: string, tally: Tally): Measured["tasks"][number] => ({
  name,
  requests: countRequests(tally.outcomes),
  outcomes: tally.outcomes,
  response: summaryOf(tally.times),
  examples: tally.examples,
});

const summaryOf = (times: BucketCounter): LatencySummary => {
  const counts: BucketCounts | null = times.take();
  return summarise(sumCounts([counts]));
};

/** By code unit, so that the order is the same on every machine and in every order of the lines. */
const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);
