import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { numberAt, valueAt } from "../json.ts";
import { runOrThrow } from "../process.ts";
import { type Figures, type Peer, unsupported } from "./peer.ts";

const VERSION = "1.16.0";
const BUILD_LIMIT_S = 1200;
const MS_PER_S = 1000;

export const oha: Peer = {
  name: "oha",
  loads: ["flat"],
  install: async (folder) => {
    const home = resolve(folder, `oha-${VERSION}`);
    const file = join(home, "bin", "oha");
    if (!existsSync(file)) {
      const args = ["install", "oha", "--version", VERSION, "--locked", "--root", home, "--quiet"];
      await runOrThrow({ file: "cargo", args }, BUILD_LIMIT_S);
    }
    return {
      version: VERSION,
      invoke: (load) => {
        if (load.kind !== "flat") throw unsupported("oha", load);
        const args = [
          "-z",
          `${load.seconds}s`,
          "-c",
          String(load.users),
          "--no-tui",
          "--output-format",
          "json",
          load.url,
        ];
        return { file, args, read };
      },
    };
  },
};

const read = (text: string): Figures => {
  const report: unknown = JSON.parse(text.slice(text.indexOf("{")));
  const statuses = counts(valueAt(report, "statusCodeDistribution"));
  const total = statuses.reduce((sum, { count }) => sum + count, 0);
  const ok = statuses.filter(({ name }) => name.startsWith("2")).reduce((sum, { count }) => sum + count, 0);
  // At its deadline oha drops what is in flight and lists it as an error; other generators do not count it at all.
  const errors = counts(valueAt(report, "errorDistribution")).filter(({ name }) => !name.includes("deadline"));
  const latency = (name: string): number | null => {
    const seconds = numberAt(report, "latencyPercentiles", name);
    return seconds === null ? null : seconds * MS_PER_S;
  };
  return {
    requests: total,
    requestsPerSecond: numberAt(report, "summary", "requestsPerSec"),
    failures: total - ok + errors.reduce((sum, { count }) => sum + count, 0),
    p50: latency("p50"),
    p95: latency("p95"),
    p99: latency("p99"),
  };
};

const counts = (value: unknown): readonly { readonly name: string; readonly count: number }[] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).map(([name, count]) => ({ name, count: Number(count) }))
    : [];
