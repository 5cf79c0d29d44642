import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { numberAt, valueAt } from "../json.ts";
import { buildGoTool } from "./go-tool.ts";
import { type Figures, type Load, type Peer, unsupported } from "./peer.ts";

const VERSION = "v12.13.0";
const MODULE = "github.com/tsenart/vegeta/v12";
const NS_PER_MS = 1e6;

export const vegeta: Peer = {
  name: "vegeta",
  loads: ["flat", "rate"],
  install: async (folder) => {
    const file = await buildGoTool({ name: "vegeta", module: MODULE, package: MODULE, version: VERSION }, folder);
    return {
      version: VERSION,
      invoke: (load, scratch) => {
        const targets = join(scratch, "vegeta-targets.txt");
        const results = join(scratch, "vegeta-results.bin");
        rmSync(results, { force: true });
        writeFileSync(targets, `GET ${load.url}\n`);
        const args = [
          "attack",
          "-targets",
          targets,
          "-output",
          results,
          "-duration",
          `${load.seconds}s`,
          ...pace(load),
        ];
        return {
          file,
          args,
          read: () => read(execFileSync(file, ["report", "-type", "json", results], { encoding: "utf8" })),
        };
      },
    };
  },
};

/** A rate of 0 is as fast as its workers can. */
const pace = (load: Load): readonly string[] => {
  const users = [
    "-connections",
    String(load.users),
    "-max-workers",
    String(load.users),
    "-workers",
    String(load.users),
  ];
  if (load.kind === "flat") return ["-rate", "0", ...users];
  if (load.kind === "rate") return ["-rate", `${load.rate}/1s`, ...users];
  throw unsupported("vegeta", load);
};

const read = (text: string): Figures => {
  const report: unknown = JSON.parse(text);
  const requests = numberAt(report, "requests");
  const latency = (name: string): number | null => {
    const ns = numberAt(report, "latencies", name);
    return ns === null ? null : ns / NS_PER_MS;
  };
  const ok = numberAt(valueAt(report, "status_codes"), "200") ?? 0;
  return {
    requests,
    requestsPerSecond: numberAt(report, "throughput"),
    failures: requests === null ? null : requests - ok,
    p50: latency("50th"),
    p95: latency("95th"),
    p99: latency("99th"),
  };
};
