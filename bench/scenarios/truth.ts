import { resolve } from "node:path";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import type { Bench, Generator } from "../bench.ts";
import { onCore } from "../machine.ts";
import type { Figures, Load } from "../peers/peer.ts";
import { recordIn } from "../peers/swarmgate.ts";
import { measure, sleep } from "../process.ts";
import type { Column, Row, Section } from "../section.ts";
import { type Series, series } from "../statistics.ts";

const FUNCTION = "orders";
/** A quick function with a slow tail, so that the percentiles lie apart; no cold starts and no throttles. */
const HANDLER = {
  durationMs: 20,
  jitter: 0.2,
  tailShare: 0.03,
  tailFactor: 4,
  initMs: 0,
  concurrencyLimit: 100_000,
  scalingBurst: 100_000,
} as const;
const SHARES = [0.1, 0.25, 0.5] as const;
const FIXED_RATE = 1000;
const CAPACITY = { users: 1000, seconds: 5 } as const;
const GRACE_S = 30;
const PAUSE_MS = 500;
const ROUNDED_TO = 10;
/** Room for requests that take five times as long as usual. */
const USERS_PER_RATE = 0.2;
const LEVELS = ["p50", "p95", "p99"] as const;
type Level = (typeof LEVELS)[number];

/** What was said minus what happened, and what happened; milliseconds. */
type Finding = { readonly [Key in Level]: { readonly error: number | null; readonly true: number | null } } & {
  readonly rate: number | null;
  readonly missedRequests: number | null;
};

const COLUMNS: readonly Column[] = [
  { key: "rate", title: "requests/s", digits: 0 },
  ...LEVELS.flatMap((level) => [
    { key: `${level}-true`, title: `${level} true ms`, digits: 2 },
    { key: `${level}-error`, title: "said minus true", digits: 2 },
  ]),
  { key: "missed", title: "requests said minus served", digits: 0 },
];

/** The percentiles a generator reports beside the ones in the simulator's own ledger. */
export const truth = async (bench: Bench): Promise<Section> => {
  const { file, args } = onCore("target", {
    file: process.execPath,
    args: [resolve(bench.dist, "simulator", "index.js")],
  });
  const simulator = await startSimulator({ command: file, args });
  try {
    const capacity = await capacityOf(bench, simulator);
    bench.log(`swarmgate and the simulator together: ${capacity.toFixed(0)} requests/s`);
    const rows: Row[] = [];
    const notes: string[] = [];
    const shares = SHARES.map((share) => ({
      label: `${share * 100} %`,
      rate: Math.round((capacity * share) / ROUNDED_TO) * ROUNDED_TO,
    }));
    for (const { label, rate } of [{ label: `${FIXED_RATE}/s`, rate: FIXED_RATE }, ...shares]) {
      const found = await atRate(bench, simulator, rate);
      rows.push(...found.rows.map((row) => ({ ...row, name: `${row.name}, ${label}` })));
      notes.push(...found.notes);
    }
    return {
      title: "Truth: what is reported against the simulator's ledger",
      setting: setting(bench, capacity),
      columns: COLUMNS,
      rows,
      notes: [...within(rows), ...notes],
    };
  } finally {
    await simulator.stop();
  }
};

const setting = (bench: Bench, capacity: number): readonly string[] => [
  `A simulated function of ${HANDLER.durationMs} ms with a slow tail, at ${FIXED_RATE} requests/s and at 10, 25 and 50 % of what swarmgate with ${CAPACITY.users} users and the simulator reach together on a core each (${capacity.toFixed(0)} requests/s). Runs of ${bench.seconds} s in turns, ${bench.repetitions} of each.`,
  "True is the simulator's own time from the request read to the answer handed to the socket, over the same requests; said is the generator's percentile of service time (actual start to last byte). The difference holds the loopback, and the time in which a busy simulator has not yet read a request: the generators beside swarmgate show how much that is.",
  bench.swarmgate.openModel
    ? "swarmgate runs its open model, as the others do."
    : "This build of swarmgate has no open model yet: its rate comes from users with constant_throughput.",
];

const capacityOf = async (bench: Bench, simulator: Simulator): Promise<number> => {
  const { functionUrl } = await simulator.putFunction(FUNCTION, { ...HANDLER, fresh: true });
  const load = { kind: "flat", url: `${functionUrl}/hello`, ...CAPACITY } as const;
  const said = await run({ name: "swarmgate", ...bench.swarmgate }, load, bench.scratch);
  if (said.failures !== 0) throw new Error(`${said.failures} requests to the simulator failed`);
  if (said.requestsPerSecond === null) throw new Error("swarmgate reported no rate");
  return said.requestsPerSecond;
};

const atRate = async (
  bench: Bench,
  simulator: Simulator,
  rate: number,
): Promise<{ readonly rows: readonly Row[]; readonly notes: readonly string[] }> => {
  const { functionUrl } = await simulator.putFunction(FUNCTION, { ...HANDLER, fresh: true });
  const users = Math.ceil(rate * USERS_PER_RATE);
  const load = { kind: "rate", url: `${functionUrl}/hello`, rate, users, seconds: bench.seconds } as const;
  const generators: readonly Generator[] = [
    { name: "swarmgate", ...bench.swarmgate },
    ...bench.generators.filter(({ loads }) => loads.includes("rate")),
  ];
  const findings = new Map<string, Finding[]>(generators.map(({ name }) => [name, []]));
  const notes: string[] = [];
  for (let repetition = 1; repetition <= bench.repetitions; repetition += 1) {
    for (const generator of generators) {
      await simulator.resetFunction(FUNCTION);
      await sleep(PAUSE_MS);
      try {
        const said = await run(generator, load, bench.scratch);
        const found = await compare(said, simulator, generator.name === "swarmgate" ? bench.scratch : null);
        findings.get(generator.name)?.push(found);
        notes.push(...(said.remarks ?? []).map((remark) => `At ${rate}/s: ${remark}`));
        bench.log(
          `${repetition}/${bench.repetitions} ${generator.name} at ${rate}/s: p95 ${found.p95.error?.toFixed(2)} ms off`,
        );
      } catch (error) {
        notes.push(
          `At ${rate}/s ${generator.name} gave no result: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }
  return { rows: [...findings].map(([name, found]) => ({ name, values: rowValues(found) })), notes };
};

const run = async (generator: Generator, load: Load, scratch: string): Promise<Figures> => {
  const invocation = generator.invoke(load, scratch);
  const { exitCode, stdout } = await measure(onCore("generator", invocation), load.seconds + GRACE_S);
  if (exitCode === null) throw new Error(`it had not ended ${GRACE_S} s after its time`);
  return invocation.read(stdout);
};

/** swarmgate's probes came before its window, so its record says where to begin; the others send nothing beforehand. */
const compare = async (said: Figures, simulator: Simulator, scratch: string | null): Promise<Finding> => {
  const window = scratch === null ? {} : { from: Date.parse(recordIn(scratch).window.start) };
  const happened = await simulator.summary(FUNCTION, window);
  const served = happened.invocations + happened.throttles;
  const level = (reported: number | null, real: number | null) => ({
    error: reported === null || real === null ? null : reported - real,
    true: real,
  });
  return {
    rate: happened.rate,
    missedRequests: said.requests === null ? null : said.requests - served,
    p50: level(said.p50, happened.p50ServedMs),
    p95: level(said.p95, happened.p95ServedMs),
    p99: level(said.p99, happened.p99ServedMs),
  };
};

const rowValues = (found: readonly Finding[]): Row["values"] => {
  const levels = LEVELS.flatMap((level): [string, Series | null][] => [
    [`${level}-true`, series(found.map((finding) => finding[level].true))],
    [`${level}-error`, series(found.map((finding) => finding[level].error))],
  ]);
  return {
    rate: series(found.map((finding) => finding.rate)),
    missed: series(found.map((finding) => finding.missedRequests)),
    ...Object.fromEntries(levels),
  };
};

/** How many of swarmgate's median percentiles are as near as 2 % + 1 ms. */
const within = (rows: readonly Row[]): readonly string[] => {
  const own = rows.filter(({ name }) => name.startsWith("swarmgate"));
  const near = own.flatMap(({ values }) =>
    LEVELS.map((level) => {
      const [error, real] = [values[`${level}-error`], values[`${level}-true`]];
      return error != null && real != null && Math.abs(error.median) <= 0.02 * real.median + 1;
    }),
  );
  return [
    `${near.filter(Boolean).length} of swarmgate's ${near.length} median percentiles are within 2 % + 1 ms of the ledger.`,
  ];
};
