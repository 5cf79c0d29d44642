import { micros } from "../../units.ts";
import { encodeHistogram, type LatencyHistogram, newHistogram, recordLatency } from "../histogram.ts";
import { noOutcomes, type OutcomeClass, type OutcomeCounter } from "../outcome.ts";
import type { FailureExample } from "../result.ts";
import { EXAMPLES_KEPT } from "../tally.ts";
import type { LoopReport, SliceReport, TaskReport, WorkerReport } from "../worker-report.ts";
import type { ConnectTimes } from "./transport.ts";

/** One ended request. Times in milliseconds; the object is the user's and is overwritten by its next request. */
export type Sample = {
  readonly task: number;
  /** Second of the window in which the request was started. */
  readonly second: number;
  readonly outcome: OutcomeClass;
  readonly response: number;
  readonly service: number;
  /** Actual minus intended start. */
  readonly lag: number;
  readonly sent: number;
  readonly received: number;
};

type Latencies = { readonly response: LatencyHistogram; readonly service: LatencyHistogram };

type SliceCounter = Latencies & {
  readonly second: number;
  spawned: number;
  readonly outcomes: OutcomeCounter;
  readonly tasks: number[];
  bytesReceived: number;
};

type TaskCounter = Latencies & {
  outcomes: OutcomeCounter;
  examples: Partial<Record<OutcomeClass, FailureExample[]>>;
  /** Examples handed out so far, over all reports. */
  readonly shown: OutcomeCounter;
};

/** Counts requests and hands out what came in since the last report. Recording allocates once a second, not per request. */
export class Recorder {
  readonly #worker: number;
  readonly #slices = new Map<number, SliceCounter>();
  readonly #tasks: readonly TaskCounter[];
  readonly #lag = newHistogram();
  readonly #connect = newHistogram();
  readonly #tls = newHistogram();
  /** Emptied histograms of earlier seconds: 70 KB each. */
  readonly #spare: LatencyHistogram[] = [];
  #opened = 0;
  #reopened = 0;
  #bytesSent = 0;

  constructor(worker: number, tasks: number) {
    this.#worker = worker;
    this.#tasks = Array.from({ length: tasks }, () => ({
      response: newHistogram(),
      service: newHistogram(),
      outcomes: noOutcomes(),
      examples: {},
      shown: noOutcomes(),
    }));
  }

  record(sample: Sample): void {
    const slice = this.#slice(sample.second);
    const task = this.#task(sample.task);
    slice.outcomes[sample.outcome]++;
    slice.tasks[sample.task] = (slice.tasks[sample.task] ?? 0) + 1;
    slice.bytesReceived += sample.received;
    task.outcomes[sample.outcome]++;
    this.#bytesSent += sample.sent;
    recordLatency(this.#lag, micros(sample.lag * 1000));
    if (sample.outcome !== "ok") return;
    const response = micros(sample.response * 1000);
    const service = micros(sample.service * 1000);
    recordLatency(slice.response, response);
    recordLatency(slice.service, service);
    recordLatency(task.response, response);
    recordLatency(task.service, service);
  }

  /** Whether a text for this failure would be kept; asked first, because making the text costs more than counting. */
  wantsExample(task: number, outcome: OutcomeClass): boolean {
    return this.#task(task).shown[outcome] < EXAMPLES_KEPT;
  }

  example(task: number, outcome: OutcomeClass, example: FailureExample): void {
    const counter = this.#task(task);
    counter.shown[outcome]++;
    const examples = counter.examples[outcome] ?? [];
    examples.push(example);
    counter.examples[outcome] = examples;
  }

  spawned(second: number): void {
    this.#slice(second).spawned++;
  }

  connected(first: boolean, times: ConnectTimes): void {
    if (first) this.#opened++;
    else this.#reopened++;
    recordLatency(this.#connect, times.connect);
    if (times.tls !== null) recordLatency(this.#tls, times.tls);
  }

  /** Everything since the last call. */
  takeReport(loop: LoopReport | null): WorkerReport {
    const report: WorkerReport = {
      worker: this.#worker,
      slices: [...this.#slices.values()].map((slice) => this.#takeSlice(slice)),
      tasks: this.#tasks.map(takeTask),
      bytesSent: this.#bytesSent,
      connections: {
        opened: this.#opened,
        reopened: this.#reopened,
        connect: takeHistogram(this.#connect),
        tls: takeHistogram(this.#tls),
      },
      scheduleLag: takeHistogram(this.#lag),
      loop,
    };
    this.#slices.clear();
    this.#opened = 0;
    this.#reopened = 0;
    this.#bytesSent = 0;
    return report;
  }

  #takeSlice(slice: SliceCounter): SliceReport {
    const { second, spawned, outcomes, tasks, bytesReceived } = slice;
    const response = takeHistogram(slice.response);
    const service = takeHistogram(slice.service);
    this.#spare.push(slice.response, slice.service);
    return { second, spawned, outcomes, tasks, bytesReceived, response, service };
  }

  #slice(second: number): SliceCounter {
    const known = this.#slices.get(second);
    if (known !== undefined) return known;
    const slice: SliceCounter = {
      second,
      spawned: 0,
      outcomes: noOutcomes(),
      tasks: this.#tasks.map(() => 0),
      bytesReceived: 0,
      response: this.#spare.pop() ?? newHistogram(),
      service: this.#spare.pop() ?? newHistogram(),
    };
    this.#slices.set(second, slice);
    return slice;
  }

  #task(index: number): TaskCounter {
    const task = this.#tasks[index];
    if (task === undefined) throw new Error(`no task ${index}`);
    return task;
  }
}

const takeTask = (task: TaskCounter): TaskReport => {
  const { outcomes, examples } = task;
  task.outcomes = noOutcomes();
  task.examples = {};
  return { outcomes, examples, response: takeHistogram(task.response), service: takeHistogram(task.service) };
};

const takeHistogram = (histogram: LatencyHistogram): string | null => {
  if (histogram.totalCount === 0) return null;
  const text = encodeHistogram(histogram);
  histogram.reset();
  return text;
};
