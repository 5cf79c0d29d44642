import type { Bench, Generator } from "../bench.ts";
import { CALM_RULE, firstOver, interleave, over, type Sample } from "../compare.ts";
import type { Column, Row, Section } from "../section.ts";
import { startTarget } from "../target/target.ts";

const CONNECTIONS = 100;
/** A target that is busier than this may be what a generator waits for. */
const BUSY_TARGET_PERCENT = 95;

const COLUMNS: readonly Column[] = [
  { key: "requestsPerSecond", title: "requests/s", digits: 0 },
  { key: "ratio", title: "swarmgate is", digits: 2 },
  { key: "p50", title: "p50 ms", digits: 2 },
  { key: "p99", title: "p99 ms", digits: 2 },
  { key: "cpuSeconds", title: "CPU-s", digits: 1 },
  { key: "requestsPerCpuSecond", title: "requests per CPU-s", digits: 0 },
  { key: "cpuRatio", title: "swarmgate is, per CPU-s", digits: 2 },
  { key: "peakMb", title: "peak MB", digits: 0 },
  { key: "failures", title: "failures", digits: 0 },
  { key: "targetBusyPercent", title: "target's core %", digits: 0 },
  { key: "othersPercent", title: "others' core %", digits: 0 },
];

const KEYS = [
  "requestsPerSecond",
  "p50",
  "p99",
  "cpuSeconds",
  "requestsPerCpuSecond",
  "peakMb",
  "failures",
  "targetBusyPercent",
  "othersPercent",
] as const satisfies readonly (keyof Sample)[];

/** As fast as 100 keep-alive connections allow, one core for the generator and one for the target. */
export const flat = async (bench: Bench): Promise<Section> => {
  const target = await startTarget(bench.peers, bench.scratch);
  const load = { kind: "flat", url: target.url, users: CONNECTIONS, seconds: bench.seconds } as const;
  const generators: readonly Generator[] = [
    { name: "swarmgate", ...bench.swarmgate },
    ...bench.generators.filter(({ loads }) => loads.includes("flat")),
  ];
  try {
    const comparison = await interleave(bench, generators, load, target);
    const rows = comparison.compared.map((compared) => ({
      name: compared.name,
      values: {
        ...Object.fromEntries(KEYS.map((key) => [key, over(compared, key)])),
        ratio: firstOver(comparison, compared, "requestsPerSecond"),
        cpuRatio: firstOver(comparison, compared, "requestsPerCpuSecond"),
      },
    }));
    return {
      title: `Flat out: ${CONNECTIONS} keep-alive connections`,
      setting: [
        `Each generator asks ${target.name} for a 104-byte JSON answer for ${bench.seconds} s, as fast as ${CONNECTIONS} keep-alive connections allow; runs in turns, ${bench.repetitions} of each. ${CALM_RULE}`,
        "Requests/s and latencies are what each generator says of itself; swarmgate adds its users over one second, and that second is left out of its requests/s. CPU-s and peak memory are of the whole process, its start included.",
        "swarmgate itself calls such a run invalid (generator-saturated): a generator at its limit measures itself. This table is about that limit.",
        '"swarmgate is 2.00" means twice as many requests/s as this generator, divided repetition by repetition.',
      ],
      columns: COLUMNS,
      rows: rows.toSorted((a, b) => speed(b) - speed(a)),
      notes: [...busyTarget(rows), ...comparison.notes],
    };
  } finally {
    await target.stop();
  }
};

const speed = (row: Row): number => row.values["requestsPerSecond"]?.median ?? 0;

const busyTarget = (rows: readonly Row[]): readonly string[] => {
  const names = rows
    .filter((row) => (row.values["targetBusyPercent"]?.max ?? 0) > BUSY_TARGET_PERCENT)
    .map(({ name }) => name);
  return names.length === 0
    ? []
    : [`The target's core was full in a run of ${names.join(", ")}: they may be faster than this.`];
};
