import type { ResultRow } from "../../scenario/scenario.ts";
import { micros } from "../../units.ts";
import { BucketCounter } from "../bucket-counts.ts";
import { isFailure, noOutcomes, type OutcomeClass, type OutcomeCounter } from "../outcome.ts";
import type { FailureExample } from "../result.ts";
import { MOST_NAMED_ROWS, OTHER_NAMES, taskPlaces } from "../rows.ts";
import { EXAMPLES_KEPT } from "../tally-rows.ts";
import type { LoopReport, RowReport, SliceReport, WorkerReport } from "../worker-report.ts";
import { SignCounter } from "./sign-counter.ts";
import type { ConnectTimes } from "./transport.ts";

/** One ended request, times in milliseconds. One object for all of them, written over each time. */
export type Sample = {
  row: number;
  /** Second of the window to which the request belongs. */
  second: number;
  outcome: OutcomeClass;
  response: number;
  service: number;
  /** Actual minus intended start. */
  lag: number;
  /** `null` when no byte of an answer came, or not all of it. */
  ttfb: number | null;
  download: number | null;
  sent: number;
  received: number;
};

export const newSample = (): Sample => ({
  row: 0,
  second: 0,
  outcome: "ok",
  response: 0,
  service: 0,
  lag: 0,
  ttfb: null,
  download: null,
  sent: 0,
  received: 0,
});

type Latencies = { readonly response: BucketCounter; readonly service: BucketCounter };

type SliceCounter = Latencies & {
  readonly second: number;
  spawned: number;
  left: number;
  dropped: number;
  readonly outcomes: OutcomeCounter;
  readonly tasks: number[];
  readonly failures: (number | undefined)[];
  bytesReceived: number;
};

type RowCounter = Latencies & {
  /** Place among the rows of the tasks, -1 for setup and teardown. */
  readonly place: number;
  outcomes: OutcomeCounter;
  examples: Partial<Record<OutcomeClass, FailureExample[]>>;
  /** Examples handed out so far, over all reports. */
  readonly shown: OutcomeCounter;
};

/** Counts requests and hands out what came in since the last report. Recording allocates once a second, not per request. */
export class Recorder {
  /** What `ok` answers of the tasks say of caches. */
  readonly signs = new SignCounter();
  readonly #worker: number;
  readonly #slices = new Map<number, SliceCounter>();
  readonly #rows: RowCounter[];
  /** Rows that were added by name, by phase and name, and those of them that no report has told yet. */
  readonly #named = new Map<string, number>();
  #newRows: ResultRow[] = [];
  #tasks: number;
  readonly #from: number;
  readonly #lag = new BucketCounter();
  readonly #connect = new BucketCounter();
  readonly #tls = new BucketCounter();
  readonly #dns = new BucketCounter();
  readonly #ttfb = new BucketCounter();
  readonly #download = new BucketCounter();
  /** Emptied counters of earlier seconds. */
  readonly #spare: BucketCounter[] = [];
  #current: SliceCounter | null = null;
  #opened = 0;
  #reopened = 0;
  #resumed = 0;
  #surplus = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  #failedUsers = { setup: 0, teardown: 0 };

  /** Requests of the tasks that belong to a second before `from` are counted in their slice and nowhere else. */
  constructor(worker: number, rows: readonly ResultRow[], from = 0) {
    this.#worker = worker;
    this.#from = from;
    const places = taskPlaces(rows);
    this.#tasks = places.filter((place) => place >= 0).length;
    this.#rows = places.map(newRow);
  }

  /** The row of this name, added when it is asked for first; beyond `MOST_NAMED_ROWS` one row takes the rest of a phase. */
  rowNamed(name: string, phase: ResultRow["phase"]): number {
    const key = `${phase} ${name}`;
    const known = this.#named.get(key);
    if (known !== undefined) return known;
    if (this.#named.size >= MOST_NAMED_ROWS && name !== OTHER_NAMES) return this.rowNamed(OTHER_NAMES, phase);
    const row = this.#rows.push(newRow(phase === "task" ? this.#tasks++ : -1)) - 1;
    this.#named.set(key, row);
    this.#newRows.push({ name, phase });
    return row;
  }

  record(sample: Sample): void {
    const { outcome } = sample;
    const row = this.#row(sample.row);
    if (row.place >= 0 && sample.second < this.#from) {
      this.#slice(sample.second).outcomes[outcome]++;
      return;
    }
    row.outcomes[outcome]++;
    this.#bytesSent += sample.sent;
    this.#bytesReceived += sample.received;
    const response = micros(sample.response * 1000);
    const service = micros(sample.service * 1000);
    if (outcome === "ok") {
      row.response.record(response);
      row.service.record(service);
    }
    if (row.place < 0) return;
    this.#lag.record(micros(sample.lag * 1000));
    const slice = this.#slice(sample.second);
    slice.outcomes[outcome]++;
    slice.tasks[row.place] = (slice.tasks[row.place] ?? 0) + 1;
    if (isFailure(outcome)) slice.failures[row.place] = (slice.failures[row.place] ?? 0) + 1;
    slice.bytesReceived += sample.received;
    if (outcome !== "ok") return;
    slice.response.record(response);
    slice.service.record(service);
    if (sample.ttfb !== null) this.#ttfb.record(micros(sample.ttfb * 1000));
    if (sample.download !== null) this.#download.record(micros(sample.download * 1000));
  }

  /** Whether a text for this failure would be kept; asked first, because making the text costs more than counting. */
  wantsExample({ row, second, outcome }: Pick<Sample, "row" | "second" | "outcome">): boolean {
    const { place, shown } = this.#row(row);
    return shown[outcome] < EXAMPLES_KEPT && (place < 0 || second >= this.#from);
  }

  example(row: number, outcome: OutcomeClass, example: FailureExample): void {
    const counter = this.#row(row);
    counter.shown[outcome]++;
    const examples = counter.examples[outcome] ?? [];
    examples.push(example);
    counter.examples[outcome] = examples;
  }

  spawned(second: number): void {
    this.#slice(second).spawned++;
  }

  left(second: number): void {
    this.#slice(second).left++;
  }

  dropped(second: number): void {
    this.#slice(second).dropped++;
  }

  /** A user whose setup or teardown failed. */
  failedUser(phase: "setup" | "teardown"): void {
    this.#failedUsers[phase]++;
  }

  connected(first: boolean, times: ConnectTimes): void {
    if (first) this.#opened++;
    else this.#reopened++;
    if (times.resumed) this.#resumed++;
    this.#connect.record(times.connect);
    if (times.tls !== null) this.#tls.record(times.tls);
    if (times.dns !== null) this.#dns.record(times.dns);
  }

  /** A connection that was closed for bytes behind a complete answer. */
  surplus(): void {
    this.#surplus++;
  }

  /** Everything since the last call; `second` is the one that ends now. */
  takeReport(second: number, loop: LoopReport | null): WorkerReport {
    const report: WorkerReport = {
      worker: this.#worker,
      second,
      slices: [...this.#slices.values()].map((slice) => this.#takeSlice(slice)),
      newRows: this.#newRows,
      rows: this.#rows.map(takeRow),
      failedUsers: this.#failedUsers,
      signs: this.signs.take(),
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      connections: {
        opened: this.#opened,
        reopened: this.#reopened,
        resumed: this.#resumed,
        surplus: this.#surplus,
        dns: this.#dns.take(),
        connect: this.#connect.take(),
        tls: this.#tls.take(),
      },
      ttfb: this.#ttfb.take(),
      download: this.#download.take(),
      scheduleLag: this.#lag.take(),
      loop,
    };
    this.#newRows = [];
    this.#slices.clear();
    this.#current = null;
    this.#opened = 0;
    this.#reopened = 0;
    this.#resumed = 0;
    this.#surplus = 0;
    this.#bytesSent = 0;
    this.#bytesReceived = 0;
    this.#failedUsers = { setup: 0, teardown: 0 };
    return report;
  }

  #takeSlice(slice: SliceCounter): SliceReport {
    const { response, service, ...counts } = slice;
    this.#spare.push(response, service);
    return { ...counts, response: response.take(), service: service.take() };
  }

  #slice(second: number): SliceCounter {
    if (this.#current?.second === second) return this.#current;
    let slice = this.#slices.get(second);
    if (slice === undefined) {
      slice = this.#newSlice(second);
      this.#slices.set(second, slice);
    }
    this.#current = slice;
    return slice;
  }

  #newSlice(second: number): SliceCounter {
    return {
      second,
      spawned: 0,
      left: 0,
      dropped: 0,
      outcomes: noOutcomes(),
      tasks: Array.from({ length: this.#tasks }, () => 0),
      failures: [],
      bytesReceived: 0,
      response: this.#spare.pop() ?? new BucketCounter(),
      service: this.#spare.pop() ?? new BucketCounter(),
    };
  }

  #row(index: number): RowCounter {
    const row = this.#rows[index];
    if (row === undefined) throw new Error(`no row ${index}`);
    return row;
  }
}

const newRow = (place: number): RowCounter => ({
  place,
  response: new BucketCounter(),
  service: new BucketCounter(),
  outcomes: noOutcomes(),
  examples: {},
  shown: noOutcomes(),
});

const takeRow = (row: RowCounter): RowReport => {
  const { outcomes, examples } = row;
  row.outcomes = noOutcomes();
  row.examples = {};
  return { outcomes, examples, response: row.response.take(), service: row.service.take() };
};
