import { randomUUID } from "node:crypto";
import { statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Bench } from "../bench.ts";
import { onCore } from "../machine.ts";
import { recordIn } from "../peers/swarmgate.ts";
import { measure, type Program } from "../process.ts";
import type { Row, Section } from "../section.ts";
import { series } from "../statistics.ts";
import { startTarget } from "../target/target.ts";

const RATE = 1000;
const USERS = 200;
const GRACE_S = 30;
const COMMAND_LIMIT_S = 60;
const MS_PER_S = 1000;
const FINISHED: readonly number[] = [0, 1, 3];

/** One long run at 1,000 requests a second, and what judging and rendering its record costs. */
export const judge = async (bench: Bench): Promise<Section> => {
  const seconds = bench.longSeconds;
  const run = await longRun(bench, seconds);
  const record = recordIn(bench.scratch);
  const [base, head] = [join(bench.scratch, "run.json"), join(bench.scratch, "head.json")];
  writeFileSync(head, JSON.stringify({ ...record, id: randomUUID() }));
  const cli = (...args: readonly string[]): Program => ({
    file: process.execPath,
    args: [resolve(bench.dist, "cli.js"), ...args],
  });
  const commands: readonly (readonly [string, Program])[] = [
    ["compare, and its JSON", cli("compare", "--base", base, "--head", head, "--json")],
    ["report --format markdown", cli("report", head, "--format", "markdown")],
    ["swarmgate --version, for comparison", cli("--version")],
  ];
  return {
    title: `Judging and rendering a record of ${seconds} s`,
    setting: [
      `A real run of ${seconds} s at ${RATE} requests/s (${record.totals.requests.toLocaleString("en")} requests, ${failures(record.totals)} failures) on one core; its record is base and head. Wall time of the whole command, the start of Node included; runs in turns, ${bench.repetitions} of each.`,
      `That run took ${run.peakMb?.toFixed(0) ?? "?"} MB at its peak and ${run.cpuSeconds?.toFixed(1) ?? "?"} CPU-s; its record is ${(statSync(base).size / 1e6).toFixed(2)} MB.`,
    ],
    columns: [
      { key: "ms", title: "wall ms", digits: 0 },
      { key: "cpuMs", title: "CPU ms", digits: 0 },
      { key: "peakMb", title: "peak MB", digits: 0 },
    ],
    rows: await timed(bench, commands),
    notes: record.validity.problems.map((problem) => `The long run says: ${problem.message}`),
  };
};

const failures = (totals: ReturnType<typeof recordIn>["totals"]): number => totals.requests - totals.outcomes.ok;

const longRun = async (bench: Bench, seconds: number) => {
  const target = await startTarget(bench.peers, bench.scratch);
  try {
    bench.log(`a run of ${seconds} s at ${RATE} requests/s`);
    const load = { kind: "rate", url: target.url, rate: RATE, users: USERS, seconds } as const;
    return await measure(onCore("generator", bench.swarmgate.invoke(load, bench.scratch)), seconds + GRACE_S);
  } finally {
    await target.stop();
  }
};

const timed = async (bench: Bench, commands: readonly (readonly [string, Program])[]): Promise<readonly Row[]> => {
  const taken = commands.map(([name]) => ({
    name,
    ms: [] as number[],
    cpuMs: [] as (number | null)[],
    peakMb: [] as (number | null)[],
  }));
  for (let repetition = 0; repetition < bench.repetitions; repetition += 1) {
    for (const [index, [name, program]] of commands.entries()) {
      const { wallSeconds, cpuSeconds, peakMb, exitCode, stderr } = await measure(program, COMMAND_LIMIT_S);
      // 3: the long run called itself invalid; reading, judging and rendering it costs the same.
      if (exitCode === null || !FINISHED.includes(exitCode))
        throw new Error(`${name} ended with code ${exitCode}: ${stderr.slice(0, 200)}`);
      taken[index]?.ms.push(wallSeconds * MS_PER_S);
      taken[index]?.cpuMs.push(cpuSeconds === null ? null : cpuSeconds * MS_PER_S);
      taken[index]?.peakMb.push(peakMb);
      bench.log(`${name}: ${(wallSeconds * MS_PER_S).toFixed(0)} ms`);
    }
  }
  return taken.map(({ name, ...values }) => ({
    name,
    values: { ms: series(values.ms), cpuMs: series(values.cpuMs), peakMb: series(values.peakMb) },
  }));
};
