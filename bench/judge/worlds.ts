/** The hidden truth: how a deployment, its load and its surroundings behave. Standard deviations are of the natural log. */

/** A change of the code. Every factor is 1 (or 0 for `failures`) when nothing changed. */
export type Effect = {
  readonly name: string;
  /** Of every request's time and of the handler's. */
  readonly all: number;
  /** A share of requests that takes this much longer: tail only, or bimodal. */
  readonly some: { readonly share: number; readonly factor: number };
  /** Of the extra time of a cold start. */
  readonly cold: number;
  /** Further share of requests that fail. */
  readonly failures: number;
};

export type World = {
  readonly name: string;
  readonly about: string;
  /** Made to break the judge: what it shows is a loss by design, and is not counted against the bars. */
  readonly adversarial: boolean;
  /** Median of a request at the client, and the handler's part of it, milliseconds. */
  readonly medianMs: number;
  readonly handlerShare: number;
  /** SD of requests around the median; a second mode holds `share` of them, `factor` times as long. */
  readonly body: { readonly sd: number; readonly share: number; readonly factor: number };
  /** Share of requests that meet a cold start, and its extra time. */
  readonly cold: { readonly share: number; readonly ms: number };
  /** Between runs: of the level that client and handler share, of the client's own, and of the body's SD (moves tails). */
  readonly run: { readonly shared: number; readonly client: number; readonly tail: number };
  /** Correlation of one run with the next. */
  readonly memory: number;
  /** Degrees of freedom of the runs' noise; `null` is normal. */
  readonly tails: number | null;
  /** Runs hit by something else: share, and how much slower. */
  readonly hit: { readonly share: number; readonly factor: number };
  /** The base itself stepped this many runs before the change, and stays there; the change starts from there. */
  readonly step: { readonly runsAgo: number; readonly factor: number } | null;
  /** The base creeps by this share a run. */
  readonly creep: number;
  /** Day and night: a sine over this many runs. */
  readonly diurnal: { readonly period: number; readonly amplitude: number } | null;
  /** Of one deployment of the same code: of the level that client and handler share, and of the body's SD. */
  readonly deployment: { readonly shared: number; readonly tail: number };
  /** Between tenths of a run or segments: what arms share, and what they do not (beside the chance of which requests came). */
  readonly segment: { readonly shared: number; readonly own: number };
  /** The second arm of a round is this much slower. */
  readonly order: number;
  /** Share of requests that fail, evenly; bursts: chance per tenth of a run, failures in one. */
  readonly failures: { readonly share: number; readonly bursts: number; readonly size: number };
  /** Closed loop: users and the wait between requests; slower answers make fewer requests. */
  readonly users: number;
  readonly waitMs: number;
};

export const NOTHING: Effect = { name: "0", all: 1, some: { share: 0, factor: 1 }, cold: 1, failures: 0 };
const slower = (name: string, all: number): Effect => ({ ...NOTHING, name, all });

/** What every world is asked about. */
export const EFFECTS: readonly Effect[] = [
  NOTHING,
  slower("+2 %", 1.02),
  slower("+5 %", 1.05),
  slower("+10 %", 1.1),
  slower("+20 %", 1.2),
  slower("x1.5", 1.5),
  slower("x2", 2),
  slower("x90", 90),
];

/** Changes of another shape, asked in one world. */
export const SHAPES: readonly Effect[] = [
  { ...NOTHING, name: "10 % of requests x3", some: { share: 0.1, factor: 3 } },
  { ...NOTHING, name: "2 % of requests x3 (tail only)", some: { share: 0.02, factor: 3 } },
  { ...NOTHING, name: "cold starts x2", cold: 2 },
  { ...NOTHING, name: "failure rate +1 pp", failures: 0.01 },
  { ...NOTHING, name: "failure rate +5 pp", failures: 0.05 },
  slower("-20 %", 0.8),
  slower("halved", 0.5),
];

const TYPICAL: World = {
  name: "typical",
  about: "p50 moves by 5 % from run to run, Duration by 4 %, p95 by 9 %",
  adversarial: false,
  medianMs: 100,
  handlerShare: 0.7,
  body: { sd: 0.4, share: 0, factor: 1 },
  cold: { share: 0.003, ms: 400 },
  run: { shared: 0.03, client: 0.04, tail: 0.1 },
  memory: 0,
  tails: null,
  hit: { share: 0, factor: 1 },
  step: null,
  creep: 0,
  diurnal: null,
  // 1 % of p50 and Duration, 1.5 % of p95: what the judge assumes.
  deployment: { shared: 0.01, tail: 0.017 },
  segment: { shared: 0.03, own: 0.023 },
  order: 0,
  failures: { share: 0.001, bursts: 0, size: 0 },
  users: 20,
  waitMs: 500,
};

const world = (name: string, about: string, change: Partial<World>): World => ({ ...TYPICAL, ...change, name, about });

/** The project's own corpora. The last ones are made to be hard. */
export const WORLDS: readonly World[] = [
  world("quiet", "p50 moves by 2.5 % from run to run, Duration by 2 %, p95 by 4 %", {
    run: { shared: 0.012, client: 0.016, tail: 0.04 },
    deployment: { shared: 0.005, tail: 0.0085 },
    segment: { shared: 0.02, own: 0.015 },
  }),
  TYPICAL,
  world("noisy", "p50 moves by 10 % from run to run, Duration by 5 %, p95 by 15 %: the documented prior", {
    run: { shared: 0.042, client: 0.088, tail: 0.15 },
    segment: { shared: 0.04, own: 0.06 },
  }),
  world("fast", "a handler of 7 ms behind 10 ms of network: the floors of the limits count", {
    medianMs: 10,
    handlerShare: 0.7,
    cold: { share: 0.003, ms: 150 },
  }),
  world("bimodal", "a cache that misses one request in five, four times as long; 2 % cold starts of 900 ms", {
    body: { sd: 0.3, share: 0.2, factor: 4 },
    cold: { share: 0.02, ms: 900 },
  }),
  world("correlated", "each run resembles the one before it: AR(1) with 0.6, and so do neighbouring segments", {
    memory: 0.6,
  }),
  world("heavy tails", "run-to-run noise with the tails of Student's t with 5 degrees of freedom", { tails: 5 }),
  world("creep", "the base itself becomes 0.3 % slower with every run", { creep: 0.003 }),
  world("day and night", "a sine of 5 % over 12 runs", { diurnal: { period: 12, amplitude: 0.05 } }),
  world("base stepped, 8 runs ago", "the base itself became 20 % slower, the change did not", {
    step: { runsAgo: 8, factor: 1.2 },
  }),
  world("base stepped, last run", "as before, one run ago, in quiet noise: too young for a plateau of its own", {
    adversarial: true,
    run: { shared: 0.012, client: 0.016, tail: 0.04 },
    step: { runsAgo: 1, factor: 1.2 },
  }),
  world("bursts", "failures come in bursts of 12, in one tenth of a run in 33", {
    failures: { share: 0.0005, bursts: 0.03, size: 12 },
  }),
  world("order", "the arm that comes second in a round is 5 % slower", { order: 0.05 }),
  world("lottery", "deployments differ by 2 %, twice what the judge assumes", {
    adversarial: true,
    deployment: { shared: 0.02, tail: 0.034 },
  }),
  world("hit runs", "one run in fifty is 60 % slower for a reason of its own", {
    adversarial: true,
    hit: { share: 0.02, factor: 1.6 },
  }),
];
