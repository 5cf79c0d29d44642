import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { RunRecord } from "../../src/record/record.ts";
import { measure, runOrThrow } from "../process.ts";
import type { Figures, Installed, Load, Peer } from "./peer.ts";

/** swarmgate as users run it: the built command line in a process of its own, its figures from its own run record. */
export const swarmgateIn = (dist: string): SwarmgatePeer => ({
  name: "swarmgate",
  loads: ["flat", "users", "rate"],
  install: async () => {
    const cli = resolve(dist, "cli.js");
    const version = await runOrThrow({ file: process.execPath, args: [cli, "--version"] }, 30);
    const help = await measure({ file: process.execPath, args: [cli, "run", "--help"] }, 30);
    const knows = (flag: string): boolean => help.stdout.includes(`\n  --${flag} `);
    const threads = knows("workers") ? ["--workers", "1"] : [];
    return {
      version: version.trim().split(" ").at(-1) ?? "unknown",
      openModel: knows("rate"),
      invoke: (load, scratch) => {
        const out = join(scratch, "run.json");
        // A run that writes nothing must not be taken for the one before it.
        rmSync(out, { force: true });
        const bounds = ["--warm-up", "0s", "--max-requests", "100000000", "--run-time", `${load.seconds}s`];
        const rest = ["--baseline", "none", "--out", out, "--quiet", ...threads, ...bounds];
        const args = [cli, "run", "--url", load.url, ...shape(load, knows("rate")), ...rest];
        return { file: process.execPath, args, read: () => figures(readRecord(out), load) };
      },
    };
  },
});

export type SwarmgateInstalled = Installed & {
  /** Whether this build has arrivals at a rate; without it a rate is asked for by paced users. */
  readonly openModel: boolean;
};

type SwarmgatePeer = Omit<Peer, "install"> & { readonly install: () => Promise<SwarmgateInstalled> };

/** The record that a run left in its scratch folder. */
export const recordIn = (scratch: string): RunRecord => readRecord(join(scratch, "run.json"));

/** Paced users that start this often. */
const PACED_PER_SECOND = 5;

const shape = (load: Load, openModel: boolean): readonly string[] => {
  switch (load.kind) {
    case "flat":
      return closed(load.users, load.users, "constant(0)");
    case "users":
      return closed(load.users, load.spawnRate, `constant(${load.wait})`);
    case "rate": {
      if (openModel) return ["--rate", String(load.rate), "--users", String(load.users)];
      const users = Math.ceil(load.rate / PACED_PER_SECOND);
      return closed(users, users, `constant_throughput(${load.rate / users})`);
    }
  }
};

const closed = (users: number, spawnRate: number, waitTime: string): readonly string[] => [
  ...["--users", String(users), "--spawn-rate", String(spawnRate)],
  ...["--wait-time", waitTime],
];

const figures = (record: RunRecord, load: Load): Figures => {
  const { totals, validity } = record;
  // Others start all connections at once, so the seconds in which users are still being added do not count here.
  const rate = load.kind === "flat" ? (totals.steadyRate ?? totals.rate) : totals.rate;
  const times = load.kind === "rate" ? record.service : record.response;
  // A generator that runs flat out is at its limit, and says so; elsewhere that is news.
  const expected = load.kind === "flat" ? "generator-saturated" : null;
  const invalid = validity.problems.filter(({ severity, code }) => severity === "invalid" && code !== expected);
  return {
    requests: totals.requests,
    requestsPerSecond: rate,
    failures: totals.requests - totals.outcomes.ok,
    p50: times.p50,
    p95: times.p95,
    p99: times.p99,
    spawnErrorPercent: load.kind === "users" ? spawnError(record, load) : null,
    remarks: [
      ...(totals.dropped > 0 ? [`swarmgate dropped ${totals.dropped} arrivals.`] : []),
      ...invalid.map((problem) => `swarmgate called its run invalid: ${problem.message}`),
    ],
  };
};

/** User k starts at k / rate, so a full second ends with rate more users. */
const spawnError = ({ slices }: RunRecord, { users, spawnRate }: { users: number; spawnRate: number }): number => {
  const errors = slices.map((slice) => {
    const planned = Math.min(users, spawnRate * (slice.second + 1));
    return (100 * Math.abs(slice.users - planned)) / planned;
  });
  return Math.max(0, ...errors);
};

const readRecord = (path: string): RunRecord => {
  const record: RunRecord = JSON.parse(readFileSync(path, "utf8"));
  return record;
};
