import type { Bench, Generator } from "../bench.ts";
import { CALM_RULE, interleave, over, type Sample } from "../compare.ts";
import type { Column, Section } from "../section.ts";
import { roundTrip } from "../target/round-trip.ts";
import { startTarget } from "../target/target.ts";

const SHAPE = { users: 10_000, spawnRate: 500, wait: 10, seconds: 31 } as const;

const COLUMNS = [
  { key: "p50", title: "p50 ms", digits: 2 },
  { key: "p95", title: "p95 ms", digits: 2 },
  { key: "p99", title: "p99 ms", digits: 2 },
  { key: "peakMb", title: "peak MB", digits: 0 },
  { key: "cpuSeconds", title: "CPU-s", digits: 1 },
  { key: "requests", title: "requests", digits: 0 },
  { key: "failures", title: "failures", digits: 0 },
  { key: "spawnErrorPercent", title: "users off schedule %", digits: 2 },
  { key: "othersPercent", title: "others' core %", digits: 0 },
] as const satisfies readonly (Column & { readonly key: keyof Sample })[];

/** Ten thousand users, five hundred more a second, each asking every ten seconds: hardly any work, many connections. */
export const users = async (bench: Bench): Promise<Section> => {
  const target = await startTarget(bench.peers, bench.scratch);
  const generators: readonly Generator[] = [
    { name: "swarmgate", ...bench.swarmgate },
    ...bench.generators.filter(({ loads }) => loads.includes("users")),
  ];
  try {
    const idle = await roundTrip(target.url);
    const comparison = await interleave(bench, generators, { kind: "users", url: target.url, ...SHAPE }, target);
    return {
      title: "10,000 users at 500/s",
      setting: [
        `10,000 users, 500 more a second, each asking every ${SHAPE.wait} s, for ${SHAPE.seconds} s; one core for the generator; runs in turns, ${bench.repetitions} of each. ${CALM_RULE}`,
        `Idle, ${target.name} answers one bare socket in ${idle?.median.toFixed(2) ?? "?"} ms (median of ${idle?.count ?? 0}): what a generator reports above that is mostly its own.`,
        "swarmgate and Locust count a user's connecting with its first request; k6 leaves it out of its times.",
        "CPU-s and peak memory are of the whole process, its start included. Users off schedule is the worst second of the record; only swarmgate says it.",
      ],
      columns: COLUMNS,
      rows: comparison.compared.map((compared) => ({
        name: compared.name,
        values: Object.fromEntries(COLUMNS.map(({ key }) => [key, over(compared, key)])),
      })),
      notes: comparison.notes,
    };
  } finally {
    await target.stop();
  }
};
