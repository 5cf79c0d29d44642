import { resolve } from "node:path";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import type { Bench } from "../bench.ts";
import { onCore } from "../machine.ts";
import { recordIn } from "../peers/swarmgate.ts";
import { measure, sleep, start, stop } from "../process.ts";
import type { Column, Row, Section } from "../section.ts";
import { series } from "../statistics.ts";

const FUNCTION = "orders";
/** A target that is faster than the stealing, and one that is slower. No cold starts, no throttles. */
const TARGETS_MS = [8, 100] as const;
const HANDLER = { jitter: 0.1, initMs: 0, concurrencyLimit: 100_000, scalingBurst: 100_000 } as const;
const RATE = 500;
const USERS = 200;
const GRACE_S = 30;
const PAUSE_MS = 500;

/** Another program on the generator's core: busy for so much of each period. */
type Thief = { readonly name: string; readonly busyMs: number; readonly periodMs: number };

const THIEVES: readonly Thief[] = [
  { name: "calm", busyMs: 0, periodMs: 20 },
  { name: "a quarter, in 5 ms", busyMs: 5, periodMs: 20 },
  { name: "half, in 10 ms", busyMs: 10, periodMs: 20 },
  { name: "a fifth, in 100 ms", busyMs: 100, periodMs: 500 },
  { name: "without a pause", busyMs: 20, periodMs: 20 },
];

/** p95 may be off by so much before a run must be called invalid (docs/adr/0007-own-delay-from-one-millisecond.md). */
const isOff = (said: number, real: number): boolean => Math.abs(said - real) > 0.1 * real + 1;

type Outcome = { readonly said: number; readonly real: number; readonly invalid: boolean };

const COLUMNS: readonly Column[] = [
  { key: "real", title: "p95 true ms", digits: 2 },
  { key: "error", title: "said minus true", digits: 2 },
  { key: "off", title: "runs that are off", digits: 0 },
  { key: "invalid", title: "called invalid", digits: 0 },
  { key: "green", title: "off, and not called invalid", digits: 0 },
];

/** Whether swarmgate says so when the core it measures with is somebody else's. */
export const stolen = async (bench: Bench): Promise<Section> => {
  const program = { file: process.execPath, args: [resolve(bench.dist, "simulator", "index.js")] };
  const { file, args } = onCore("target", program);
  const simulator = await startSimulator({ command: file, args });
  try {
    const rows: Row[] = [];
    for (const durationMs of TARGETS_MS)
      for (const thief of THIEVES) {
        const outcomes: Outcome[] = [];
        for (let i = 0; i < bench.repetitions; i++)
          outcomes.push(await besides(thief, { bench, simulator, durationMs }));
        bench.log(`${durationMs} ms, ${thief.name}: ${JSON.stringify(outcomes)}`);
        rows.push({ name: `${durationMs} ms, ${thief.name}`, values: rowValues(outcomes) });
      }
    return {
      title: "A stolen core: does swarmgate say so?",
      setting: [
        `${RATE} arrivals/s for ${bench.seconds} s to a simulated function of ${TARGETS_MS.join(" or ")} ms, while another program is busy on the generator's core for so much of its time, ${bench.repetitions} runs each.`,
        "A run is off when its p95, from the intended start, differs from the simulator's own by more than 10 % + 1 ms. It must be called invalid then, and a calm one never.",
      ],
      columns: COLUMNS,
      rows,
      notes: [],
    };
  } finally {
    await simulator.stop();
  }
};

type Around = { readonly bench: Bench; readonly simulator: Simulator; readonly durationMs: number };

const besides = async (thief: Thief, { bench, simulator, durationMs }: Around): Promise<Outcome> => {
  const { functionUrl } = await simulator.putFunction(FUNCTION, { ...HANDLER, durationMs, fresh: true });
  await simulator.resetFunction(FUNCTION);
  await sleep(PAUSE_MS);
  const other = thief.busyMs === 0 ? null : start(onCore("generator", busy(thief)));
  try {
    const load = {
      kind: "rate",
      url: `${functionUrl}/hello`,
      rate: RATE,
      users: USERS,
      seconds: bench.seconds,
    } as const;
    const invocation = bench.swarmgate.invoke(load, bench.scratch);
    const { exitCode } = await measure(onCore("generator", invocation), load.seconds + GRACE_S);
    if (exitCode === null) throw new Error(`swarmgate had not ended ${GRACE_S} s after its time`);
    const { response, validity, window } = recordIn(bench.scratch);
    const happened = await simulator.summary(FUNCTION, { from: Date.parse(window.start) });
    return { said: response.p95 ?? Number.NaN, real: happened.p95ServedMs ?? Number.NaN, invalid: !validity.valid };
  } finally {
    if (other !== null) await stop(other);
  }
};

const busy = ({ busyMs, periodMs }: Thief) => ({
  file: process.execPath,
  args: [
    "-e",
    `const cell = new Int32Array(new SharedArrayBuffer(4));
     for (;;) { const end = Date.now() + ${busyMs}; while (Date.now() < end); Atomics.wait(cell, 0, 0, ${periodMs - busyMs}); }`,
  ],
});

const rowValues = (outcomes: readonly Outcome[]): Row["values"] => {
  const number = (is: (one: Outcome) => boolean) => series([outcomes.filter(is).length]);
  return {
    real: series(outcomes.map(({ real }) => real)),
    error: series(outcomes.map(({ said, real }) => said - real)),
    off: number(({ said, real }) => isOff(said, real)),
    invalid: number(({ invalid }) => invalid),
    green: number(({ said, real, invalid }) => isOff(said, real) && !invalid),
  };
};
